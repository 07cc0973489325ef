"""An open labeling project: its sitting and its pages."""
