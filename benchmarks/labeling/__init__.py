"""Labeling: the window while the learner works, large projects."""
