"""Laws that hold for every source: what is conserved, what does not matter, what may be relied on."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from strategies import CASES, World, detail, source, worlds

from harmonize.building.build import run
from harmonize.building.dataset import Dataset
from harmonize.checking.mappings import load_mapping
from harmonize.kernel import totals
from harmonize.kernel.figure import FigureRule
from harmonize.model.observation import COLUMNS, KEY, Observation
from harmonize.reading import delimited, plain, stream
from harmonize.writing.folder import read_observations

if TYPE_CHECKING:
    from collections.abc import Iterator

Temp = pytest.TempPathFactory


def built(top: Path, world: World, *files: Sequence[Sequence[str]]) -> Dataset:
    """The dataset of a world: of one file with all its rows, or of several files with the rows given."""
    world.write_mapping(top)
    paths = [world.write_file(top / f"part{i}.csv", rows) for i, rows in enumerate(files or [world.rows])]
    return run(list(paths), mapping="tst/src", mappings=top)


def as_bytes(top: Path, dataset: Dataset) -> bytes:
    """The observations as they are written."""
    return dataset.write(top).read_bytes()


def findings(dataset: Dataset) -> pl.DataFrame:
    return dataset.all_findings.frame()


@contextmanager
def small_batches(*, chunk: int = 100_000, streamed: bool = False) -> Iterator[None]:
    """Read in chunks of so many rows; or as a stream, adding in plain arrays as the rows come."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "CHUNK_ROWS", chunk)
        if streamed:
            patch.setattr(stream, "STREAM_FROM", 0)
            patch.setattr(plain, "PIECE_BYTES", 12 * chunk)  # a row has a dozen or more
            patch.setattr(totals, "MANY_ROWS", 2)
        yield


@settings(max_examples=60, deadline=None)
@given(world=worlds(tidy=True, size=25))
def test_totals_are_conserved(tmp_path_factory: Temp, world: World) -> None:
    dataset = built(tmp_path_factory.mktemp("law"), world)
    published = sum(int(row[-1].replace(",", "")) for row in world.rows)
    assert dataset.table["value"].sum() == published
    assert dataset.table["n_cells"].sum() == len(world.rows)
    assert dataset.ok


@settings(max_examples=60, deadline=None)
@given(world=worlds(), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(tmp_path_factory: Temp, world: World, random: st.DataObject) -> None:
    top = tmp_path_factory.mktemp("law")
    before = as_bytes(top / "a", built(top, world))
    shuffled = list(world.rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # typed as random.Random at run time
    assert as_bytes(top / "b", built(top, world, shuffled)) == before


@settings(max_examples=60, deadline=None)
@given(world=worlds(), data=st.data())
def test_splitting_into_files_does_not_matter(tmp_path_factory: Temp, world: World, data: st.DataObject) -> None:
    top = tmp_path_factory.mktemp("law")
    whole = as_bytes(top / "a", built(top, world))
    part = data.draw(st.lists(st.integers(0, 2), min_size=len(world.rows), max_size=len(world.rows)))
    files = [[row for row, at in zip(world.rows, part, strict=True) if at == i] for i in sorted(set(part))]
    assert as_bytes(top / "b", built(top, world, *files)) == whole


@settings(max_examples=60, deadline=None)
@given(world=worlds(), chunk=st.integers(1, 5))
def test_splitting_into_chunks_does_not_matter(tmp_path_factory: Temp, world: World, chunk: int) -> None:
    top = tmp_path_factory.mktemp("law")
    whole = built(top, world)
    with small_batches(chunk=chunk):
        chunked = built(top, world)
        assert as_bytes(top / "b", chunked) == as_bytes(top / "a", whole)
    assert_frame_equal(findings(chunked), findings(whole))
    assert chunked.sources == whole.sources


@settings(max_examples=80, deadline=None)
@given(world=worlds(), chunk=st.integers(1, 7))
def test_the_stream_gives_what_the_exact_reader_gives(tmp_path_factory: Temp, world: World, chunk: int) -> None:
    top = tmp_path_factory.mktemp("law")
    exact = built(top, world)
    with small_batches(chunk=chunk, streamed=True):
        streamed = built(top, world)
        assert as_bytes(top / "b", streamed) == as_bytes(top / "a", exact)
        for row in range(exact.table.height):
            assert_frame_equal(pl.from_pandas(streamed.explain(row)), pl.from_pandas(exact.explain(row)))
    assert_frame_equal(findings(streamed), findings(exact))
    assert streamed.sources == exact.sources


def test_the_stream_and_its_arrays_are_really_used(tmp_path: Path) -> None:
    """Guards the law above: with the thresholds lowered, neither the exact reader nor the hash table is asked."""
    world = source([CASES], [detail("A1")], same_key="add")
    world.rows = [[str(i), "A1", "2018", "5"] for i in range(20)]
    with small_batches(chunk=3, streamed=True), pytest.MonkeyPatch.context() as patch:
        patch.setattr("harmonize.building.tables.cells", None)
        patch.setattr(totals.Totals, "_add_exact_to_arrays", counted := _Counted(totals.Totals._add_exact_to_arrays))
        dataset = built(tmp_path, world)
    assert dataset.table["value"].to_list() == [100.0]
    assert counted.calls > 1


class _Counted:
    """Calls a method and counts the calls."""

    def __init__(self, method: object) -> None:
        self._method, self.calls = method, 0

    def __get__(self, instance: object, owner: type) -> object:
        def call(*args: object) -> object:
            self.calls += 1
            return self._method(instance, *args)  # type: ignore[operator]

        return call


@settings(max_examples=80, deadline=None)
@given(world=worlds())
def test_every_row_is_an_observation_in_order_and_its_bounds_hold(tmp_path_factory: Temp, world: World) -> None:
    table = built(tmp_path_factory.mktemp("law"), world).table
    assert tuple(table.columns) == COLUMNS
    for row in table.to_dicts():
        Observation.model_validate(row)  # among other things: lower <= value <= upper
    keys = table.select(KEY).rows()
    assert keys == sorted(keys)


@settings(max_examples=60, deadline=None)
@given(world=worlds())
def test_the_lineage_adds_up_to_every_figure(tmp_path_factory: Temp, world: World) -> None:
    top = tmp_path_factory.mktemp("law")
    dataset = built(top, world)
    mapping = load_mapping(top / "tst" / "src")
    rule, scale = FigureRule(mapping.numbers), 10**mapping.numbers.decimals
    for row in range(dataset.table.height):
        observation = dataset.table.row(row, named=True)
        cells = dataset.explain(row)
        assert len(cells) == observation["n_cells"]
        assert set(cells["national_code"]) <= set(observation["national_codes"].split("+"))
        for line, column, text in zip(cells["row"], cells["column"], cells["text"], strict=True):
            assert world.rows[line - 2][world.header.index(column)] == text
        notes = cells["correction"] if "correction" in cells else [""] * len(cells)
        corrected = {one["expect"]: one.get("value", "") for one in world.mapping.get("corrections", ())}
        if observation["value"] is not None:
            read = [corrected[text] if note else text for text, note in zip(cells["text"], notes, strict=True)]
            figures = [text for text in read if text]  # a blank beside a flag that means nil is 0
            assert sum(rule.answer(text).value or 0 for text in figures) / scale == observation["value"]


@settings(max_examples=60, deadline=None)
@given(world=worlds(), form=st.sampled_from(["csv", "parquet"]))
def test_what_goes_out_parses_back(tmp_path_factory: Temp, world: World, form: str) -> None:
    top = tmp_path_factory.mktemp("law")
    dataset = built(top, world)
    path = dataset.write(top / "out", format="parquet" if form == "parquet" else "csv")
    assert_frame_equal(read_observations(path), dataset.table)


@pytest.mark.parametrize("code", ["A+B", "1/4.1/4.2", "106*x", "A | B"])
def test_any_code_can_be_explained(tmp_path: Path, code: str) -> None:
    world = source([CASES], [detail(code), detail("C")], absent_code="zero")
    world.rows = [["0", code, "2018", "5"], ["1", "C", "2018", "6"]]
    dataset = built(tmp_path, world)
    assert dataset.table["value"].to_list() == [11.0]
    assert sorted(dataset.explain(0)["text"]) == ["5", "6"]


def test_a_rate_of_any_size_can_be_written(tmp_path: Path) -> None:
    rate = {"header": "Rate", "measure": {"indicator": "OFFENCES_RECORDED", "unit": "offence_per_100k"}}
    world = source([rate], [detail("A1")])
    world.rows = [["0", "A1", "2018", "1" * 25]]
    dataset = built(tmp_path, world)
    if dataset.ok:  # or the figure is refused: both are sound, a crash is not
        assert_frame_equal(read_observations(dataset.write(tmp_path / "out")), dataset.table)


def test_sums_that_would_not_be_exact_are_a_finding_and_no_crash(tmp_path: Path) -> None:
    world = source([CASES], [detail("A1")], same_key="add")
    world.rows = [[str(i), "A1", "2018", str(2**53 - 1)] for i in range(3)]
    dataset = built(tmp_path, world)
    assert not dataset.ok
