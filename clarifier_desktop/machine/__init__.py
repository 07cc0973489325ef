"""The machine that the program runs on: crash log, checks, doctor."""
