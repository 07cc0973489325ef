"""The finish line of a folder: what is certified of all its images, what may still be wrong, and what is left to do.

Pure functions of values; numpy, and scipy's special functions where they are called.
"""
