"""Rules that look at a mapping, a table or a dataset and give findings."""
