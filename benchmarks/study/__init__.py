"""The timing study: times, window, memory, statistics."""
