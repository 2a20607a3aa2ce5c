"""The column-wise reader and the rule of figures are one and the same function."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import figure_texts, numbers

from harmonize.kernel import figures, memo
from harmonize.kernel.answer import Refused
from harmonize.kernel.figure import NOT_YET, FigureRule, Reading
from harmonize.kernel.figures import FigureColumn, Figures
from harmonize.model.numbers import Marker, Meaning, Numbers

Outcome = tuple[float | None, float, float | None, int] | str


def by_rule(form: Numbers, texts: list[str], *, rate: bool) -> list[Outcome]:
    """What the rule says of each text."""
    rule, outcomes = FigureRule(form), list[Outcome]()
    for text in texts:
        try:
            reading = rule.answer(text, rate=rate)
        except Refused:
            outcomes.append("refused")
            continue
        outcomes.append(
            "not yet" if reading == NOT_YET else (reading.value, reading.lower, reading.upper, reading.bits)
        )
    return outcomes


def by_column(read: Figures, texts: list[str]) -> list[Outcome]:
    """What the column-wise reader says of each text; fails where a row is answered twice."""
    found: dict[int, Outcome] = {}
    answers: list[tuple[int, Outcome]] = [(at, "refused") for at in read.refused["at"]]
    for exact in read.exact:
        answers += [(at, (value, value, value, 0)) for at, value in exact.iter_rows()]
    answers += [(at, (value, lower, upper, status)) for at, value, lower, upper, status in read.bounded.iter_rows()]
    for at, outcome in answers:
        assert at not in found
        found[at] = outcome
    assert [texts[at] for at in read.refused["at"]] == read.refused["text"].to_list()
    assert sorted(read.not_yet) == [at for at in range(len(texts)) if at not in found]
    return [found.get(at, "not yet") for at in range(len(texts))]


def agree(form: Numbers, batches: list[list[str]], *, rate: bool = False) -> None:
    """Assert that both say the same of every text of every batch, and that every refusal has a reason."""
    column = FigureColumn(form, rate=rate)
    for texts in batches:
        read = column.read(pl.Series(texts, dtype=pl.String))
        assert by_column(read, texts) == by_rule(form, texts, rate=rate)
        assert set(read.refused["text"]) <= set(column.refusals)


batches = st.lists(st.lists(figure_texts, max_size=12), min_size=1, max_size=3)


@settings(max_examples=250, deadline=None)
@given(form=numbers(), texts=batches, rate=st.booleans())
def test_column_agrees_with_the_rule(form: Numbers, texts: list[list[str]], rate: bool) -> None:
    agree(form, texts, rate=rate)


@settings(max_examples=250, deadline=None)
@given(form=numbers(counts=True), texts=batches)
@example(
    form=Numbers(thousands=" ", markers=(Marker(text="1 000", means=Meaning.MISSING),)),
    texts=[["1 000", "1\u00a0000", "1\u202f000", "2 000"]],
).via("a marker that looks like a grouped number, written with another space")
def test_column_agrees_with_the_rule_where_decorated_numbers_are_read_in_bulk(
    form: Numbers, texts: list[list[str]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "MANY_TEXTS", 0)
        agree(form, texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memo, "MANY_NEW", 0)
        agree(form, texts)


@settings(max_examples=100, deadline=None)
@given(form=numbers(), texts=batches, rate=st.booleans())
def test_column_agrees_with_the_rule_where_it_forgets(form: Numbers, texts: list[list[str]], rate: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "REMEMBERED", 2)
        agree(form, texts + texts, rate=rate)


def test_many_distinct_decorated_numbers_pass_through_the_bulk_stage() -> None:
    form = Numbers(thousands=",", markers=(Marker(text="1,000", means=Meaning.SUPPRESSED),))
    texts = [f"{n:,}" for n in range(1000, 2500)] + ["12,34", "x"]
    column = FigureColumn(form, rate=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "MANY_TEXTS", 1000)
        read = column.read(pl.Series(texts))
    assert column._memo.seen == 3  # the marker and the two that are refused: all others never reached the rule
    assert by_column(read, texts) == by_rule(form, texts, rate=False)


def test_new_decorated_numbers_are_answered_without_asking_the_rule_for_each() -> None:
    form = Numbers(thousands=",", markers=(Marker(text="1,000", means=Meaning.SUPPRESSED),))
    texts = [f"{n:,}" for n in range(1000, 2500)] + ["12,34", "x"]
    column = FigureColumn(form, rate=False)
    asked: list[str] = []
    answer = FigureRule.answer

    def asking(self: FigureRule, text: str, *, rate: bool = False) -> Reading:
        asked.append(text)
        return answer(self, text, rate=rate)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FigureRule, "answer", asking)
        read = column.read(pl.Series(texts))
    assert sorted(asked) == ["1,000", "12,34", "x"]
    assert by_column(read, texts) == by_rule(form, texts, rate=False)


def test_memory_is_bounded_by_forgetting() -> None:
    column = FigureColumn(Numbers(), rate=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "REMEMBERED", 50)
        for start in range(0, 2000, 100):
            column.read(pl.Series([f"x{n}" for n in range(start, start + 100)]))
            assert column._memo.seen <= 150
