"""The choices of a project as a form."""
