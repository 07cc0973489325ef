"""What is read of a timing study: numbers, exports, figures."""
