"""Loads what people write: the common definitions in schemas/ and the mappings, each mistake with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from . import plain_yaml
from .axis import TABLE_NAME
from .code_row import CodeRow
from .finding import Finding, Problem, Severity, problem
from .mapping import Mapping, Outline
from .mistake import mistakes
from .nearest import SHORT, edits, nearest, plain
from .plain_table import read_table

if TYPE_CHECKING:
    from .codelist import Codelist
    from .offence import Offence
    from .refusal import Refusal
    from .statistics import Statistics

Read = TypeVar("Read", bound=BaseModel)

LISTS = {"offence": ("offence_tree", "offence"), "citizenship": ("ref_area", "citizenship")}
"""Columns of the dataset with codes of several lists, or of one that is called otherwise."""

NEARLY_THE_LABEL = 0.8
MOST_EDITS = 2
"""How alike a text and a label are, where the label is suggested."""


@cache
def data_folder(name: str) -> Path:
    """Where `schemas` or `mappings` lies: inside the installed package, or at the top of a checkout."""
    inside = Path(str(resources.files("harmonize"))) / "_data" / name
    return inside if inside.is_dir() else Path(__file__).parents[3] / name


def _invalid(path: Path, error: ValidationError, line_of: Any, known: list[str]) -> Problem:
    return Problem(
        *(
            Finding(
                rule="mapping-invalid",
                severity=Severity.ERROR,
                file=str(path),
                row=line_of(one.at),
                column=".".join(map(str, one.at)),
                text=one.text,
                message=one.message,
                suggestion=one.suggestion,
            )
            for one in mistakes(error, known)
        )
    )


@cache
def offences() -> dict[str, Offence]:
    """The common offences by code, in the order of schemas/offences.yaml."""
    from .offence import Offences  # a build asks for definitions only where a mapping cites the law

    found = read_yaml(data_folder("schemas") / "offences.yaml", Offences).offences
    return {offence.code: offence for offence in found}


@cache
def codelist(name: str) -> Codelist:
    """A codelist of schemas/codelists by name, such as `indicator` or `ref_area`."""
    from .codelist import Code, Codelist  # a build needs no more than the codes

    return Codelist(name=name, codes=tuple(Code.model_validate(row) for row in codelist_rows(name)))


def codelist_rows(name: str) -> list[dict[str, str]]:
    """A codelist as it is written, every cell a text."""
    return [row for _, row in read_table(_codelist_path(name))]


def _codelist_path(name: str) -> Path:
    return data_folder("schemas") / "codelists" / f"{name}.csv"


@cache
def known_codes(name: str) -> tuple[str, ...]:
    """The codes of a codelist alone, without reading what they mean."""
    return tuple(row["code"] for row in codelist_rows(name))


@cache
def _by_name(column: str) -> dict[str, str]:
    """The codes of a column by their labels in small letters; those of countries by their two letters, too."""
    rows = [row for name in LISTS.get(column, (column,)) for row in codelist_rows(name)]
    two = {row["iso2"]: row["code"] for row in rows if row.get("iso2")}  # ISO 3166-1 alpha-2
    if two:
        two |= {"UK": "GBR", "EL": "GRC"}  # as the EU writes them (Interinstitutional style guide, annex A5)
    return {name.casefold(): code for name, code in ({row["label"]: row["code"] for row in rows} | two).items()}


def nearest_codes(column: str, text: str, known: Iterable[str]) -> list[str]:
    """The known codes of a column that a text may mean: the one of that name, else those that look most like it.

    >>> nearest_codes("ref_area", "uk", ("GBR", "CAN")), nearest_codes("ref_area", "CNA", ("GBR", "CAN"))
    (['GBR'], ['CAN'])
    >>> nearest_codes("offence", "Trafficking in persons", offence_codes()), nearest_codes("sex", "male", ("F", "M"))
    (['TIP'], ['M'])
    """
    known, names = tuple(known), _by_name(column)
    code = names.get(plain(text).casefold())
    if code in known:
        return [code]
    by_label = [names[label] for label in nearest(text, names, cutoff=NEARLY_THE_LABEL)]
    most = max(MOST_EDITS, len(text) // 3)
    alike = [code for code in nearest(text, known) if edits(text[:SHORT].lower(), code.lower()) <= most]
    return alike or [code for code in by_label if code in known]


@cache
def offence_codes() -> tuple[str, ...]:
    """The codes of the dataset's column `offence`: the common offences, and what stands where there is none."""
    return known_codes("offence_tree") + known_codes("offence")


@cache
def citizenship_codes() -> tuple[str, ...]:
    """The codes of the dataset's column `citizenship`: those of its list, and countries (docs/reference/dataset.md).
    Nobody is a citizen of a part of a country, and groups of citizens have codes of their own.

    >>> [code in citizenship_codes() for code in ("SYR", "XKX", "FOR", "WORLD", "EU28", "US-RI")]
    [True, True, True, False, False, False]
    """
    countries = (row["code"] for row in codelist_rows("ref_area") if row["kind"] in ("country", "other"))
    return known_codes("citizenship") + tuple(countries)


def nearest_citizenships(text: str) -> list[str]:
    """The citizenships that a text may mean; citizens of the Union have codes whatever its members (EU28).

    >>> nearest_citizenships("EU28"), nearest_citizenships("Syria"), nearest_citizenships("SY")
    (['EU27_2020', 'EU_FOR'], ['SYR'], ['SYR'])
    """
    union = [code for code in known_codes("citizenship") if code.startswith("EU") and text.startswith("EU")]
    return nearest_codes("citizenship", text, citizenship_codes()) or union


@cache
def shared_table(name: str) -> dict[str, str] | None:
    """A table for axes: text to code. A codelist stands for its own codes; None where there is no such table."""
    if not _codelist_path(name).is_file():
        return None
    return {row.get("name", row["code"]): row["code"] for row in codelist_rows(name)}


OF_AN_AREA = ("law.yaml", "statistics.yaml", "*/mapping.yaml", "*/refusal.yaml")
"""What the folder of an area may hold."""


def tops(extra: Path | None = None) -> tuple[Path, ...]:
    """The folders whose folders are areas, the user's own first.

    Raises:
        Problem: the user's own is no such folder; where one is near, it is named.
    """
    if extra is None:
        return (data_folder("mappings"),)
    if not _has_areas(extra):
        message = "is no folder of mappings: these lie in it as AREA/SOURCE/mapping.yaml"
        near = next((str(one) for one in (extra.parent, extra.parent.parent, *_folders(extra)) if _has_areas(one)), "")
        raise problem("mapping-unreadable", message, file=str(extra), suggestion=near)
    return (extra, data_folder("mappings"))


def _has_areas(folder: Path) -> bool:
    return any(next(folder.glob(f"*/{name}"), None) for name in OF_AN_AREA)


def _folders(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []


def mapping_folders(extra: Path | None = None) -> Iterator[tuple[str, Path]]:
    """Id and folder of every mapping, the user's own folder first."""
    return _source_folders("mapping.yaml", extra)


def refusal_folders(extra: Path | None = None) -> Iterator[tuple[str, Path]]:
    """Id and folder of every source that cannot answer, the user's own folder first."""
    return _source_folders("refusal.yaml", extra)


def _source_folders(file: str, extra: Path | None) -> Iterator[tuple[str, Path]]:
    seen = set()
    for top in tops(extra):
        for path in sorted(top.glob(f"*/*/{file}")):
            name = _id(path.parent)
            if name not in seen:
                seen.add(name)
                if top == extra:
                    refuse_links_out_of(extra, path.parent)
                yield name, path.parent


def refuse_links_out_of(top: Path, folder: Path) -> None:
    """Nothing is read outside of the folder that was given.

    Raises:
        Problem: the folder, or a file in it, is a link that leads out of `top`.
    """
    for path in [folder, *folder.iterdir(), *folder.parent.glob("*.yaml")]:
        if not path.resolve().is_relative_to(top.resolve()):
            raise problem("mapping-unreadable", f"is a link that leads out of {top}", file=str(path))


NEEDED = tuple(name for name, field in CodeRow.model_fields.items() if field.is_required())
"""The columns that every codes.csv has."""


def _codes(path: Path) -> tuple[tuple[CodeRow, ...], list[int]]:
    rows: list[CodeRow] = []
    lines: list[int] = []
    findings: list[Finding] = []
    for line, row in read_table(path, NEEDED):
        try:
            rows.append(CodeRow.model_validate(row))
            lines.append(line)
        except ValidationError as error:
            findings += _invalid(path, error, lambda _, line=line: line, list(CodeRow.model_fields)).findings
    if findings:
        raise Problem(*findings)
    return tuple(rows), lines


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _tables(data: dict[str, Any], folder: Path) -> dict[str, dict[str, str]]:
    """Every table the axes name: a csv beside the mapping (columns text, code), or one of schemas/codelists."""
    names = {
        str(entry["table"])
        for axis in data.values()
        if isinstance(axis, dict)
        for entry in _listed(axis.get("read"))
        if isinstance(entry, dict) and re.fullmatch(TABLE_NAME, str(entry.get("table", "")))
    }  # a name that is none is a mistake that the model finds
    tables = {}
    for name in sorted(names):
        own = folder / f"{name}.csv"
        shared = None if own.is_file() else shared_table(name)
        if shared is None:
            tables[name] = {row["text"]: row["code"] for _, row in read_table(own, ("text", "code"))}
        else:
            tables[name] = shared
    return tables


def _every_key(model: type[BaseModel]) -> list[str]:
    """Every key that a file of this model can have at any depth, for suggestions."""
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return sorted({key for part in parts for key in part.get("properties", {})})


def _validated(model: type[Read], data: Any, path: Path, lines: plain_yaml.Lines) -> Read:
    """Data of a YAML file as its model; each mistake with the line it stands on."""
    try:
        return model.model_validate(data)
    except ValidationError as error:

        def line_of(at: tuple[str | int, ...]) -> int:
            return next((lines[at[:n]] for n in range(len(at), -1, -1) if at[:n] in lines), 1)

        raise _invalid(path, error, line_of, _every_key(model)) from error


def read_yaml(path: Path, model: type[Read]) -> Read:
    """A YAML file that people write, as its model.

    Raises:
        Problem: every mistake that a single value shows, with file and line.
    """
    data, lines = plain_yaml.load(path)
    return _validated(model, data, path, lines)


def read_outline(folder: Path) -> Outline:
    """The layout of one mapping folder, without reading the rest.

    Raises:
        Problem: every mistake in it that a single value shows, with file and line.
    """
    path = folder / "mapping.yaml"
    data, lines = plain_yaml.load(path, only="layout")
    layout = data.get("layout") if isinstance(data, dict) else None
    return _validated(Outline, {"id": _id(folder), "folder": folder, "layout": layout}, path, lines)


def _id(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


def read_mapping(folder: Path) -> tuple[Mapping, list[int]]:
    """Read one mapping folder: mapping.yaml, codes.csv and the tables beside them.

    Returns:
        The mapping, and the line of each of its code rows.

    Raises:
        Problem: every mistake that a single value shows, with file and line.
    """
    path = folder / "mapping.yaml"
    data, lines = plain_yaml.load(path)
    if not isinstance(data, dict):
        raise problem("mapping-invalid", "is not a mapping of keys to values", file=str(path))
    codes, code_lines = _codes(folder / "codes.csv")
    whole = {**data, "id": _id(folder), "codes": codes, "tables": _tables(data, folder)}
    mapping = _validated(Mapping, whole, path, lines)
    return mapping, code_lines


def read_refusal(folder: Path) -> tuple[Refusal, plain_yaml.Lines]:
    """Read the refusal.yaml of a folder.

    Returns:
        The refusal, and the line of every value.

    Raises:
        Problem: every mistake that a single value shows, with file and line.
    """
    from .refusal import Refusal  # needed only where no mapping fits

    path = folder / "refusal.yaml"
    data, lines = plain_yaml.load(path)
    whole = {**data, "id": _id(folder)} if isinstance(data, dict) else data
    return _validated(Refusal, whole, path, lines), lines


def statistics_files(extra: Path | None = None) -> Iterator[Path]:
    """The statistics.yaml of every area, the user's own folder first."""
    seen = set()
    for top in tops(extra):
        for path in sorted(top.glob("*/statistics.yaml")):
            if path.parent.name not in seen:
                seen.add(path.parent.name)
                yield path


def read_statistics(path: Path) -> tuple[Statistics, plain_yaml.Lines]:
    """Read the statistics.yaml of an area; as `read_refusal`."""
    from .statistics import Statistics  # no build needs it

    data, lines = plain_yaml.load(path)
    return _validated(Statistics, data, path, lines), lines
