"""A project's pages beside the labeling: new, settings, classes, moved images."""
