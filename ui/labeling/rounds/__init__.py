"""The coming round and the learner behind it."""
