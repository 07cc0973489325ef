"""A run between rounds, and one round of it."""
