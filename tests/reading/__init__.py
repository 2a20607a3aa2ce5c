"""Tests of harmonize.reading."""
