"""The whole job as one Pydantic model per row: the model holds every rule, the loop adds up."""

import csv
import re
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from job import AGE, FINDING, OBSERVATION, SEX, arguments, tables
from pydantic import BaseModel, BeforeValidator, ValidationError, ValidationInfo

GROUPED = "|".join(f"(?:{mark}[0-9]{{3}})+" for mark in (" ", "\u00a0", "\u202f", r"\."))
NUMBER = re.compile(rf"([0-9]+|[0-9]{{1,3}}(?:{GROUPED}))(?: [bp])?")
NOT_DIGIT = re.compile("[^0-9]")
FISCAL_YEAR = re.compile("([0-9]{4})/([0-9]{2})")


class Bounds(NamedTuple):
    """What a figure's text says: the number if it is exact, and what it lies between (None = open)."""

    value: int | None
    lower: int
    upper: int | None


def read_figure(text: str) -> Bounds:
    """Read a figure, or say that no rule accepts it."""
    if NUMBER.fullmatch(text):
        number = int(NOT_DIGIT.sub("", text))
        return Bounds(number, number, number)
    if text == "<5":
        return Bounds(None, 1, 4)
    if text in ("", ":", "..", "c"):
        return Bounds(None, 0, None)
    if text == "-":
        return Bounds(0, 0, 0)
    raise ValueError("not a figure")


def read_year(text: str) -> str:
    """Read a fiscal year, whose second part must be the following year."""
    match = FISCAL_YEAR.fullmatch(text)
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        raise ValueError("not a fiscal year")
    return f"{match[1]}-04-01/P1Y"


def decode(text: str, info: ValidationInfo) -> str:
    """Look a text up in the code table of its field."""
    codes: dict[str, str] = info.context[info.field_name] if info.context else {}
    if text not in codes:
        raise ValueError("no such code")
    return codes[text]


Code = Annotated[str, BeforeValidator(decode)]


class Row(BaseModel):
    """One record of the file, decoded."""

    district: Code
    fiscal_year: Annotated[str, BeforeValidator(read_year)]
    offence_code: Code
    sex: Code
    age_group: Code
    citizenship: Code
    figure: Annotated[Bounds, BeforeValidator(read_figure)]


def validated(record: dict[str, str], context: dict[str, Any]) -> tuple[Row, bool]:
    """The row, and whether its figure was refused and counts as unknown; any other error stops the run."""
    try:
        return Row.model_validate(record, context=context), False
    except ValidationError as error:
        if any(detail["loc"] != ("figure",) for detail in error.errors()):
            raise
        return Row.model_validate(record | {"figure": ""}, context=context), True


def run(source: Path, folder: Path, out: Path) -> None:
    """Read row by row, add up in a dictionary, write at the end."""
    district, offence, citizenship = tables(folder)
    context: dict[str, Any] = {
        "district": district,
        "offence_code": offence,
        "citizenship": citizenship,
        "sex": SEX,
        "age_group": AGE,
    }
    sums: dict[tuple[str, ...], list[int]] = {}
    with (
        source.open(encoding="utf-8", newline="") as handle,
        (out / "findings.csv").open("w", encoding="utf-8", newline="") as bad,
    ):
        reader = csv.DictReader(handle)
        findings = csv.writer(bad)
        findings.writerow(FINDING)
        for record in reader:
            if record["offence_code"] not in offence:
                continue
            row, refused = validated(record, context)
            if refused:
                findings.writerow((reader.line_num, "figure", record["figure"]))
            key = row.district, row.fiscal_year, row.offence_code, row.sex, row.age_group, row.citizenship
            cell = sums.setdefault(key, [0, 0, 0, 0, 0])
            value, lower, upper = row.figure
            cell[0] += lower
            cell[1] += upper or 0
            cell[2] += upper is None
            cell[3] += value is None
            cell[4] += 1
    with (out / "observations.csv").open("w", encoding="utf-8", newline="") as good:
        writer = csv.writer(good)
        writer.writerow(OBSERVATION)
        for keys, (lower_sum, upper_sum, unbounded, inexact, cells) in sums.items():
            value_text = "" if inexact else lower_sum
            writer.writerow((*keys, value_text, lower_sum, "" if unbounded else upper_sum, cells))


if __name__ == "__main__":
    run(*arguments())
