"""The values of a timing study: its plan, inputs and records."""
