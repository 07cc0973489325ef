"""The learner: training and selection."""
