"""This person's costs, and what is planned with them."""
