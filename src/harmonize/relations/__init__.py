"""The offence algebra: elements denote sets of conduct, and sets stand in a relation."""
