"""Experiments with simulated annotators: methods compared at what labeling costs."""
