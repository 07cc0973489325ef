"""From round to round: what the learner is asked, and what its answer becomes."""
