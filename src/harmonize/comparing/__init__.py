"""Holding countries against each other: their law, their statistical categories, their penalties."""
