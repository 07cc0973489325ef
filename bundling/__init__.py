"""Makes the timing study a program of its own, for machines without Python; see docs/bundle.md."""
