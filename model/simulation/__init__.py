"""One step of a simulated run: train on the labels so far, test, and choose what is labeled next."""
