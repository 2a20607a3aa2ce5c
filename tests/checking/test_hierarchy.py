"""Details against totals: what conflicts, its near-miss that does not, and that a consistent table never does."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from harmonize.checking.observations import check_observations

from .tables import found, row, table, years

ABOVE, PART, BELOW, OVERLAP = "parts-above-total", "part-above-total", "parts-below-total", "parts-overlap"
RULES = {ABOVE, PART, BELOW, OVERLAP}


def test_women_and_men_above_the_total() -> None:
    assert found(row(25), row(12, sex="F"), row(18, sex="M")) == [(ABOVE, 0)]
    assert found(row(30), row(12, sex="F"), row(18, sex="M")) == []
    assert found(row(40), row(12, sex="F"), row(18, sex="M")) == []  # somebody of unknown sex


def test_one_sex_above_the_total() -> None:
    assert found(row(25), row(26, sex="F")) == [(PART, 0)]
    assert found(row(25), row(25, sex="F")) == []


def test_bounds_decide_and_not_values() -> None:
    women, men = row((0, 4), sex="F"), row(25, sex="M")
    assert found(row(25), women, men) == []
    assert found(row(25), row((1, 4), sex="F"), men) == [(ABOVE, 0)]
    assert found(row((0, 4)), men) == [(PART, 0)]
    assert found(row((0, None)), men) == []


def test_rounding_is_a_tolerance() -> None:
    rounded = [row((23, 27), sex="F"), row((28, 32), sex="M")]
    assert found(row((48, 52)), *rounded) == []
    assert found(row((44, 48)), *rounded) == [(ABOVE, 0)]


@pytest.mark.parametrize(
    "other", ["ref_area", "time_period", "offence", "indicator", "age", "form", "unit", "source", "edition"]
)
def test_only_one_thing_may_differ_between_parts_and_total(other: str) -> None:
    elsewhere: dict[str, Any] = {
        "ref_area": "FRA", "time_period": 2021, "offence": "SOM", "indicator": "PERSONS_CONVICTED", "age": "Y_LT18",
        "form": "SEXUAL", "unit": "case", "source": "fra/example", "edition": "2025",
    }  # fmt: skip
    assert [one for one in found(row(25), row(30, sex="F", **{other: elsewhere[other]})) if one[0] in RULES] == []


def test_ages_are_held_against_the_band_they_lie_in() -> None:
    adults, young, grown = row(10, age="Y_GE18"), row(6, age="Y18T24"), row(5, age="Y_GE25")
    assert found(adults, young, grown) == [(ABOVE, 0)]
    assert found(row(11, age="Y_GE18"), young, grown) == []
    assert found(row(12), adults, young, row(2, age="Y_LT18")) == []  # 18 to 24 are inside the adults, not beside them


@pytest.mark.parametrize("few", [0, 100_000])
def test_bands_beside_one_that_overlaps_them_are_added(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harmonize.checking.screen.FEW", few)
    minors, adults, youth = row(60, age="Y_LT18"), row(60, age="Y_GE18"), row(20, age="Y15T24")
    assert found(row(100), minors, adults, youth) == [(ABOVE, 0)]
    assert found(row(120), minors, adults, youth) == []
    assert found(row(119), minors, adults, youth, row(70, age="Y_LT20")) == [(ABOVE, 0)]  # minors are inside
    unknown = row(3, age="_U")
    assert found(row(25), row(20, age="Y15T24"), row(20, age="Y_GE18"), row(6, age="_U")) == [(ABOVE, 0)]
    assert found(row(124), minors, adults, youth, unknown) == [(BELOW, 0)]
    assert found(row(123), minors, adults, youth, unknown) == []
    assert found(row(40), minors, unknown, adults, youth) == [(PART, 0)]


def test_overlapping_bands_are_never_added() -> None:
    assert found(row(10), row(8, age="Y14T20"), row(8, age="Y_GE18")) == []
    assert found(row(10), row(11, age="Y14T20"), row(8, age="Y_GE18")) == [(PART, 0)]


def test_all_ages_that_do_not_reach_the_total() -> None:
    everyone = [row(40, age="Y_LT18"), row(50, age="Y_GE18"), row(3, age="_U")]
    assert found(row(95), *everyone) == [(BELOW, 0)]
    assert found(row(93), *everyone) == []
    assert found(row(95), *everyone[:2]) == []  # the unknown are not published
    assert found(row(95), everyone[0], row((0, None), age="Y_GE18"), everyone[2]) == []


def test_citizenships_in_every_way_to_divide_them() -> None:
    total = row(50)
    assert found(total, row(30, citizenship="NAT"), row(30, citizenship="FOR")) == [(ABOVE, 0)]
    assert found(total, row(30, citizenship="NAT"), row(20, citizenship="FOR"), row(20, citizenship="FRA")) == []
    assert found(total, row(30, citizenship="DEU"), row(30, citizenship="NAT")) == []  # Germans, twice
    assert found(row(10, citizenship="FOR"), row(8, citizenship="FRA"), row(8, citizenship="POL")) == [(ABOVE, 0)]
    assert found(row(10, citizenship="FOR"), row(8, citizenship="FRA"), row(30, citizenship="DEU")) == []


def test_persons_are_not_added_over_offences_and_forms() -> None:
    parts = [row(8, offence="TIP_SEX", national_codes="2"), row(7, offence="TIP_LABOUR", national_codes="3")]
    assert found(row(10), *parts) == [(OVERLAP, 0)]
    assert found(row(7), *parts) == [(PART, 0)]
    assert found(row(10), row(8, form="SEXUAL"), row(7, form="LABOUR")) == [(OVERLAP, 0)]


def test_a_sum_of_persons_is_no_single_part() -> None:
    assert found(row(10), row(12, offence="TIP_OTHER", national_codes="2", n_cells=3)) == [(OVERLAP, 0)]
    assert found(row(10), row(12, offence="TIP_OTHER", national_codes="2")) == [(PART, 0)]


def test_offences_are_added_unless_a_code_counts_twice() -> None:
    kinds = {"indicator": "OFFENCES_RECORDED", "unit": "offence"}
    parts = [
        row(8, offence="TIP_SEX", national_codes="2", **kinds),
        row(7, offence="TIP_LABOUR", national_codes="3", **kinds),
    ]
    assert found(row(10, **kinds), *parts) == [(ABOVE, 0)]
    shared = [parts[0], {**parts[1], "national_codes": "2+3"}]
    assert found(row(10, **kinds), *shared) == [(OVERLAP, 0)]
    assert found(row(15, **kinds), *parts) == []


@pytest.mark.parametrize(
    "broad", [{"obs_status": "W"}, {"obs_status": "PW"}, {"relation": "broader"}, {"relation": "overlapping"}]
)
def test_a_part_that_holds_more_is_not_certainly_larger_than_its_total(broad: dict[str, str]) -> None:
    kinds = {"indicator": "OFFENCES_RECORDED", "unit": "offence"}
    labour, sex = row(150, offence="TIP_LABOUR", national_codes="2", **kinds), row(60, offence="TIP_SEX", **kinds)
    assert found(row(100, **kinds), labour) == [(PART, 0)]
    assert found(row(100, **kinds), {**labour, **broad}) == []
    assert found(row(100, **kinds), {**labour, **broad}, sex) == []
    assert found(row(50, **kinds), {**labour, **broad}, sex) == [(PART, 0)]
    may_lack = broad.get("relation") == "overlapping"  # what the part holds beyond the offence
    expected = [] if may_lack else [(PART, 0)]
    assert found({**row(100, **kinds), **broad}, {**labour, **broad}) == expected  # as the total does
    assert found({**row(100, **kinds), **broad}, labour) == [(PART, 0)]
    assert found(row(25), {**row(26, sex="F"), **broad}) == []
    assert found({**row(25), **broad}, {**row(26, sex="F"), **broad}) == [(PART, 0)]


def test_codes_that_are_not_stated_are_none_that_offences_share() -> None:
    """The template of submissions leaves the national codes empty."""
    kinds = {"indicator": "OFFENCES_RECORDED", "unit": "offence", "national_codes": ""}
    parts = [row(60, offence=offence, **kinds) for offence in ("TIP_SEX", "TIP_LABOUR", "TIP_ORGAN", "TIP_OTHER")]
    assert found(row(100, **kinds), *parts) == [(ABOVE, 0)]
    assert found(row(240, **kinds), *parts) == []
    one_stated = [{**parts[0], "national_codes": "2"}, *parts[1:]]
    assert found(row(100, **kinds), *one_stated) == [(ABOVE, 0)]
    two_alike = [{**one, "national_codes": "2"} for one in parts[:2]]
    assert found(row(100, **kinds), *two_alike, *parts[2:]) == [(OVERLAP, 0)]
    entry_and_stay = [row(30, offence=offence, **kinds) for offence in ("SOM_ENTRY", "SOM_STAY")]
    assert found(row(100, offence="SOM", **kinds), *entry_and_stay) == [(BELOW, 0)]


def test_an_offence_inside_another_is_a_part_and_no_component() -> None:
    kinds = {"indicator": "OFFENCES_RECORDED", "unit": "offence"}
    som = row(10, offence="SOM", **kinds)
    entry = row(6, offence="SOM_ENTRY", national_codes="2", **kinds)
    stay = row(4, offence="SOM_STAY", national_codes="3", **kinds)
    assert found(som, entry, stay, row(10, offence="SOM_AGG", **kinds)) == []
    assert found(som, entry, stay, row(11, offence="SOM_AGG", **kinds)) == [(PART, 0)]
    assert found(som, entry, {**stay, "value": 3, "lower": 3, "upper": 3}) == [
        (BELOW, 0)
    ]  # SOM is entry and stay, no more
    assert found(som, entry, stay, row(9, offence="SOM_DOC", **kinds)) == []  # beside, not inside


@pytest.mark.parametrize("few", [0, 100_000])
def test_persons_by_entry_and_stay_that_do_not_reach_their_total(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is in both parts makes them fewer still."""
    monkeypatch.setattr("harmonize.checking.screen.FEW", few)
    entry, stay = row(30, offence="SOM_ENTRY", national_codes="2"), row(30, offence="SOM_STAY", national_codes="3")
    assert found(row(100, offence="SOM"), entry, stay) == [(BELOW, 0)]
    assert found(row(60, offence="SOM"), entry, stay) == []
    assert found(row(45, offence="SOM"), entry, stay) == [(OVERLAP, 0)]
    assert found(row(100, offence="SOM"), entry) == []
    assert (
        found(row(100), *({**one, "offence": f"TIP_{kind}"} for one, kind in ((entry, "SEX"), (stay, "LABOUR")))) == []
    )
    sex = years(2014, 300, 744, offence="TIP_SEX", national_codes="2")
    labour = years(2014, 141, 219, offence="TIP_LABOUR", national_codes="3")
    assert found(*years(2014, 443, 963), *sex, *labour) == []  # of persons, nearly all is not all but for overlap


def test_components_that_once_were_all_and_now_nearly_are() -> None:
    kinds = {"indicator": "OFFENCES_RECORDED", "unit": "offence"}
    sex = years(2014, 300, 744, 1051, offence="TIP_SEX", national_codes="2", **kinds)
    labour = years(2014, 141, 219, 183, offence="TIP_LABOUR", national_codes="3", **kinds)
    assert found(*years(2014, 443, 965, 1234, **kinds), *sex, *labour) == [(BELOW, 0), (BELOW, 1)]
    assert found(*years(2014, 443, 965, 1235, **kinds), *sex, *labour) == []  # never all
    assert found(*years(2014, 463, 965, 1234, **kinds), *sex, *labour) == [(BELOW, 1)]  # 22 are another kind


def test_territory_is_added_for_offences_and_never_for_persons() -> None:
    kinds = {"indicator": "OFFENCES_RECORDED", "unit": "offence"}
    parts = [row(8, ref_area="DE-BY", **kinds), row(7, ref_area="DE-BE", **kinds)]
    assert found(row(14, **kinds), *parts) == [(ABOVE, 0)]
    assert found(row(15, **kinds), *parts) == []
    persons = [row(8, ref_area="DE-BY"), row(7, ref_area="DE-BE")]
    assert found(row(14), *persons) == []  # one person in two states
    assert found(row(7), *persons) == [(PART, 0)]
    assert found(row(1, ref_area="FRA", **kinds), *parts) == []


@pytest.mark.parametrize("few", [0, 100_000])
def test_a_part_is_held_against_the_nearest_whole_that_has_a_figure(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harmonize.checking.screen.FEW", few)
    kinds = {"indicator": "OFFENCES_RECORDED", "unit": "offence"}
    young = row(150, age="Y18T24")
    assert found(row(100), row((0, None), age="Y_GE18"), young) == [(PART, 0)]
    assert found(row(100), row((10, None), age="Y_GE18"), young) == [(PART, 0)]
    assert found(row(150), row((0, None), age="Y_GE18"), young) == []
    assert found(row(200), row(100, age="Y_GE18"), young) == [(PART, 1)]
    assert found(row(160), row((0, None), age="Y_GE18"), young, row(11, age="Y_LT18")) == [(ABOVE, 0)]
    border, point = row((0, None), form="BORDER_AREA", **kinds), row(150, form="BORDER_POINT", **kinds)
    assert found(row(100, **kinds), border, point) == [(PART, 0)]
    assert found(row(150, **kinds), border, point) == []
    england = row(150, ref_area="GB-ENG", **kinds)
    both = row((0, None), ref_area="GB-EAW", **kinds)
    elsewhere = row(500, ref_area="GB-EAW", time_period=2019, **kinds)
    for among in ([], [both], [elsewhere]):
        assert found(row(100, ref_area="GBR", **kinds), england, *among) == [(PART, 0)]
        assert found(row(150, ref_area="GBR", **kinds), england, *among) == []
        scotland = row(11, ref_area="GB-SCT", **kinds)
        assert found(row(160, ref_area="GBR", **kinds), england, scotland, *among) == [(ABOVE, 0)]
        assert found(row(161, ref_area="GBR", **kinds), england, scotland, *among) == []
    known = row(160, ref_area="GB-EAW", **kinds)
    assert found(row(100, ref_area="GBR", **kinds), england, known) == [(PART, 0)]


def test_figures_of_different_codes_in_one_place_are_not_parts_of_each_other() -> None:
    assert found(row(25), row(30, national_codes="2"), row(28, sex="F", national_codes="2")) == []
    assert found(row(25), row(30, national_codes="2"), row(28, sex="F")) == [(PART, 0)]
    assert found(row(25), row(28, sex="F", national_codes="2")) == [(PART, 0)]  # each alone in its place


def test_rates_have_no_parts() -> None:
    assert found(row(2, unit="person_per_100k"), row(3, unit="person_per_100k", sex="F")) == []


def test_counts_that_are_taken_back_may_leave_a_part_above_its_total() -> None:
    kinds = {"indicator": "OFFENCES_RECORDED", "unit": "offence"}
    parts = [row(8, ref_area="DE-BY", **kinds), row(-2, ref_area="DE-BE", **kinds)]
    assert found(row(6, **kinds), *parts) == []


def test_the_message_names_the_total_and_the_largest_parts_first() -> None:
    message = check_observations(table(row(25), row(12, sex="F"), row(18, sex="M")))["message"][0]
    assert message == (
        "DEU 2020 TIP VICTIMS_DETECTED (person): by sex, the total is 25, its parts M 18, F 12, together 30"
    )


SEXES = ("M", "F", "_U")
AGES = ("Y_LT18", "Y18T24", "Y_GE25", "_U")
CITIZENS = ("DEU", "FRA", "POL", "_U")
OFFENCES = ("SOM_ENTRY", "SOM_STAY")
WIDER = {
    "sex": (*SEXES, "_T"),
    "age": (*AGES, "Y_GE18", "_T"),
    "citizenship": (*CITIZENS, "FOR", "_T"),
    "offence": (*OFFENCES, "SOM"),
}
INSIDE = {"Y_GE18": {"Y18T24", "Y_GE25"}, "FOR": {"FRA", "POL"}}


def lies_in(code: str, whole: str) -> bool:
    return code == whole or whole in ("_T", "SOM") or code in INSIDE.get(whole, ())


def cube(chance: random.Random) -> list[dict[str, Any]]:
    """Persons, each in one place, and every total over them; each figure exact, suppressed, below five or rounded."""
    counts = {cell: chance.choice([0, 0, 1, 3, 40]) for cell in product(SEXES, AGES, CITIZENS, OFFENCES)}
    rows = []
    for place in product(*WIDER.values()):
        true = sum(n for cell, n in counts.items() if all(map(lies_in, cell, place)))
        how = chance.choice(["exact", "suppressed", "below", "rounded", "left out"])
        figure: Any = true
        if how == "suppressed":
            figure = (0, None)
        elif how == "below" and true < 5:
            figure = (0, 4)
        elif how == "rounded":
            near = 5 * round(true / 5)
            figure = (max(0, near - 2), near + 2)
        if how != "left out":
            key = dict(zip(WIDER, place, strict=True))
            rows.append(row(figure, indicator="PERSONS_SUSPECTED", national_codes=place[3], **key))
    return rows


seeds = st.integers(0, 2**32).map(random.Random)


@settings(max_examples=15, deadline=None)
@given(seeds, st.sampled_from([0, 100_000]))
def test_a_consistent_table_never_conflicts_whatever_is_hidden_in_it(chance: random.Random, few: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("harmonize.checking.screen.FEW", few)
        findings = check_observations(table(*cube(chance)))
    assert findings.filter(pl.col("rule").is_in(list(RULES))).rows() == []


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_a_total_below_the_least_of_its_parts_is_always_found(chance: random.Random) -> None:
    rows = cube(chance)
    same = ("age", "citizenship", "offence")
    least = {
        i: sum(r["lower"] for r in rows if r["sex"] in SEXES and all(r[name] == one[name] for name in same))
        for i, one in enumerate(rows)
        if one["sex"] == "_T"
    }
    i = chance.choice([i for i, low in least.items() if low])
    rows[i] |= {"value": None, "lower": 0, "upper": least[i] - 1}
    assert i in {at for rule, at in found(*rows) if rule in (ABOVE, PART)}


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_what_the_screen_of_large_tables_passes_over_holds_nothing(chance: random.Random) -> None:
    """Decimals, keys that are there twice, years and months, totals and parts spoilt at random: with the sums in arrays
    ahead of them, and in portions, the rules find what they find without."""
    rows = cube(chance)
    months = [
        {**one, "time_period": f"2020-{month:02}"}
        for one in chance.sample(rows, 6)
        for month in range(1, chance.choice([7, 13]))
    ]
    rows += months
    rows += [{**one, "time_period": "2019"} for one in chance.sample(rows, 12)]  # may be there twice, too

    def spoilt() -> dict[str, Any]:
        figure = chance.choice([0, 2.5, 7, 1000])
        around = chance.choice([0, 0, 3])  # an office may state bounds beside its figure
        return {"value": figure, "lower": max(figure - around, 0), "upper": figure + around}

    for one in chance.sample(rows, 15):
        one |= spoilt()
    for one in chance.sample(rows, 10):
        one |= {"value": None, "lower": chance.choice([0, 3]), "upper": None}
    rows += [{**one, "national_codes": "other"} for one in chance.sample(rows, 3)]
    rows += [{**one, "source": "fra/other", **(spoilt() if chance.random() < 0.05 else {})} for one in rows]
    closely = check_observations(table(*rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("harmonize.checking.screen.FEW", 0)
        patch.setattr("harmonize.checking.screen.SPARSE", chance.choice([0, 8]))
        patch.setattr("harmonize.checking.place.PORTION", chance.choice([60, len(rows) // 2, 1_000_000]))
        assert_frame_equal(check_observations(table(*rows)), closely)
