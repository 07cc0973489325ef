"""Selection in three tiers: which items a person is asked for next, and with which suggestion."""
