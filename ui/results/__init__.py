"""The results of timing studies and experiments."""
