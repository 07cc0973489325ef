"""Pure: what holds of each item, and what is asked next."""
