"""A witness from outside the program: sees the screen's pixels and presses keys, and knows when."""
