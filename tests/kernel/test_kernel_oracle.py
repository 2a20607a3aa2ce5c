"""The kernel and the row-by-row oracle say the same of random small sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import CASES, World, detail, source, worlds

from harmonize.building.build import run
from harmonize.building.dataset import Dataset
from harmonize.checking.mappings import load_mapping
from harmonize.model.code_row import CodeRow
from harmonize.model.observation import KEY
from kernel.oracle import Answer, Place, interpret


def found(dataset: Dataset) -> list[tuple[str, Place]]:
    """Where findings point to: rule; line, column, text."""
    rows = dataset.all_findings.frame().iter_rows(named=True)
    return sorted((row["rule"], (row["row"], row["column"], row["text"])) for row in rows if row["row"])


def places(dataset: Dataset, *, twice: bool) -> list[Place]:
    """The places of keys that stand twice, or of everything that is refused."""
    return sorted(place for rule, place in found(dataset) if (rule == "key-twice") == twice and not _corrects(rule))


def corrections(dataset: Dataset) -> list[tuple[str, Place]]:
    """What became of corrections, and where."""
    return [(rule, place) for rule, place in found(dataset) if _corrects(rule)]


def _corrects(rule: str) -> bool:
    return rule.startswith("correction-")


def both(top: Path, world: World) -> tuple[Dataset, Answer]:
    """What the library and what the oracle make of a source."""
    mapping = load_mapping(world.write_mapping(top))
    dataset = run([world.write_file(top / "file.csv")], mapping="tst/src", mappings=top)
    return dataset, interpret(mapping, world.header, enumerate(world.rows, start=2))


def in_order(observations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(observations, key=lambda row: tuple(row[name] for name in KEY))


@settings(max_examples=200, deadline=None)
@given(world=worlds())
def test_kernel_and_oracle_agree(tmp_path_factory: pytest.TempPathFactory, world: World) -> None:
    dataset, oracle = both(tmp_path_factory.mktemp("world"), world)
    assert dataset.table.to_dicts() == in_order(dataset.table.to_dicts())
    assert in_order(dataset.table.to_dicts()) == in_order(oracle.observations)
    assert places(dataset, twice=False) == oracle.refused
    assert places(dataset, twice=True) == oracle.twice
    assert corrections(dataset) == oracle.corrections


@settings(max_examples=40, deadline=None)
@given(figures=st.lists(st.sampled_from(["", "1", "20", ":"]), min_size=2, max_size=6))
def test_a_cell_that_is_not_yet_reported_is_no_cell_at_all(
    tmp_path_factory: pytest.TempPathFactory, figures: list[str]
) -> None:
    numbers = {"markers": [{"text": "", "means": "not_yet"}, {"text": ":", "means": "missing"}]}
    world = source([CASES], [detail("A1"), detail("A2")], numbers=numbers, same_key="add", absent_code="unreported")
    world.rows = [[str(i), f"A{i % 2 + 1}", "2018", figure] for i, figure in enumerate(figures)]
    dataset, oracle = both(tmp_path_factory.mktemp("world"), world)
    assert dataset.table.to_dicts() == oracle.observations


def test_a_starred_code_does_not_stand_in_for_an_absent_one(tmp_path: Path) -> None:
    world = source([CASES], [detail("A1"), detail("B*")], absent_code="unreported")
    world.rows = [["0", "B7", "2018", "5"]]
    dataset, oracle = both(tmp_path, world)
    assert oracle.observations[0]["value"] is None
    assert dataset.table.to_dicts() == oracle.observations


def test_the_oracle_reads_a_source_as_a_person_would(tmp_path: Path) -> None:
    """The oracle itself, against figures worked out by hand."""
    codes = [
        detail("A1", "SOM SOM_AGG"),
        detail("A2", same_key="bound", relation="broader"),
        detail("A3", "TIP", valid_from="2019"),
    ]
    world = source(
        [CASES], codes, numbers={"thousands": ",", "markers": [{"text": ":", "means": "missing"}], "refused": "warning"}
    )
    world.rows = [
        [str(i), *row]
        for i, row in enumerate(
            [
                ("A1", "2018", "1,000"),
                ("A2", "2018", "3"),
                ("A2", "2018", "4"),
                ("A3", "2018", "7"),
                ("A3", "2019", ":"),
                ("A9", "2019", "1"),
                ("A3", "2020", "x"),
            ]
        )
    ]
    dataset, oracle = both(tmp_path, world)
    figures = {
        (o["offence"], o["time_period"]): (o["value"], o["lower"], o["upper"], o["obs_status"], o["n_cells"])
        for o in oracle.observations
    }
    assert figures == {
        ("SOM", "2018"): (None, 1004, 1007, "U", 3),
        ("SOM_AGG", "2018"): (1000, 1000, 1000, "A", 1),
        ("TIP", "2019"): (None, 0, None, "O", 1),
        ("TIP", "2020"): (None, 0, None, "O", 1),
    }
    assert oracle.refused == [(5, "Code", "A3"), (7, "Code", "A9"), (8, "Cases", "x")]
    assert in_order(dataset.table.to_dicts()) == in_order(oracle.observations)
    assert CodeRow.model_validate(codes[1]).relation == "broader"
