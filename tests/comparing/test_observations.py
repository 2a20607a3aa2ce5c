"""What a comparison is given: a table that was built is taken as it is, a submission means what it leaves out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from building.submissions import ROW

import harmonize as hz
from harmonize.comparing.observations import observations_of
from harmonize.model.observation import COLUMNS


def submission(**changes: str) -> pd.DataFrame:
    """Every contract column, in order, as a template has them; only what must be there is filled in."""
    return pd.DataFrame([{**dict.fromkeys(COLUMNS, ""), **ROW, **changes}])


@pytest.mark.parametrize("kind", ["file", "frame"])
def test_a_submission_with_all_columns_is_no_dataset(tmp_path: Path, kind: str) -> None:
    """Without its bounds 10 was `within rounding` of 99."""
    sides: list[Path | pd.DataFrame] = [submission(value="10"), submission(value="99")]
    if kind == "file":
        for at, side in enumerate(sides):
            assert isinstance(side, pd.DataFrame)
            side.to_csv(tmp_path / f"{at}.csv", index=False)
        sides = [tmp_path / "0.csv", tmp_path / "1.csv"]
    found = hz.reconcile(sides[0], sides[1])
    assert found[["value_a", "value_b", "verdict"]].to_numpy().tolist() == [[10, 99, "differs"]]
    [row] = observations_of(sides[0]).to_dicts()
    assert (row["sex"], row["lower"], row["upper"], row["obs_status"]) == ("_T", 10, 10, "A")


@pytest.mark.parametrize("changes", [{"offence": "SOMM"}, {"value": "10,5"}, {"time_period": "20"}])
def test_what_a_table_cannot_mean_is_said(changes: dict[str, str]) -> None:
    with pytest.raises(hz.Problem):
        hz.coverage(submission(**changes))


def test_a_dataset_is_taken_as_it_is(tmp_path: Path) -> None:
    dataset = hz.build(submission())
    dataset.write(tmp_path)
    for given in (dataset, dataset.observations, tmp_path, tmp_path / "observations.csv"):
        assert observations_of(given).equals(observations_of(dataset))
        assert observations_of(given)["source"].cast(str).to_list() == ["submission"]


def test_a_submission_in_parquet_is_no_dataset(tmp_path: Path) -> None:
    """As `--previous` it was refused: its names were looked for as those of a dataset."""
    short, whole, words = (tmp_path / f"{name}.parquet" for name in ("short", "whole", "words"))
    pd.DataFrame([ROW]).to_parquet(short)
    submission().to_parquet(whole)
    for path in (short, whole):
        assert observations_of(path)["value", "lower", "upper", "obs_status"].row(0) == (12, 12, 12, "A")
    hz.build(submission()).observations.astype(str).to_parquet(words)
    assert observations_of(words)["value"].to_list() == [12.0]


@pytest.mark.parametrize("content", [b"PAR1" + bytes(100) + b"PAR1", b"PAR1", bytes(10), b""])
def test_a_damaged_parquet_file_is_said_to_be(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "last.parquet"
    path.write_bytes(content)
    with pytest.raises(hz.Problem) as trouble:
        observations_of(path)
    assert Path(trouble.value.findings[0].file).name == "last.parquet"
