"""An open project: the pure parts joined to the file."""
