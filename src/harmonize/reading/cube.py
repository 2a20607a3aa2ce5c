"""json-stat cubes (1.x and 2.0) as the table their publisher would write: one row per combination of categories.

The specification: https://json-stat.org/full. `value` holds the figures in row-major order of the dimensions in `id`,
as an array, or as an object by position where most are missing; `status` holds their marks.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, product
from typing import Any

from ..model.finding import problem
from ..model.nearest import plain
from .grid import Grid, Value, as_text
from .source import Source
from .strict_json import load

MOST_CELLS = 3_000_000
MOST_DIMENSIONS = 50  # cells of many dimensions of one category each
VALUE = "value"
"""The list of figures in the file, and their header where no dimension stands across."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Dimension:
    """A dimension: its label, and the labels of its categories in order."""

    label: str
    texts: list[str]


@dataclass(frozen=True)
class Cube:
    """One json-stat dataset: the figure at a position, None where there is none, and its status ('' = none)."""

    dimensions: list[Dimension]
    values: list[Value] | dict[int, Value]
    status: list[str] | dict[int, str]

    def text(self, position: int, decimal: str) -> str:
        """A cell as a text: the figure, its status after a blank; where there is no figure the status alone."""
        values, marks = self.values, self.status
        value = values[position] if isinstance(values, list) else values.get(position)
        mark = marks[position] if isinstance(marks, list) else marks.get(position, "")
        number = format(value, "f").replace(".", decimal) if isinstance(value, Decimal) else as_text(value)
        return f"{number} {mark}" if number and mark else number or mark

    def grid(self, across: str | None, decimal: str = ".", rows: int | None = None) -> Grid:
        """The cube as a table; with `rows`, only its first rows.

        A place in it is no line of the file: its "sheet" is `value`, and a row is numbered by the position of its
        first figure there, counted from 1. `offsets` tell how much further the figures of the other columns stand,
        so that each cell's own position is known.
        """
        sizes = [len(one.texts) for one in self.dimensions]
        strides = [math.prod(sizes[at + 1 :]) for at in range(len(sizes))]
        wide = next((at for at, one in enumerate(self.dimensions) if plain(one.label) == plain(across or "")), None)
        down = [at for at in range(len(sizes)) if at != wide]
        headers = [VALUE] if wide is None else self.dimensions[wide].texts
        steps = [0] if wide is None else [strides[wide] * at for at in range(sizes[wide])]
        grid = Grid(VALUE, [[*(self.dimensions[at].label for at in down), *headers]], [0], decimal=decimal)
        grid.offsets = [0] * len(down) + steps
        wanted = None if rows is None else max(0, rows - 1)
        for picked in islice(product(*(range(sizes[at]) for at in down)), wanted):
            first = sum(strides[at] * category for at, category in zip(down, picked, strict=True))
            names: list[Value] = [self.dimensions[at].texts[one] for at, one in zip(down, picked, strict=True)]
            grid.rows.append(names + [self.text(first + step, decimal) for step in steps])
            grid.numbers.append(first + 1)
        return grid


class _NotUnderstood(Exception):  # noqa: N818  (becomes a Problem with the file's name)
    """The cube says something that this reader does not know, or contradicts itself."""


def read_cube(source: Source) -> Cube:
    """The one dataset of a json-stat file.

    Raises:
        Problem: no JSON, no json-stat of one dataset, or a cube that contradicts itself.
    """
    found = load(source)
    try:
        return _cube(_dataset(found))
    except _NotUnderstood as error:
        message = f"is no json-stat cube that can be understood: {error}"
        raise problem("file-unreadable", message, file=source.name) from error


def _dataset(found: Any) -> dict[str, Any]:
    root = _an_object(found, "the file")
    if "error" in root:
        raise _NotUnderstood("it is the publisher's message of an error")
    if {"columns", "data"} <= root.keys():
        raise _NotUnderstood("it is the JSON of PX-Web; export it as JSON-stat")
    kind, version = root.get("class", "dataset"), root.get("version", "2.0")
    if kind != "dataset":
        raise _NotUnderstood(f"its class is {_short(kind)}, expected 'dataset'")
    if version != "2.0":
        raise _NotUnderstood(f"its version is {_short(version)}; 1.x (which says none) and 2.0 are known")
    if "value" in root:
        return root
    datasets = [one for one in root.values() if isinstance(one, dict) and "value" in one]
    if len(datasets) != 1 or len(root) != 1:
        raise _NotUnderstood(f"it holds {len(datasets)} datasets, expected one")
    return datasets[0]


def _cube(dataset: dict[str, Any]) -> Cube:
    listed = _an_object(dataset.get("dimension"), "`dimension`")
    holder = dataset if "id" in dataset else listed  # 2.0 has `id` and `size` in the dataset, 1.x in `dimension`
    names, sizes = _a_list(holder.get("id"), "`id`"), _a_list(holder.get("size"), "`size`")
    if not names or len(names) > MOST_DIMENSIONS or len(names) != len(sizes):
        raise _NotUnderstood(f"`id` names {len(names)} dimensions and `size` has {len(sizes)}")
    if len({_text(name, "`id`") for name in names}) < len(names):
        raise _NotUnderstood("`id` names a dimension twice")
    for size in sizes:
        if type(size) is not int or size < 1:
            raise _NotUnderstood(f"a `size` is {_short(size)}")
    cells = math.prod(sizes)
    if cells > MOST_CELLS:
        raise _NotUnderstood(f"it has more than {MOST_CELLS:,} cells")
    dimensions = [_dimension(name, listed.get(name), size) for name, size in zip(names, sizes, strict=True)]
    return Cube(dimensions, _values(dataset.get("value"), cells), _status(dataset.get("status"), cells))


def _dimension(name: str, found: Any, size: int) -> Dimension:
    where = f"the dimension {name[:60]!r}"
    one = _an_object(found, where)
    category = _an_object(one.get("category"), f"`category` of {where}")
    labels = _an_object(category.get("label", {}), f"`label` of {where}")
    _refuse_multiplied(category.get("unit", {}), where)
    index = category.get("index", list(labels))  # only a dimension of one category may be without
    if isinstance(index, dict):
        places = list(index.values())
        if any(type(place) is not int for place in places) or sorted(places) != list(range(len(places))):
            raise _NotUnderstood(f"`index` of {where} does not count its categories from 0")
        index = sorted(index, key=index.__getitem__)
    ids = [_text(one, f"`index` of {where}") for one in _a_list(index, f"`index` of {where}")]
    if len(ids) != size or len(set(ids)) != size or ("index" not in category and size != 1):
        raise _NotUnderstood(f"{where} has {len(set(ids))} categories, and `size` says {size}")
    if unknown := [key for key in labels if key not in set(ids)]:
        raise _NotUnderstood(f"{where} has a label for {unknown[0][:60]!r}, which is none of its categories")
    texts = [_text(labels.get(one, one), f"a label of {where}") for one in ids]
    return Dimension(_text(one.get("label", name), f"the label of {where}"), texts)


def _refuse_multiplied(units: Any, where: str) -> None:
    """A multiplier makes every figure mean something else than what stands there."""
    for unit in _an_object(units, f"`unit` of {where}").values():
        if _an_object(unit, f"a `unit` of {where}").get("multiplier", 0) not in (0, "0"):
            raise _NotUnderstood(f"a unit of {where} has a multiplier")


def _values(found: Any, cells: int) -> list[Value] | dict[int, Value]:
    for value in found.values() if isinstance(found, dict) else _a_list(found, "`value`"):
        if isinstance(value, str):
            _text(value, "a value")
        elif value is not None and type(value) not in (int, Decimal):
            raise _NotUnderstood(f"a value is {_short(value)}")
    return found if isinstance(found, list) and _is_whole(found, cells, "value") else _placed(found, cells, "value")


def _status(found: Any, cells: int) -> list[str] | dict[int, str]:
    if found is None:
        return {}
    if isinstance(found, str) or (isinstance(found, list) and len(found) == 1):
        found = [found if isinstance(found, str) else found[0]] * cells  # one status for all
    is_object = isinstance(found, dict)
    marks = list(found.values()) if is_object else _a_list(found, "`status`")
    texts = ["" if mark is None else _text(mark, "a status").strip() for mark in marks]
    if not is_object and _is_whole(texts, cells, "status"):
        return texts
    return _placed(dict(zip(found, texts, strict=True)), cells, "status")


def _is_whole(found: list[Any], cells: int, name: str) -> bool:
    if len(found) != cells:
        raise _NotUnderstood(f"`{name}` has {len(found):,} entries, and the sizes make {cells:,} cells")
    return True


def _placed(found: dict[str, Any], cells: int, name: str) -> dict[int, Any]:
    """An object of few cells, by position."""
    placed = {}
    for key, value in found.items():
        if not re.fullmatch("0|[1-9][0-9]{0,8}", key) or int(key) >= cells:
            raise _NotUnderstood(f"`{name}` has the position {_short(key)}, and the sizes make {cells:,} cells")
        placed[int(key)] = value
    return placed


def _an_object(found: Any, what: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise _NotUnderstood(f"{what} is {_short(found)}, expected an object")
    return found


def _a_list(found: Any, what: str) -> list[Any]:
    if not isinstance(found, list):
        raise _NotUnderstood(f"{what} is {_short(found)}, expected an array")
    return found


def _text(found: Any, what: str) -> str:
    if not isinstance(found, str):
        raise _NotUnderstood(f"{what} is {_short(found)}, expected a text")
    if _CONTROL.search(found):
        raise _NotUnderstood(f"{what} holds a control character: {_short(found)}")
    return found


def _short(found: object) -> str:
    """What is there instead, in a few words."""
    if isinstance(found, dict | list):
        return "an object" if isinstance(found, dict) else "an array"
    return "not there" if found is None else ascii(found)[:60]
