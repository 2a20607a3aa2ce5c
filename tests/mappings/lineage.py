"""The lineage test: the cells behind a figure, read in the files without harmonize, must make it again."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from harmonize.building.dataset import Dataset

from .facts import FACTS, ROUNDED_RATES, Cell, Row, reading
from .raw import beside, pick, published, sheet_rows


def made_again(row: Row, cells: list[Row], files: dict[str, Path], own: pd.DataFrame, wrong: set[str]) -> None:
    """Looks up the cells of one observation in the files and adds them.

    Args:
        row: the observation.
        cells: what is behind it, as `explain` says.
        files: by their names.
        own: all observations of its source.
        wrong: what `found_wrong` gives.
    """
    facts = FACTS[row["source"]]
    where = f"observation {row}\n{cells[:12]}"
    assert len(cells) == row["n_cells"], where
    assert len({(one["file"], one["sheet"], one["row"], one["column"]) for one in cells}) == len(cells), where
    if not cells:
        return
    assert {one["national_code"] for one in cells} == set(row["national_codes"].split("+")), where
    years = _years(row["time_period"], facts.fiscal)
    for cell in cells:
        path = files[cell["file"]]
        assert cell["text"] == published(path, facts, cell), where
        around = beside(path, facts, cell)
        if cell["national_code"] != facts.title:
            words = {" ".join(one.split()) for one in cell["national_code"].split("|")}
            assert words <= around, f"{cell} is a figure of something else\n{where}"
        labels = {path.name, cell["sheet"], *around}
        assert any(year in one for one in labels for year in years), f"{cell} is of another year\n{where}"
    in_part = facts.lacks(row) or (facts.gaps and _has_gaps(own, row, cells[0], files, where))
    places = ROUNDED_RATES.get(row["source"]) if "_per_" in row["unit"] else None
    if not (pd.isna(row["value"]) and _name(row) in wrong):
        _adds_up(row, [reading(one["text"], facts, places) for one in cells], in_part, facts.overlap(row), where)


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame, each by column."""
    return [{str(name): one for name, one in row.items()} for row in frame.to_dict("records")]


def _years(period: str, fiscal: int) -> list[str]:
    """How a source may name the year: a fiscal year by its end (`2018`), or by both years (`2017/18`)."""
    start = int(period[:4])
    if fiscal == 1:
        return [str(start)]
    month = 3 * int(period[6]) - 2 if "Q" in period else int(period[5:7])
    start -= month < fiscal
    return [str(start + 1), f"{start}/{(start + 1) % 100:02}"]


def found_wrong(dataset: Dataset) -> set[str]:
    """The figures of which a finding says that they cannot be right, so that they make no value."""
    rules = ("part-above-total", "parts-above-total", "identifier-as-count")
    messages = dataset.findings.loc[dataset.findings["rule"].isin(rules), "message"]
    return {message.partition("): ")[0] + ")" for message in messages}


def _name(row: Row) -> str:
    """A figure as findings name it."""
    key = " ".join(row[name] for name in ("ref_area", "time_period", "offence", "indicator"))
    details = "".join(f", {name} {row[name]}" for name in ("sex", "age", "citizenship", "form") if row[name] != "_T")
    return f"{key}{details} ({row['unit']})"


def _adds_up(row: Row, cells: list[Cell], in_part: bool, overlap: bool, where: str) -> None:
    """The cells make the figure, or its bounds where some are missing, are only a part, or count some of the same."""
    low = [cell.low for cell in cells]
    exact = [cell.value for cell in cells if cell.value is not None]
    high = [cell.high for cell in cells if cell.high is not None]
    overlap = overlap and len(cells) > 1
    assert row["lower"] == (max(low) if overlap else sum(low)), where
    if in_part or len(high) < len(cells):
        assert pd.isna(row["upper"]), where
        assert "O" in row["obs_status"], where
    else:
        assert row["upper"] == sum(high), where
        assert "O" not in row["obs_status"], where
    if overlap:
        assert set(row["obs_status"]) & set("LU"), where
    if overlap or in_part or len(exact) < len(cells):
        assert pd.isna(row["value"]), where
    else:
        assert row["value"] == sum(exact), where


def _has_gaps(obs: pd.DataFrame, row: Row, cell: Row, files: dict[str, Path], where: str) -> bool:
    """Whether codes of the figure lack; then the sheet has no row for them in the territory."""
    alike = pick(obs, **{name: row[name] for name in ("offence", "indicator", "citizenship", "edition")})
    absent = set("+".join(alike["national_codes"]).split("+")) - set(row["national_codes"].split("+"))
    sheet = sheet_rows(files[cell["file"]], cell["sheet"])
    code, _, territory = sheet[cell["row"] - 1][:3]
    assert code == cell["national_code"], where
    assert not absent & {one[0] for one in sheet if one[2] == territory}, where
    return bool(absent)
