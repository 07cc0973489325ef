"""The timing study: what verifying (c_v) and correcting (c_a) a suggested label costs a person."""
