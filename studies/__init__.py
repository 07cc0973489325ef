"""Experiments with people and with simulated people: plans, records, analysis and export. No Qt."""
