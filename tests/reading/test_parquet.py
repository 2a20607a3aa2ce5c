"""Parquet files: read whole or refused, whatever has happened to their bytes."""

from __future__ import annotations

import io
import random
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from building.submissions import ROW, rows

from harmonize import api as hz
from harmonize.model.finding import Problem
from harmonize.reading import parquet
from harmonize.reading.source import open_source


def read(path: Path) -> pl.DataFrame:
    source = open_source(path)
    return pl.concat(parquet.batches(source, {name: at for at, name in enumerate(parquet.names_in(source))}))


def outcome(path: Path) -> pl.DataFrame | Problem:
    try:
        return read(path)
    except Problem as problem:
        return problem


def written(path: Path, frame: pl.DataFrame) -> Path:
    frame.write_parquet(path, row_group_size=20_000, data_page_size=1_000)
    return path


@pytest.mark.parametrize("seed", range(150))
def test_a_damaged_file_is_refused_or_has_all_its_rows(tmp_path: Path, seed: int) -> None:
    """Polars' reader lost 250,000 of 1,000,000 rows of such a file, and of another one took the process with it."""
    numbers = pl.Series("value", range(50_000))
    path = written(tmp_path / "f.parquet", pl.DataFrame({"value": numbers, "sex": numbers.cast(pl.String).str.head(1)}))
    chance = random.Random(seed)
    text = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 3)):
        at = chance.choice((chance.randrange(4, len(text)), len(text) - chance.randint(1, 700)))
        text[at] ^= 1 << chance.randrange(8)
    path.write_bytes(text)
    found = outcome(path)
    if isinstance(found, Problem):
        assert {one.rule for one in found.findings} <= {"file-unreadable", "file-too-large"}
    else:
        assert found.height == numbers.len()


def test_a_file_cut_off_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "f.parquet", pl.DataFrame(rows({}, {})))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(Problem, match="is no readable Parquet file, or is damaged"):
        read(path)


def test_numbers_of_four_bytes_are_what_they_were_written_as(tmp_path: Path) -> None:
    path = written(tmp_path / "f.parquet", pl.DataFrame({"value": pl.Series([0.1, 12.0, None], dtype=pl.Float32)}))
    assert read(path)["value"].to_list()[0] == "0.1"
    assert float(read(path)["value"][1]) == 12


def test_blank_rows_are_passed_over_and_names_may_have_spaces(tmp_path: Path) -> None:
    blank = dict.fromkeys(ROW, "")
    table = pl.DataFrame([*rows({}), blank, {**ROW, "time_period": "2020", "value": "x"}]).rename({"value": "value "})
    path = written(tmp_path / "f.parquet", table)
    found = hz.validate([path])
    [line] = [line for line in found.findings.to_dict("records") if line["rule"] != "metadata-incomplete"]
    assert (line["rule"], line["row"], line["text"]) == ("number-format", 4, "x")


def test_a_column_of_lists_is_no_column_of_figures(tmp_path: Path) -> None:
    path = written(tmp_path / "f.parquet", pl.DataFrame({"value": [[1]]}))
    with pytest.raises(Problem, match="the column 'value' holds neither texts nor numbers, but"):
        read(path)


def test_a_table_that_claims_too_many_rows_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MOST_ROWS", 2)
    with pytest.raises(Problem, match="has more than 2 rows"):
        read(written(tmp_path / "f.parquet", pl.DataFrame({"value": [1, 2, 3]})))


def test_a_row_group_that_is_named_many_times_is_not_read(tmp_path: Path) -> None:
    """536 KB that named one a thousand times took 3.7 GB, and the process with it."""
    from pyarrow import parquet as arrow

    path = written(tmp_path / "f.parquet", pl.DataFrame({"value": range(20_000)}))
    metadata = arrow.read_metadata(path)
    for _ in range(4):
        metadata.append_row_groups(metadata)
    footer = io.BytesIO()
    metadata.write_metadata_file(footer)
    path.write_bytes(path.read_bytes()[:-8] + footer.getvalue()[4:])
    assert arrow.ParquetFile(path).metadata.num_row_groups == 16
    with pytest.raises(Problem, match=r"its columns claim [0-9,]+ bytes, more than it has"):
        read(path)


def test_a_column_without_a_name_is_lost_for_nobody(tmp_path: Path) -> None:
    path = written(tmp_path / "f.parquet", pl.DataFrame({**ROW, "": ["F"]}))
    with pytest.raises(Problem, match="a column has no name"):
        read(path)


@pytest.mark.parametrize(("length", "message"), [(10_000, "more than 256 MB"), (140_000, "more than 131,072 bytes")])
@pytest.mark.parametrize("kind", [pl.String, pl.Categorical], ids=["texts", "categories"])
def test_a_long_text_in_many_rows_is_refused(
    tmp_path: Path, kind: type[pl.DataType], length: int, message: str
) -> None:
    """It is stored once: 18 KB took 11 GB of memory."""
    texts = pl.Series("source", ["x" * length]).new_from_index(0, 60_000).cast(kind)
    texts.to_frame().write_parquet(tmp_path / "f.parquet")
    assert (tmp_path / "f.parquet").stat().st_size < 100_000
    found = outcome(tmp_path / "f.parquet")
    assert isinstance(found, Problem)
    assert message in str(found)


@pytest.mark.parametrize("kind", ["list", "fixed"])
def test_a_type_of_which_each_value_may_take_any_room_is_refused_unread(tmp_path: Path, kind: str) -> None:
    """Lists and binaries of a fixed size were made before their type was looked at: 9 GB of 20 KB."""
    import pyarrow as pa
    from pyarrow import parquet as arrow

    types = {"list": pa.list_(pa.string()), "fixed": pa.binary(4)}
    values = {"list": [["x"]], "fixed": [b"abcd"]}
    arrow.write_table(pa.table({"sex": pa.array(values[kind], types[kind])}), tmp_path / "a.parquet")
    with pytest.raises(Problem, match="the column 'sex' holds neither texts nor numbers"):
        parquet.names_in(open_source(tmp_path / "a.parquet"))


@pytest.mark.parametrize(("written", "shown"), [("5.000", "5"), ("0.000", "0"), ("1.219", "1.219"), ("-2.50", "-2.50")])
def test_a_number_of_fixed_decimals_means_no_thousands(tmp_path: Path, written: str, shown: str) -> None:
    """Databases export counts as DECIMAL(38, 3); as a text `5.000` is refused."""
    path = tmp_path / "f.parquet"
    pl.DataFrame({"value": [Decimal(written), None]}).write_parquet(path)
    [batch] = parquet.batches(open_source(path), {"value": 0})
    assert batch["value"].to_list() == [shown]
