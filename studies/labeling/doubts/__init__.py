"""Doubtful labels: judged out of fold, listed, and looked at again."""
