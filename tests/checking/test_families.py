"""Which codes are parts of which."""

from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from harmonize.checking.families import COMPLETE, age_families, form_families, sex_families

CODELISTS = Path(__file__).parents[2] / "schemas" / "codelists"


def codes(name: str) -> list[dict[str, str]]:
    with (CODELISTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


AGES = [one["code"] for one in codes("age")]


def span(code: str) -> range:
    """The years of life of a band, read another way than by the code under test."""
    text = code.removeprefix("Y").replace("_LT", "0T").replace("_GE", "")
    first, _, last = text.partition("T")
    if code.startswith("Y_GE"):
        return range(int(first), 150)
    return (
        range(int(first), int(last) + (0 if code.startswith("Y_LT") else 1))
        if last
        else range(int(first), int(first) + 1)
    )


@given(st.sets(st.sampled_from(AGES)))
def test_parts_of_an_age_family_never_overlap_and_lie_in_their_whole(chosen: set[str]) -> None:
    for whole, family, parts in age_families(sorted(chosen)):
        lived = [year for part in parts if part != "_U" for year in span(part)]
        assert len(lived) == len(set(lived))
        assert set(parts) <= chosen - {whole, "_T"}
        if whole != "_T":
            assert set(lived) <= set(span(whole))
        if family.startswith(COMPLETE):
            assert whole == "_T"
            assert set(lived) == set(range(150))
            assert "_U" in parts


@given(st.sets(st.sampled_from([age for age in AGES if age != "_T"])))
def test_every_band_without_a_twin_is_somewhere_a_part(chosen: set[str]) -> None:
    parts = {part for _, _, found in age_families(sorted(chosen)) for part in found}
    spans = [span(code) for code in chosen if code != "_U"]
    assert {code for code in chosen if code == "_U" or spans.count(span(code)) == 1} <= parts


def test_bands_inside_a_band_are_its_parts_and_not_those_of_the_total() -> None:
    found = age_families(["Y18T24", "Y_GE18", "Y_LT18", "_T"])
    assert found == [("_T", "partial", ["Y_GE18", "Y_LT18"]), ("Y_GE18", "partial", ["Y18T24"])]


def test_all_sexes_are_there_only_with_the_unknown() -> None:
    assert sex_families(["F", "M", "_T"])[0][1] != COMPLETE
    assert sex_families(["F", "M", "_T", "_U"])[0][1] == COMPLETE


def test_a_form_lies_in_the_nearest_form_around_it() -> None:
    assert form_families(["BETWEEN_POINTS_LAND", "BORDER_AREA", "INLAND", "_T"]) == [
        ("BORDER_AREA", "partial", ["BETWEEN_POINTS_LAND"]),
        ("_T", "partial", ["BORDER_AREA", "INLAND"]),
    ]
    assert form_families(["BETWEEN_POINTS_LAND", "INLAND", "_T"]) == [
        ("_T", "partial", ["BETWEEN_POINTS_LAND", "INLAND"])
    ]


def test_every_parent_of_a_form_is_a_form() -> None:
    forms = codes("form")
    named = {one["parent"] for one in forms if one["parent"]}
    assert named
    assert named <= {one["code"] for one in forms}
