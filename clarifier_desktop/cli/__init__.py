"""The command line; each command loads what it needs."""
