"""Curves and figures in the window."""
