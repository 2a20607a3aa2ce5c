"""From files to a dataset: recognise, read, compute, combine."""
