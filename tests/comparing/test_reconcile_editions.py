"""Editions of one source: revised, added, removed, and the damage that only a comparison shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from building.samples import delimited, written
from conftest import Built

import harmonize as hz
from harmonize.cli import main
from harmonize.comparing.editions import editions

from .test_reconcile import row, table

Figures = Mapping[str, float | None]


def edition(name: str, figures: Figures, **changed: Any) -> list[dict[str, Any]]:
    """An edition of a series: period -> figure."""
    return [row(value, time_period=period, edition=name, **changed) for period, value in figures.items()]


def between(old: Figures, new: Figures, **changed: Any) -> dict[str, tuple[str, str]]:
    """Period -> verdict and reason."""
    found = editions([table(*edition("1", old, **changed), *edition("2", new, **changed))])
    return {r["time_period"]: (r["verdict"], r["reason"]) for r in found.to_dicts()}


def verdicts(old: Figures, new: Figures) -> dict[str, str]:
    return {period: verdict for period, (verdict, _) in between(old, new).items()}


def test_revised_and_periods_that_came_and_went() -> None:
    found = verdicts({"2018": 10, "2019": 20, "2020": 30}, {"2019": 20, "2020": 31, "2021": 40})
    assert found == {"2018": "period_dropped", "2019": "equal", "2020": "revised", "2021": "new_period"}


def test_added_and_removed_within_a_period() -> None:
    old = [row(1, edition="1"), row(2, edition="1", sex="M")]
    new = [row(1, edition="2"), row(3, edition="2", sex="F")]
    found = editions([table(*old), table(*new)])
    assert dict(found.select("sex", "verdict").iter_rows()) == {"_T": "equal", "M": "removed", "F": "added"}


def test_three_editions_are_compared_one_after_the_other() -> None:
    found = editions([table(*(row(v, edition=e) for v, e in ((1, "2021"), (2, "2022"), (2, "2023"))))])
    assert found.select("edition_a", "edition_b", "verdict").rows() == [
        ("2021", "2022", "revised"),
        ("2022", "2023", "equal"),
    ]


def test_sources_are_not_mixed() -> None:
    found = editions([table(row(1, edition="1"), row(2, edition="2", source="fra/two"))])
    assert found.is_empty()


@pytest.mark.parametrize(("old", "new", "factor"), [(1_200, 12, "100"), (37, 37_000, "1,000"), (5, 50, "10")])
def test_an_exact_power_of_ten(old: float, new: float, factor: str) -> None:
    [(verdict, reason)] = between({"2020": old}, {"2020": new}).values()
    assert (verdict, reason) == ("revised", f"edition differs: 1 against 2; damage? a factor of exactly {factor}")


@pytest.mark.parametrize(("old", "new"), [(1_200, 13), (10, 0), (0, 10), (100, 101)])
def test_a_revision_is_no_damage(old: float, new: float) -> None:
    [(verdict, reason)] = between({"2020": old}, {"2020": new}).values()
    assert verdict == "revised"
    assert "damage" not in reason


def test_lost_zeros() -> None:
    [(_, reason)] = between({"2020": 0}, {"2020": None}).values()
    assert "a zero became a gap" in reason
    [(_, reason)] = between({"2020": None}, {"2020": 0}).values()
    assert "a gap became a zero" in reason
    found = editions([table(row(0, edition="1"), row(1, edition="1", sex="M"), row(1, edition="2", sex="M"))])
    assert found.filter(pl.col("verdict") == "removed")["reason"][0].endswith("damage? a zero was removed")
    codes = editions(
        [table(row(edition="1", national_codes="007+020")), table(row(edition="2", national_codes="7+20"))]
    )
    assert "the codes lost or gained zeros in front" in codes["reason"][0]


def test_a_series_shifted_by_a_year() -> None:
    years = [str(year) for year in range(2010, 2018)]
    old = dict(zip(years, (11.0, 25.0, 38.0, 47.0, 52.0, 66.0, 73.0, 89.0), strict=True))
    new = dict(zip(years, (5.0, *list(old.values())[:-1]), strict=True))
    reasons = [reason for _, reason in between(old, new).values()]
    assert ["the figure of the period before: shifted?" in reason for reason in reasons] == [False] + [True] * 7
    back = [reason for _, reason in between(new, old).values()]
    assert ["the figure of the period after: shifted?" in reason for reason in back] == [True] * 7 + [False]


def test_columns_that_moved() -> None:
    kinds = ("M", "F", "_U", "_O")
    old = table(*(row(v, edition="1", sex=s) for s, v in zip(kinds, (110, 220, 330, 440), strict=True)))
    new = table(*(row(v, edition="2", sex=s) for s, v in zip(kinds, (220, 330, 440, 15), strict=True)))
    found = dict(editions([old, new]).select("sex", "reason").iter_rows())
    assert {s for s, reason in found.items() if "another column" in reason} == {"M", "F", "_U"}
    swapped = table(row(220, edition="2", sex="M"), row(110, edition="2", sex="F"))
    assert all("another column" in one for one in editions([old.head(2), swapped])["reason"])


def test_small_figures_meet_by_chance() -> None:
    old = table(row(1, edition="1", sex="M"), row(2, edition="1", sex="F"))
    new = table(row(2, edition="2", sex="M"), row(1, edition="2", sex="F"))
    assert not any("damage" in one for one in editions([old, new])["reason"])


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "both.csv"
    table(*edition("1", {"2019": 5, "2020": 1_200}), *edition("2", {"2019": 5, "2020": 12})).write_csv(path)
    assert main(["reconcile", "--editions", str(path), "--fail-on", "difference"]) == 1
    out = capsys.readouterr().out
    assert "revised 2020: 1,200 against 12 (+1,188, 100 times) <- damage? a factor of exactly 100" in out
    assert main(["reconcile", "--editions", str(path)]) == 0


def test_the_german_time_series_was_never_revised(built: Built) -> None:
    found = hz.editions(built("deu/pks_time_series"))
    assert set(found["verdict"]) == {"equal", "new_period"}
    assert set(found["edition_a"].dropna()) == {"2016"}


Rows = list[list[str]]
CBS, KOREA, MEXICO = "nld/cbs_provinces", "kor/police_kosis", "mex/sesnsp_federal"
FIRST = {CBS: 1, KOREA: 3, MEXICO: 6}
"""The first column of figures of each file."""


def moved(by: int) -> Callable[[str, Rows], None]:
    """All figures of every row some columns to the right; the last ones come first."""

    def move(source: str, rows: Rows) -> None:
        at = FIRST[source]
        for fields in rows:
            fields[at:] = [*fields[at:][-by:], *fields[at:][:-by]]

    return move


def each(change: Callable[[str], str]) -> Callable[[str, Rows], None]:
    def apply(source: str, rows: Rows) -> None:
        for fields in rows:
            fields[FIRST[source] :] = map(change, fields[FIRST[source] :])

    return apply


def times(factor: int) -> Callable[[str, Rows], None]:
    """One figure: migrants in Sonora, January 2012."""

    def multiply(source: str, rows: Rows) -> None:
        [fields] = [one for one in rows if one[:3] == ["2012", "26", "SONORA"] and one[5] == "LEY DE MIGRACION"]
        fields[6] = str(int(fields[6]) * factor)

    return multiply


@pytest.mark.parametrize(
    ("source", "damage", "least", "text"),
    [
        (MEXICO, times(10), 1, "a factor of exactly 10"),
        (MEXICO, times(1_000), 1, "a factor of exactly 1,000"),
        (MEXICO, each(lambda text: "" if text == "0" else text), 500, "a zero was removed"),
        (KOREA, each(lambda text: text[:-1] if text.endswith("0") and len(text) > 1 else text), 10, "exactly 10"),
        (KOREA, moved(1), 100, "the figure of the period before: shifted?"),
        (CBS, moved(1), 100, "the figure of the period before: shifted?"),
        (CBS, moved(4), 100, "the figure of another column: shifted?"),
        (CBS, moved(12), 100, "the figure of another area: shifted?"),
    ],
)
def test_damage_of_a_real_file_is_suspected(
    built: Built, paths: Callable[[str], list[Path]], tmp_path: Path,
    source: str, damage: Callable[[str, Rows], None], least: int, text: str,
) -> None:  # fmt: skip
    [path] = paths(source)
    encoding = "latin-1" if source == MEXICO else "utf-8"
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline="")))
    figures = [
        fields for fields in rows if len(fields) > 6 and not fields[-1].startswith(("Unnamed", "20", "DIC", "Niet"))
    ]
    damage(source, figures)
    assert all("," not in field for fields in figures for field in fields[FIRST[source] :])
    quoted = [[f'"{field}"' if "," in field else field for field in fields] for fields in rows]
    again = hz.build(written(tmp_path / path.name, delimited(quoted, ","), encoding)).observations
    found = hz.editions(built(source), again.assign(edition="zzz"))
    suspected = found["reason"].str.contains("damage") & found["reason"].str.contains(text, regex=False)
    assert suspected.sum() >= least
    assert not (suspected & found["verdict"].isin(["equal", "new_period"])).any()


@pytest.mark.parametrize("source", [CBS, KOREA, MEXICO])
def test_small_revisions_of_a_real_source_are_no_damage(built: Built, source: str) -> None:
    """Every figure of 10 or more one or two percent higher, and at least 1."""
    obs = built(source).observations
    higher = (obs["value"] * 1.013 + 1).round()
    revised = obs.assign(value=higher.where(obs["value"] >= 10, obs["value"]), edition="zzz")
    revised = revised.assign(lower=revised["value"].fillna(obs["lower"]), upper=revised["value"])
    found = hz.editions(obs, revised)
    assert found["verdict"].eq("revised").sum() > 50
    assert found["reason"].str.contains("damage").sum() <= 0.05 * found["verdict"].eq("revised").sum()
