"""What plans of all studies share: fields, files, messages."""
