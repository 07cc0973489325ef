"""Gradients as factors; greedy maximisation of mutual information functions."""
