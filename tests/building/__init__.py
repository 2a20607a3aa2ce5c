"""Tests of harmonize.building, and the small files that other tests are built from."""
