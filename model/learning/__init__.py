"""Training, prediction and features; the last layer on features that are stored."""
