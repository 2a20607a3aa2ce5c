"""The rule of categories: in scope and known, in scope and unknown, outside."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import CASES, detail, source

from harmonize.checking.mappings import load_mapping
from harmonize.kernel.answer import Ignored, Refused
from harmonize.kernel.category import OUTSIDE, CategoryRule
from harmonize.model.code_row import CodeRow
from harmonize.model.mapping import Mapping

CODES = [
    detail("725200", label_like="schleus", valid_to="2004"),
    detail("725200", "TIP", valid_from="2005", valid_to="2009"),
    detail("725210", label_like=""),
    detail("7252*"),
    detail("72*") | {"role": "ignore", "offences": ""},
    detail("Trata de seres humanos"),
]
WATCH: dict[str, Any] = {"watch_code": "^7", "watch_label": "schleus|trata"}


def rule(tmp_path: Path, scope: dict[str, Any]) -> CategoryRule:
    world = source(
        [CASES],
        [{k: v for k, v in code.items() if k != "label_like"} for code in CODES],
        columns=["label"],
        label="label",
        scope=scope,
    )
    mapping = load_mapping(world.write_mapping(tmp_path))
    first = mapping.codes[0].model_copy(update={"label_like": "schleus", "label": "Einschleusen"})
    return CategoryRule(mapping.model_copy(update={"codes": (first, *mapping.codes[1:])}))


def test_exact_before_longest_start(tmp_path: Path) -> None:
    known = rule(tmp_path, WATCH)
    assert known.answer("725200", "Einschleusen von Ausländern") == (0, 1)
    assert known.answer(" 725210\u00a0") == (2,)
    assert known.answer("725299") == (3,)
    assert known.answer("7299") == (4,)


@pytest.mark.parametrize("code", ["725200*", "7252*", "725*00", "72*"])
def test_an_open_code_takes_no_key_with_an_asterisk(tmp_path: Path, code: str) -> None:
    """It is the publisher's own mark, of a sum or of a change: what it stands for is not known."""
    with pytest.raises(Refused) as caught:
        rule(tmp_path, WATCH).answer(code)
    assert caught.value.rule == "unknown-code"


@pytest.mark.parametrize(
    ("scope", "code", "label", "expected"),
    [
        (WATCH, "730000", "", "unknown-code"),
        (WATCH, "100000", "Einschleusen neu", "unknown-code"),
        (WATCH, "100000", "Diebstahl", OUTSIDE),
        (WATCH, "trata infantil", "", "unknown-code"),
        ({"whole_list": True}, "100000", "Diebstahl", "unknown-code"),
        ({"watch_code": "^7"}, "Trata de seres humano", "", "misspelt-code"),
        ({"watch_code": "^7"}, "Trata de blancas y de perros", "", OUTSIDE),
    ],
)
def test_scope(tmp_path: Path, scope: dict[str, Any], code: str, label: str, expected: str) -> None:
    with pytest.raises((Refused, Ignored)) as answer:
        rule(tmp_path, scope).answer(code, label)
    assert expected in (str(answer.value), getattr(answer.value, "rule", ""))


def test_a_code_that_is_used_anew_is_refused(tmp_path: Path) -> None:
    codes = [detail("725200") | {"label": "Einschleusen"}]
    mapping = load_mapping(
        source([CASES], codes, columns=["label"], label="label", scope=WATCH).write_mapping(tmp_path)
    )
    strict = mapping.model_copy(update={"codes": (mapping.codes[0].model_copy(update={"label_like": "schleus"}),)})
    with pytest.raises(Refused, match="now has the label 'Ladendiebstahl'") as refused:
        CategoryRule(strict).answer("725200", "Ladendiebstahl")
    assert (refused.value.rule, refused.value.suggestion) == ("label-changed", "Einschleusen")
    assert CategoryRule(strict).answer("725200", "EINSCHLEUSEN") == (0,)


def test_year(tmp_path: Path) -> None:
    known = rule(tmp_path, WATCH)
    assert known.in_year((0, 1), 2004) == 0
    assert known.in_year((0, 1), 2005) == 1
    with pytest.raises(Refused, match=r"did not exist in 2010; codes\.csv says -2004, 2005-2009") as refused:
        known.in_year((0, 1), 2010)
    assert refused.value.rule == "code-not-valid"
    with pytest.raises(Ignored, match=r"ignore in codes\.csv"):
        known.in_year((4,), 2010)


def test_unknown_codes_suggest_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        rule(tmp_path, WATCH).answer("735200")
    assert "725200" in refused.value.suggestion


@pytest.fixture(scope="module")
def any_mapping(tmp_path_factory: pytest.TempPathFactory) -> Mapping:
    """A mapping whose codes are replaced."""
    return load_mapping(source([CASES], [detail("1")], scope=WATCH).write_mapping(tmp_path_factory.mktemp("any")))


def spans(years: list[int], code: str) -> tuple[CodeRow, ...]:
    """Rows of one code: up to the first year, from there to the second, ..., after the last."""
    bounds = [None, *sorted(years), None]
    return tuple(
        CodeRow.model_validate(detail(code) | {"valid_from": after and after + 1, "valid_to": until})
        for after, until in pairwise(bounds)
    )


@given(
    years=st.lists(st.integers(1990, 2030), max_size=4, unique=True),
    others=st.lists(st.sampled_from(["7*", "720*", "7200*", "725", "*"]), unique=True),
    order=st.randoms(use_true_random=False),
    year=st.integers(1980, 2040),
    ending=st.sampled_from(["", "1", "100"]),
)
def test_an_open_code_may_have_a_row_for_each_of_its_times(
    any_mapping: Mapping, years: list[int], others: list[str], order: Any, year: int, ending: str
) -> None:
    """The row of an open code in a year is that which an exact code with the same times has."""
    rows = [*spans(years, "72*"), *(CodeRow.model_validate(detail(code)) for code in others)]
    order.shuffle(rows)
    known = CategoryRule(any_mapping.model_copy(update={"codes": tuple(rows)}))
    times = CategoryRule(any_mapping.model_copy(update={"codes": spans(years, "72")}))
    found = rows[known.in_year(known.answer(f"729{ending}"), year)]
    expected = times.rows[times.in_year(times.answer("72"), year)]
    assert (found.code, found.valid_from, found.valid_to) == ("72*", expected.valid_from, expected.valid_to)
