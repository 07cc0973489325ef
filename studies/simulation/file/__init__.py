"""The file of experiments: rounds, views, what unfinished runs go on from."""
