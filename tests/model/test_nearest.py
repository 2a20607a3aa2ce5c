"""The nearest known texts, and the edits that they are ordered by."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harmonize.model.catalog import known_codes
from harmonize.model.nearest import edits, nearest

TEXTS = st.text(alphabet="abcd", max_size=8)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("CNA", "CAN"), ("DUE", "DEU"), ("FAR", "FRA"), ("MXE", "MEX"), ("GRB", "GBR"), ("ESPP", "ESP")],
)
def test_swapped_letters_are_one_edit(typed: str, meant: str) -> None:
    assert nearest(typed, known_codes("ref_area"))[0] == meant


@given(TEXTS, st.integers(0, 7), st.sampled_from("abcd"))
def test_every_single_edit_counts_one(text: str, at: int, letter: str) -> None:
    at %= len(text) + 1
    assert edits(text, text[:at] + letter + text[at:]) == 1
    assume(at + 1 < len(text))
    assert edits(text, text[:at] + text[at + 1 :]) == 1
    assert edits(text, text[:at] + letter + text[at + 1 :]) == (letter != text[at])
    assert edits(text, text[:at] + text[at + 1] + text[at] + text[at + 2 :]) == (text[at] != text[at + 1])


@given(TEXTS, TEXTS)
def test_edits_are_the_same_both_ways_and_none_of_equal_texts(one: str, other: str) -> None:
    assert edits(one, other) == edits(other, one)
    assert (edits(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= edits(one, other) <= max(len(one), len(other))


def test_long_texts_are_compared_by_their_likeness() -> None:
    label = "Schleusen von Ausländern nach dem Aufenthaltsgesetz "
    assert nearest(label + "gewerbsmäßig", [label + "gewerbsmässig", "Diebstahl"]) == [label + "gewerbsmässig"]
