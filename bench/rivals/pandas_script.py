"""The whole job in idiomatic pandas: read, map, `.str` over every row, group by, write."""

from pathlib import Path

import pandas as pd
from job import AGE, FINDING, KEYS, OBSERVATION, SEX, USED, arguments, tables

GROUPED = "|".join(rf"(?:{mark}[0-9]{{3}})+" for mark in (" ", "\u00a0", "\u202f", r"\."))
NUMBER = rf"([0-9]+|[0-9]{{1,3}}(?:{GROUPED}))(?: [bp])?"
UNKNOWN = ["", ":", "..", "c"]


def run(source: Path, folder: Path, out: Path) -> None:
    """Everything in memory, one column after the other."""
    district, offence, citizenship = tables(folder)
    frame = pd.read_csv(source, dtype=str, usecols=USED, keep_default_na=False, na_filter=False)
    frame = frame[frame["offence_code"].isin(offence.keys())]

    keys = pd.DataFrame(index=frame.index)
    keys["ref_area"] = frame["district"].map(district)
    years = frame["fiscal_year"].str.extract(r"^([0-9]{4})/([0-9]{2})$").astype("Int64")
    follows = (years[0] + 1) % 100 == years[1]
    keys["time_period"] = (years[0].astype("string") + "-04-01/P1Y").where(follows)
    keys["offence"] = frame["offence_code"].map(offence)
    keys["sex"] = frame["sex"].map(SEX)
    keys["age"] = frame["age_group"].map(AGE)
    keys["citizenship"] = frame["citizenship"].map(citizenship)
    if keys.isna().any(axis=None):
        raise SystemExit("a text of a clean column is in no code table")

    text = frame["figure"]
    number = text.where(text.str.fullmatch(NUMBER)).str.replace("[^0-9]", "", regex=True)
    exact = pd.to_numeric(number).mask(text == "-", 0)
    few = text == "<5"
    refused = exact.isna() & ~few & ~text.isin(UNKNOWN)
    cells = keys.assign(
        lower=exact.mask(few, 1).fillna(0).astype("int64"),
        upper=exact.mask(few, 4).fillna(0).astype("int64"),
        open=exact.isna() & ~few,
        inexact=exact.isna(),
    )
    sums = (
        cells.groupby(KEYS, sort=True)
        .agg(
            lower=("lower", "sum"),
            upper=("upper", "sum"),
            open=("open", "any"),
            inexact=("inexact", "any"),
            n_cells=("lower", "size"),
        )
        .reset_index()
    )
    sums["value"] = sums["lower"].astype("Int64").mask(sums["inexact"])
    sums["upper"] = sums["upper"].astype("Int64").mask(sums["open"])
    sums[OBSERVATION].to_csv(out / "observations.csv", index=False)

    bad = frame.loc[refused, ["figure"]].rename(columns={"figure": "text"})
    bad = bad.assign(row=bad.index + 2, column="figure")
    bad[FINDING].to_csv(out / "findings.csv", index=False)


if __name__ == "__main__":
    run(*arguments())
