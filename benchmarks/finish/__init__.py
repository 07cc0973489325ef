"""Whether what is said of the finish line holds: certificates and estimates in simulated projects."""
