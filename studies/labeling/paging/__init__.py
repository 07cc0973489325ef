"""Pages of the queue: which come, of which tasks, and what their answers become."""
