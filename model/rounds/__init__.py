"""One round of the learner: labels in; model, queue and auto-labels out, live and simulated."""
