"""Simulated persons who press real keys."""
