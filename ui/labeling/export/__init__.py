"""What goes out of a project: labels, models, reports; and labels that come in."""
