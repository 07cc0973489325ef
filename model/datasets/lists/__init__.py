"""What a person writes down for the program: text files, tables, and orders of names."""
