"""Why a text is no YAML, for people who write YAML and do not know its grammar: the line, the column, and what to do.

The words are made from the text and not from those of the YAML library: its two parsers differ, and speak of tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from .finding import Problem, problem

OPENS = re.compile(r"([:,[{|>]|[|>][-+\d]{1,2}|-)\s*(#.*)?$")
"""The end of a line under which deeper ones may stand."""

VALUE_WITH_COLON = re.compile(r"\s*(?:- )*[^\s'\"\[{#][^:]*: +(?!['\"\[{])\S.*?:( |$)")
"""A key, and a value without quotes that holds what would be another key."""

LONGEST_LINE = 500
"""Characters of a line that are looked at: people write no longer ones, and the time grows with them."""
MOST_LEVELS = 50
MOST_NAMED = 8
"""Indentations that a message names."""

IN_QUOTES = (
    "put a text that holds `: ` or ` #`, or begins with one of * & ! % @ [ {, in quotes; close quotes and brackets"
)


@dataclass(frozen=True)
class Level:
    """An indentation that lines have, the line where it began, and whether it is that of the entries of a list."""

    spaces: int
    line: int
    is_list: bool


def trouble(path: Path, text: str, error: yaml.YAMLError) -> Problem:
    """What is wrong with the text of a file that the YAML library refuses."""
    lines = [line[:LONGEST_LINE] for line in text.split("\n")]
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    if mark is None or mark.line >= len(lines):
        return _unmarked(path, text, error)
    line = lines[mark.line]
    said, todo = (
        _tab(line)
        or _indentation(lines, mark.line)
        or _colon(line)
        or (f"near column {mark.column + 1}: {_words(error)}", IN_QUOTES)
    )
    return problem(
        "mapping-unreadable", f"is not valid YAML: {said}", file=str(path), row=mark.line + 1, suggestion=todo
    )


def _unmarked(path: Path, text: str, error: yaml.YAMLError) -> Problem:
    """A character that no YAML may hold, or the end of the text, where something is not closed."""
    if isinstance(error, yaml.reader.ReaderError):
        code = error.character if isinstance(error.character, int) else ord(error.character)
        row = text.partition(chr(code))[0].count("\n") + 1
        message = f"is not valid YAML: holds the control character U+{code:04X}"
        return problem("mapping-unreadable", message, file=str(path), row=row, suggestion="delete it")
    message = f"is not valid YAML: its end comes too early ({_words(error)})"
    return problem("mapping-unreadable", message, file=str(path), row=text.count("\n") + 1, suggestion=IN_QUOTES)


def _words(error: yaml.YAMLError) -> str:
    """Those of the library, where there are no better ones."""
    return str(getattr(error, "problem", None) or error).splitlines()[0]


def _tab(line: str) -> tuple[str, str] | None:
    """A tab where only spaces indent: before the text of a line, or behind the dash of a list."""
    text = line.lstrip(" \t-")
    at = line[: len(line) - len(text)].find("\t")
    if at < 0:
        return None
    return f"a tab in column {at + 1}; YAML indents with spaces", "put two spaces in the place of each tab"


def _indentation(lines: list[str], at: int) -> tuple[str, str] | None:
    """A line that stands at no indentation of those above it, or at one where something else stands."""
    line = lines[at]
    spaces, is_list = _spaces(line), bool(re.match(r" *-( |$)", line))
    above = [number for number in range(at) if _is_filled(lines[number])]
    levels = _levels(lines, above)
    if not above or not line.strip():
        return None
    beside = next((level for level in levels if level.spaces == spaces), None)
    if beside is not None:
        return _beside(beside) if beside.is_list and not is_list else None
    if spaces > levels[-1].spaces:
        if OPENS.search(lines[above[-1]]):
            return None
        why = f"deeper than line {above[-1] + 1}, which has its value already"
    else:
        why = f"the lines above it have {_listed(level.spaces for level in levels)}"
    near = min(levels, key=lambda level: abs(level.spaces - spaces))
    todo = f"indent it as the line that it belongs beside: line {near.line + 1} has {_counted(near.spaces)}"
    return f"wrong indentation: {_counted(spaces)} before column {spaces + 1}, and {why}", todo


def _beside(entries: Level) -> tuple[str, str]:
    where = f"in column {entries.spaces + 1}, as the entries of a list (line {entries.line + 1}), and is no entry"
    return (
        f"wrong indentation: it begins {where}",
        "begin it with `- `, or indent it as the lines that it belongs beside",
    )


def _levels(lines: list[str], numbers: list[int]) -> list[Level]:
    """The indentations at which a next line could stand, the outermost first."""
    found: list[Level] = []
    for number in numbers:
        spaces, rest = _spaces(lines[number]), lines[number].lstrip(" ")
        found = [level for level in found if level.spaces <= spaces]
        while len(found) < MOST_LEVELS and (dash := re.match(r"- +(?=\S)|-$", rest)):
            found = _with(found, Level(spaces, number, is_list=True))
            spaces, rest = spaces + dash.end(), rest[dash.end() :]
        if rest and len(found) < MOST_LEVELS:
            found = _with(found, Level(spaces, number, is_list=False))
    return found


def _with(levels: list[Level], one: Level) -> list[Level]:
    """Levels, and one more unless it is among them; a key and the entries of its list may have the same indentation."""
    return (
        levels
        if any((level.spaces, level.is_list) == (one.spaces, one.is_list) for level in levels)
        else [*levels, one]
    )


def _colon(line: str) -> tuple[str, str] | None:
    if not VALUE_WITH_COLON.match(line):
        return None
    return "the value holds a `: ` and would be a key itself", "put the value in quotes"


def _is_filled(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _spaces(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _counted(spaces: int) -> str:
    return "1 space" if spaces == 1 else f"{spaces or 'no'} spaces"


def _listed(numbers: Iterable[int]) -> str:
    named = [str(number or "none") for number in dict.fromkeys(numbers)]
    return " or ".join(named[:MOST_NAMED] + ["others"] * (len(named) > MOST_NAMED))
