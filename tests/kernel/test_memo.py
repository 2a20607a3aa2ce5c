"""A rule runs once per distinct text."""

from __future__ import annotations

from collections import Counter

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from harmonize.kernel.answer import Ignored, Refused
from harmonize.kernel.memo import IGNORED, REFUSED, Memo


@settings(max_examples=80, deadline=None)
@given(batches=st.lists(st.lists(st.text("abc", max_size=3), max_size=15), max_size=4))
def test_every_text_is_asked_for_once_and_answered_for_every_row(batches: list[list[str]]) -> None:
    asked: Counter[str] = Counter()

    def answer(text: str) -> int:
        asked[text] += 1
        if "c" in text:
            raise Refused("rule", "has a c")
        if not text:
            raise Ignored("blank")
        return len(text)

    memo = Memo(answer)
    dictionary = pl.Categorical(pl.Categories.random())
    alive = pl.Series([], dtype=dictionary)  # keeps the dictionary's texts
    for texts in batches:
        for text, position in zip(texts, memo.index(pl.Series(texts, dtype=pl.String).cast(dictionary)), strict=True):
            expected = REFUSED if "c" in text else IGNORED if not text else memo.answers.index(len(text))
            assert position == expected
    assert alive.dtype == dictionary
    met = {text for texts in batches for text in texts}
    assert asked == Counter(met)
    assert set(memo.refusals) == {text for text in met if "c" in text}
    assert set(memo.ignored) == met & {""}
    assert len(set(memo.answers)) == len(memo.answers)
    assert memo.seen == len(met)
