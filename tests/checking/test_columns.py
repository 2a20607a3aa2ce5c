"""The columns of a submission, which come in batches: codes and figures in little room, read as one by one."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
from building.submissions import FIGURES
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.checking.columns import Bounds, Numbering, Texts, figures
from harmonize.checking.fields import answers
from harmonize.model.submission import number


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(FIGURES), st.text("0123456789.-+eE, ", max_size=6)), max_size=20))
def test_figures_are_read_as_one_by_one(texts: list[str]) -> None:
    expected = []
    for text in texts:
        try:
            value = number(text.strip()) if text.strip() else None
        except ValueError:
            value = None
        expected.append(value if value is None or value >= 0 else None)
    numbers, refused, found = figures(pl.Series("value", texts, dtype=pl.String))
    assert numbers.to_list() == expected
    assert refused.to_list() == [at for at, text in enumerate(texts) if text.strip() and expected[at] is None]
    assert {*found.refused} == {texts[at] for at in refused}


@given(st.lists(st.lists(st.sampled_from(["", "0", "12", " 7 ", "many", "-1"]), min_size=1)))
def test_bounds_lie_over_the_figures_of_the_rows_that_state_them(batches: list[list[str]]) -> None:
    column = Bounds()
    for batch in batches:
        refused, found = column.add(pl.Series("lower", batch, dtype=pl.String))
        assert refused.to_list() == [at for at, text in enumerate(batch) if text in ("many", "-1")]
        assert {*found.refused} == {*batch} & {"many", "-1"}
    read = {"0": 0.0, "12": 12.0, " 7 ": 7.0}
    texts = [text for batch in batches for text in batch]
    if texts:
        assert column.are_stated().to_list() == [text in read for text in texts]
    values = pl.repeat(99.0, len(texts), eager=True)
    assert column.over(values).to_list() == [read.get(text, 99.0) for text in texts]


def test_codes_become_small_integers_and_refused_ones_nothing() -> None:
    column = Texts("sex")
    for batch in (["M", "", "W"], [" F", "M"]):
        column.add(pl.Series(batch).cast(column.kind))
    found = answers("sex", column.distinct)
    assert column.typed(found).to_list() == ["M", "_T", None, "F", "M"]
    assert isinstance(column.typed(found).dtype, pl.Enum)
    assert column.where(lambda text: text == "W").to_list() == [False, False, True, False, False]
    assert column.at(pl.Series([3, 0])).to_list() == [" F", "M"]
    assert found.refused["W"].rule == "not-in-codelist"


@given(
    rows=st.lists(st.booleans(), max_size=20), cuts=st.lists(st.integers(0, 20), max_size=3), first=st.integers(2, 9)
)
def test_rows_are_numbered_as_they_came(rows: list[bool], cuts: list[int], first: int) -> None:
    """Rows of which some are passed over, in batches."""
    stand = pl.Series([number for number, is_there in enumerate(rows, first) if is_there], dtype=pl.UInt32)
    numbering = Numbering()
    at = [0, *sorted(min(cut, len(stand)) for cut in cuts), len(stand)]
    for start, end in pairwise(at):
        numbering.add(stand[start:end])
    assert numbering.of(pl.int_range(len(stand), dtype=pl.UInt32, eager=True)).to_list() == stand.to_list()
