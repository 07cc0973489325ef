"""What the program must reach, measured: each benchmark prints one table of ours, goal, best peer and limit."""
