"""The learner: data sets, networks, training and selection. No Qt, no SQLite."""
