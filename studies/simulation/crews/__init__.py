"""Processes that compute rounds: local ones and Dask."""
