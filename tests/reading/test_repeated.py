"""Lines that would be counted twice where figures of one key are added."""

from __future__ import annotations

from pathlib import Path

import pytest
from strategies import CASES, World, detail, source

from harmonize.building.build import run
from harmonize.building.dataset import Dataset
from harmonize.reading import stream
from harmonize.reading.repeated import is_total

LINES = [["7", "A1", "2018", "5"], ["8", "A1", "2018", "3"], ["9", "A1", "2018", "5"]]


def built(top: Path, lines: list[list[str]], *, repeated: bool = False) -> Dataset:
    """A source whose first column tells lines apart, and which nothing reads."""
    other = detail("Z") | {"role": "ignore", "offences": ""}
    world = source([CASES], [detail("A1"), other], same_key="add", repeated_lines=repeated)
    world.rows = lines
    return run_of(top, world)


def run_of(top: Path, world: World) -> Dataset:
    world.write_mapping(top)
    return run([world.write_file(top / "f.csv")], mapping="tst/src", mappings=top)


def found(dataset: Dataset) -> list[tuple[str, object]]:
    return [(one["rule"], one["row"]) for one in dataset.findings.to_dict("records")]


@pytest.fixture(params=[0, 1 << 30], ids=["streamed", "row by row"], autouse=True)
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "STREAM_FROM", request.param)


def test_lines_that_differ_in_any_column_are_added(tmp_path: Path) -> None:
    assert built(tmp_path, LINES).table["value"].to_list() == [13]


def test_a_line_that_is_there_twice_is_not_added(tmp_path: Path) -> None:
    """A part of the file pasted twice doubled its figures (October 2021 at the US border: 318,226 for 159,113)."""
    assert found(built(tmp_path, [*LINES, LINES[1]])) == [("key-twice", 5)]


def test_lines_of_records_may_be_alike(tmp_path: Path) -> None:
    assert built(tmp_path, [*LINES, LINES[1]], repeated=True).table["value"].to_list() == [16]


def test_lines_that_are_not_counted_may_be_alike(tmp_path: Path) -> None:
    other = ["7", "Z", "2018", "1"]
    assert built(tmp_path, [*LINES, other, other]).table["value"].to_list() == [13]


def test_the_total_of_the_lines_is_not_added_to_them(tmp_path: Path) -> None:
    assert found(built(tmp_path, [*LINES, ["Total", "A1", "2018", "13"]])) == [("unknown-text", 5)]


def test_the_total_of_columns_is_not_added_to_them(tmp_path: Path) -> None:
    """One column per police service, and one of all."""
    world = source([CASES], [detail("A1")], same_key="add")
    world.mapping["layout"]["values"] = [{"like": "Service .*|Total.*", "measure": CASES["measure"]}]
    world = World(world.mapping, world.codes, ["Id", "Code", "Year", "Service a", "Service b"])
    world.rows = [["7", "A1", "2018", "5", "3"]]
    assert run_of(tmp_path / "a", world).table["value"].to_list() == [8]
    world = World(world.mapping, world.codes, [*world.header, "Total PN"])
    world.rows = [["7", "A1", "2018", "5", "3", "8"]]
    [one] = run_of(tmp_path / "b", world).findings.to_dict("records")
    assert (one["rule"], one["column"]) == ("unknown-text", "Total PN")


@pytest.mark.parametrize(
    "text",
    [
        *("TOTAL", "Grand total", "Total UK", "Totale", "All", "All routes", "Insgesamt", "ALL", "Totaux", "Sum:"),
        *("(Total)", "Toutes les routes", "Alle Routen", "ΣΥΝΟΛΟ", "合计", "Ukupno:", "Всего", "Somma"),
    ],
)
def test_words_for_totals(text: str) -> None:
    assert is_total(text)


@pytest.mark.parametrize(
    "text",
    [
        "Albania",
        "All other countries",
        "Allier",
        "Totalgaz",
        "",
        "Other",
        "Val-d'Oise",
        "Todos Santos",
        "Sumatra",
        "Alle anderen",
    ],
)
def test_words_that_are_none(text: str) -> None:
    assert not is_total(text)
