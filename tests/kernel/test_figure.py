"""The rule of figures, against texts that publishers really write (reference/sources_*.md)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import figure_texts, numbers

from harmonize.kernel.answer import Refused
from harmonize.kernel.figure import LARGEST, NOT_YET, STATUSES, FigureRule, Reading
from harmonize.model.numbers import Marker, Meaning, Numbers


def text(text: str, means: Meaning, **more: int) -> Marker:
    return Marker.model_validate({"text": text, "means": means, **more})


BELOW_1 = Marker(pattern="<(?P<limit>[0-9]+)", means=Meaning.BELOW, lower=1)
BELOW_0 = Marker(pattern="<(?P<limit>[0-9]+)", means=Meaning.BELOW, lower=0)
FLAG_B = Marker(pattern="(?P<number>.+) b", means=Meaning.FLAGGED, status="B")

BARE = Numbers()
DEU = Numbers(decimal=".", thousands=",", markers=(text("-", Meaning.NOT_APPLICABLE),))
DEU_RATES = DEU.model_copy(update={"decimals": 2})
ESP = Numbers(decimal=",", thousands=".", markers=(text(" ", Meaning.NIL), text("..", Meaning.MISSING)))
ESP_COPY = Numbers(decimal=".", decimals=3)
FRA = Numbers(decimal=",", thousands=" ")
ITA = Numbers(decimal=",", thousands=".")
SWE = Numbers(decimal=",", thousands=" ", markers=(text("-", Meaning.NIL),))
PRC = Numbers(markers=(text("-00", Meaning.NIL), text("N/a", Meaning.MISSING)))
BOATS = Numbers(markers=(text("-", Meaning.MISSING),))
IE = Numbers(markers=(text(":", Meaning.MISSING),))
ABS = Numbers(
    thousands=",",
    markers=(
        text("np", Meaning.SUPPRESSED),
        text("..", Meaning.NOT_APPLICABLE),
        text("-", Meaning.NIL),
        text("n.a.", Meaning.MISSING),
    ),
)
CAN = Numbers(markers=(text("..", Meaning.MISSING), text("", Meaning.MISSING), text("NA", Meaning.MISSING)))
DHS = Numbers(thousands=",", markers=(text("-", Meaning.NIL), text("NA", Meaning.MISSING)))
KOR = Numbers(markers=(text("-", Meaning.NIL), text("", Meaning.MISSING)))
CHE = Numbers(markers=(text("*", Meaning.NOT_IN_FORCE),))
MEX = Numbers(markers=(text("", Meaning.NOT_YET),))
GLOTIP = Numbers(thousands=",", largest=50_000_000, markers=(BELOW_0,))
FEW = Numbers(markers=(BELOW_1, Marker(text="c", means=Meaning.SUPPRESSED, lower=1, upper=4)))
EUROSTAT = Numbers(rounded_to=5, thousands=",", markers=(text(":", Meaning.MISSING), FLAG_B))
CTDC = Numbers(markers=(text("-99", Meaning.MISSING),))
CODED = Numbers(markers=(text("9", Meaning.MISSING),))
INCLUDED = Numbers(markers=(text("34", Meaning.INCLUDED_ELSEWHERE),))

ACCEPTED: list[tuple[Numbers, str, float | None, float, float | None, str]] = [
    (DEU, "4,444,108", 4444108, 4444108, 4444108, ""),
    (DEU, "7,159", 7159, 7159, 7159, ""),
    (DEU, "386", 386, 386, 386, ""),
    (DEU, "-", None, 0, 0, "M"),
    (DEU_RATES, "7,268.70", 726870, 726870, 726870, ""),
    (DEU_RATES, "8.6", 860, 860, 860, ""),
    (ESP, "403.194", 403194, 403194, 403194, ""),
    (ESP_COPY, "403.194", 403194, 403194, 403194, ""),  # thousandths: 403.194 itself
    (ESP, "391", 391, 391, 391, ""),
    (ESP, " ", 0, 0, 0, ""),
    (ESP, "..", None, 0, None, "O"),
    (FRA, "5 873", 5873, 5873, 5873, ""),
    (FRA, "1\u00a0234", 1234, 1234, 1234, ""),
    (FRA, "1\u202f234", 1234, 1234, 1234, ""),
    (FRA, "1\u2009234\u00a0567", 1234567, 1234567, 1234567, ""),
    (FRA, "694", 694, 694, 694, ""),
    (ITA, "3.009", 3009, 3009, 3009, ""),
    (ITA, "13.052", 13052, 13052, 13052, ""),
    (ITA, "463291", 463291, 463291, 463291, ""),
    (SWE, " 136 ", 136, 136, 136, ""),
    (SWE, " - ", 0, 0, 0, ""),
    (PRC, "-00 ", 0, 0, 0, ""),
    (PRC, " 30 ", 30, 30, 30, ""),
    (PRC, "N/a", None, 0, None, "O"),
    (BOATS, "0", 0, 0, 0, ""),
    (BOATS, "-", None, 0, None, "O"),
    (BOATS, "303.0", 303, 303, 303, ""),
    (BOATS, "9584.0", 9584, 9584, 9584, ""),
    (IE, ":", None, 0, None, "O"),
    (IE, ": ", None, 0, None, "O"),
    (IE, "3943", 3943, 3943, 3943, ""),
    (ABS, "np", None, 0, None, "Q"),
    (ABS, "..", None, 0, 0, "M"),
    (ABS, "-", 0, 0, 0, ""),
    (ABS, "n.a.", None, 0, None, "O"),
    (CAN, "..", None, 0, None, "O"),
    (CAN, "", None, 0, None, "O"),
    (CAN, "NA", None, 0, None, "O"),
    (CAN, "239", 239, 239, 239, ""),
    (DHS, "NA", None, 0, None, "O"),
    (DHS, "112,927", 112927, 112927, 112927, ""),
    (DHS, "137,434", 137434, 137434, 137434, ""),
    (KOR, "-", 0, 0, 0, ""),
    (KOR, "", None, 0, None, "O"),
    (CHE, "*", None, 0, 0, "M"),
    (GLOTIP, "<5", None, 0, 4, "Q"),
    (FEW, "<5", None, 1, 4, "Q"),
    (FEW, "c", None, 1, 4, "Q"),
    (GLOTIP, "32,022", 32022, 32022, 32022, ""),
    (GLOTIP, "6,112,019", 6112019, 6112019, 6112019, ""),  # an identifier: plausible by itself, refused by the batch
    (EUROSTAT, "72285", 72285, 72283, 72287, ""),
    (EUROSTAT, "225,415", 225415, 225413, 225417, ""),
    (EUROSTAT, "0", 0, 0, 2, ""),
    (EUROSTAT, "12 b", 12, 10, 14, "B"),
    (EUROSTAT, "82 ", 82, 80, 84, ""),
    (EUROSTAT, ": ", None, 0, None, "O"),
    (CTDC, "-99", None, 0, None, "O"),
    (CTDC, "99", 99, 99, 99, ""),
    (CODED, "9", None, 0, None, "O"),
    (CODED, "99", 99, 99, 99, ""),
    (INCLUDED, "34", None, 0, None, "K"),
    (BARE, "007", 7, 7, 7, ""),
    (BARE, str(LARGEST - 1), LARGEST - 1, LARGEST - 1, LARGEST - 1, ""),
]


@pytest.mark.parametrize(("form", "cell", "value", "lower", "upper", "status"), ACCEPTED)
def test_reads(form: Numbers, cell: str, value: float | None, lower: float, upper: float | None, status: str) -> None:
    assert FigureRule(form).answer(cell) == Reading(value, lower, upper, status)


REFUSED: list[tuple[Numbers, str, str]] = [
    (DEU, "7,268.70", "a count with a fraction"),
    (DEU, "8.6", "a count with a fraction"),
    (DEU, "4,44,108", "is no number"),
    (DEU, "1,2,3", "is no number"),
    (DEU, "1,234.567.890", "is no number"),
    (DEU, "- ,", "is no number"),
    (ESP, "0,5", "a count with a fraction"),
    (ESP, "4031.94", "is no number"),
    (ESP_COPY, "403.1945", "more than 3 decimals"),
    (BARE, "403.194", "a count with a fraction"),
    (BARE, "4,444,108", "no thousands mark"),
    (FRA, "1517 058", "is no number"),
    (FRA, "1 234\u00a056", "is no number"),
    (SWE, "1517 058", "is no number"),
    (ITA, "0,0078318", "a count with a fraction"),
    (PRC, "-01", "is no number"),
    (BOATS, "", "is no number"),
    (BOATS, "..", "is no number"),
    (IE, "-", "is no number"),
    (DHS, "N/a", "is no number"),
    (BARE, "٣٤", "is no number"),
    (BARE, "²", "is no number"),
    (BARE, "１２", "is no number"),
    (BARE, "#DIV/0!", "is no number"),
    (BARE, "<5", "is no number"),
    (BARE, "12 b", "is no number"),
    (BARE, "-5", "is no number"),
    (BARE, "+5", "is no number"),
    (BARE, "1e5", "is no number"),
    (BARE, "3.00E+100", "is no number"),
    (BARE, "500,000-999,999", "is no number"),
    (BARE, "nan", "is no number"),
    (BARE, "TRUE", "is no number"),
    (BARE, "5\n", "is no number"),
    (BARE, "1_000", "is no number"),
    (BARE, "2.000", "has three decimals, which a count has not"),
    (BARE, ".5", "is no number"),
    (BARE, "5.", "is no number"),
    (BARE, str(LARGEST), "larger than anything"),
    (GLOTIP, "61,102,019", "larger than anything"),
    (EUROSTAT, "x b", "is no number"),
    (EUROSTAT, "1.5 b", "a count with a fraction"),
]


@pytest.mark.parametrize(("form", "cell", "reason"), REFUSED)
def test_refuses(form: Numbers, cell: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        FigureRule(form).answer(cell)
    assert refused.value.rule in ("number-format", "implausible-count")


@pytest.mark.parametrize("cell", ["0,005", "00,123", "0,123,456"])
def test_no_group_of_thousands_begins_with_zero(cell: str) -> None:
    """Such a text is a decimal in another format (or damaged): 0,005 is not 5."""
    with pytest.raises(Refused):
        FigureRule(DEU).answer(cell)


def test_below_nothing_is_no_bound() -> None:
    """`<0` would have its upper bound below the lower."""
    with pytest.raises(Refused):
        FigureRule(GLOTIP).answer("<0")


def test_below_its_own_lower_bound_is_no_bound() -> None:
    with pytest.raises(Refused):
        FigureRule(FEW).answer("<1")


@pytest.mark.parametrize(
    ("form", "cell", "value"),
    [
        (Numbers(decimal=","), "0,0078318", 0.0078318),
        (DEU, "7,268.70", 7268.70),
        (BARE, "8.48636", 8.48636),
        (BARE, "100.8", 100.8),
        (BARE, "0.924253297", 0.924253297),
        (Numbers(decimal=",", thousands="."), "1.234,5", 1234.5),
        (BARE, "60.8695652173913", 60.8695652173913),
        (DEU_RATES, "1.23456", 1.23456),
    ],
)
def test_rates_have_any_number_of_decimals(form: Numbers, cell: str, value: float) -> None:
    assert FigureRule(form).answer(cell, rate=True) == Reading(value, value, value, "")


@pytest.mark.parametrize(
    ("decimals", "cell", "lower", "upper"),
    [
        (1, "1.8", 1.75, 1.85),  # Malta 2019: 9 victims among 503,912 people are 1.786
        (1, "13.5", 13.45, 13.55),
        (1, "0.0", 0.0, 0.05),  # a rate that rounds to nothing is not nothing
        (1, "0", 0.0, 0.05),
        (1, "1.80", 1.75, 1.85),
        (2, "1.8", 1.795, 1.805),  # the last zero is not written
        (2, "2.78", 2.775, 2.785),
        (0, "12", 11.5, 12.5),
    ],
)
def test_a_rounded_rate_is_half_a_unit_of_its_last_decimal_wide(
    decimals: int, cell: str, lower: float, upper: float
) -> None:
    rule = FigureRule(Numbers(rate_decimals=decimals))
    assert rule.answer(cell, rate=True) == Reading(float(cell), lower, upper, "")
    flagged = FigureRule(Numbers(rate_decimals=decimals, markers=(FLAG_B,)))
    assert flagged.answer(f"{cell} b", rate=True) == Reading(float(cell), lower, upper, "B")


def test_a_rate_with_more_decimals_than_the_source_has_is_refused() -> None:
    with pytest.raises(Refused, match="more decimals than this source's rates have"):
        FigureRule(Numbers(rate_decimals=1)).answer("1.786", rate=True)


def test_counts_know_nothing_of_the_rounding_of_rates() -> None:
    assert FigureRule(Numbers(rate_decimals=1)).answer("18") == Reading(18, 18, 18, "")
    with pytest.raises(Refused, match="a count with a fraction"):
        FigureRule(Numbers(rate_decimals=1)).answer("1.8")


@settings(max_examples=200, deadline=None)
@given(count=st.integers(0, 10**6), people=st.integers(10_000, 10**9), decimals=st.integers(0, 6))
def test_the_bounds_of_a_rounded_rate_contain_the_true_rate(count: int, people: int, decimals: int) -> None:
    true = Fraction(count * 100_000, people)
    whole, part = divmod(round(true * 10**decimals), 10**decimals)
    cell = f"{whole}.{part:0{decimals}d}" if decimals else str(whole)
    reading = FigureRule(Numbers(rate_decimals=decimals)).answer(cell, rate=True)
    assert reading.upper is not None
    slack = 1e-12  # bounds are the floats nearest to the decimals
    assert reading.lower * (1 - slack) <= true <= reading.upper * (1 + slack)


@pytest.mark.parametrize(
    ("form", "cell", "value", "lower", "upper"),
    [
        (Numbers(negative=True), "-1", -1, -1, -1),
        (Numbers(negative=True), " -45 ", -45, -45, -45),
        (Numbers(negative=True), "3", 3, 3, 3),
        (Numbers(negative=True), "-0", 0, 0, 0),
        (Numbers(negative=True, thousands=","), "-1,234", -1234, -1234, -1234),
        (Numbers(negative=True, decimals=1, decimal=","), "-1,5", -15, -15, -15),
        (Numbers(negative=True, rounded_to=5), "-5", -5, -7, -3),
        (Numbers(negative=True, markers=PRC.markers), "-00 ", 0, 0, 0),
    ],
)
def test_a_correction_below_zero(form: Numbers, cell: str, value: float, lower: float, upper: float) -> None:
    assert FigureRule(form).answer(cell) == Reading(value, lower, upper)


@pytest.mark.parametrize("cell", ["--1", "- 1", "-", "1-", "-1-", "\u22121", "(1)", "-1.5", "-<5", "+1", str(-LARGEST)])
def test_what_is_no_correction_below_zero(cell: str) -> None:
    with pytest.raises(Refused):
        FigureRule(Numbers(negative=True, markers=(BELOW_0,))).answer(cell)


def test_no_rate_is_below_zero() -> None:
    with pytest.raises(Refused, match="rate below zero"):
        FigureRule(Numbers(negative=True)).answer("-0.5", rate=True)


def test_rounding_of_counts_does_not_depend_on_the_scale_of_rates() -> None:
    reading = FigureRule(Numbers(decimals=2, rounded_to=5)).answer("10.5", rate=True)
    assert reading.upper is not None
    assert reading.upper <= 12.5


def test_not_yet_reported_is_no_figure() -> None:
    assert FigureRule(MEX).answer("") == NOT_YET
    assert FigureRule(MEX).answer("  ") == NOT_YET


def test_a_pattern_never_takes_a_plain_number() -> None:
    rule = FigureRule(Numbers(thousands=",", markers=(Marker(pattern="[0-9,]+", means=Meaning.MISSING),)))
    assert rule.answer("1,234").value == 1234


def test_status_letters_are_bits() -> None:
    assert Reading(1, 1, 1, "QB").bits == (1 << STATUSES.index("Q")) | (1 << STATUSES.index("B"))


@pytest.mark.parametrize(("step", "half"), [(2, 1), (3, 1), (5, 2), (10, 5), (100, 50)])
def test_rounding_bounds_are_half_a_step(step: int, half: int) -> None:
    reading = FigureRule(Numbers(rounded_to=step)).answer("1000")
    assert (reading.value, reading.lower, reading.upper) == (1000, 1000 - half, 1000 + half)


@settings(max_examples=300, deadline=None)
@given(form=numbers(), cell=figure_texts)
def test_every_answer_is_whole_and_bounded(form: Numbers, cell: str) -> None:
    """Whatever the text: an answer is a whole number (scaled) within its bounds, or it is refused."""
    try:
        reading = FigureRule(form).answer(cell)
    except Refused:
        return
    if reading == NOT_YET:
        return
    assert 0 <= reading.lower <= (LARGEST if reading.upper is None else reading.upper)
    if reading.value is not None:
        assert reading.value.is_integer()
        assert reading.lower <= reading.value <= (reading.value if reading.upper is None else reading.upper)


@settings(max_examples=200, deadline=None)
@given(
    number=st.integers(0, 2**40), form=st.sampled_from([DEU, ESP, FRA, ABS]), decimals=st.integers(0, 3), data=st.data()
)
def test_what_a_publisher_writes_is_read_back(number: int, form: Numbers, decimals: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, 10**decimals - 1))
    cell = f"{number:,}".replace(",", form.thousands) + (f"{form.decimal}{part:0{decimals}d}" if decimals else "")
    reading = FigureRule(form.model_copy(update={"decimals": decimals})).answer(cell)
    assert Fraction(reading.value or 0) == number * 10**decimals + part
