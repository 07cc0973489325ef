"""One live round: from labels so far to what the annotator is asked next."""
