"""Simulated experiments on real data."""
