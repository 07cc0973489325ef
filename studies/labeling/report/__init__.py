"""A report of a labeling project for somebody who was not there."""
