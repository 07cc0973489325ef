"""Labeling a folder of images: one annotator, live rounds."""
