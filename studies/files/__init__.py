"""SQLite files of append-only facts."""
