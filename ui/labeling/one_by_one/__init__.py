"""One image after another."""
