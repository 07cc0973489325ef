"""The values of a labeling project: settings, inputs, records."""
