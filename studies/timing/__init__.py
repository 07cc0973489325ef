"""The timing study: what verifying (c_v) and correcting (c_a) a suggested label costs a person."""

KIT_SUFFIX = ".clarifier-study"
"""How the name of a study kit ends, which stands here so that the command line need load nothing for it."""
