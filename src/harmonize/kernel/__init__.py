"""Texts -> typed observations: rules on distinct texts, the batch, sums, lineage."""
