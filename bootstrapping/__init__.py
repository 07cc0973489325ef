"""The parts of bootstrap.py: the standard library alone, in the syntax of Python 3.8."""
