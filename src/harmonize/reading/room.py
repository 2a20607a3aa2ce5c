"""How much room the cells of a workbook take once each has a copy of its text: known before any copy is made.

A shared text of an xlsx is stored once and used by any number of cells; an ods says of a row or cell how often it is
repeated. So one kilobyte can ask for any amount of memory. What is reckoned here is never less than what the reader
of workbooks makes of the parts: where their spelling leaves that open, the most that it can be is taken.
"""

from __future__ import annotations

import re
from array import array
from html import unescape
from itertools import chain
from typing import NamedTuple

from ..model.finding import Problem, problem
from .markup import ATTRIBUTES, PREFIX

MOST_CELLS = 20_000_000
"""Of all sheets together, blank ones inside the rectangle of a sheet included: they take 60 bytes each."""
MOST_TEXT = 1 << 29
"""Bytes of text of all cells: 25 for each of the most that are read."""

_HIDDEN = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_TAG_IN_QUOTES = re.compile(rb"<(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+[\"']")
_SHARED_TEXT = re.compile(rb"<(?P<end>/?)" + PREFIX + rb"si" + ATTRIBUTES + rb"(?P<empty>/?)>")
_LIKE_A_SHARED_TEXT = re.compile(rb"<(?:[^\s<>]*[/:])?si[\s/>]")
_USE = rb"\st\s*=\s*[\"']s[\"']"
_IS_USE = re.compile(_USE)
_PLAIN_USE = re.compile(
    _USE + rb"[^<>]*>\s*<" + PREFIX + rb"v>(?P<index>[0-9]{1,9})</" + PREFIX + rb"v>\s*</" + PREFIX + rb"c>"
)

_PLACES = (b"table", b"table-row", b"table-cell", b"covered-table-cell")
_TABLE_TAG = re.compile(rb"<table:(?P<name>[a-z-]+)" + ATTRIBUTES + rb"(?P<empty>/?)>")
_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"']([^\"']*)[\"']")
_LIKE_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=")
_TEXT = re.compile(rb">[^<]+")
_STRING_VALUE = re.compile(rb"string-value\s*=\s*([\"'][^\"']*)[\"']")
_SPACES = re.compile(rb"text:c\s*=\s*[\"']([^\"']*)[\"']")


def too_many_cells(file: str) -> Problem:
    """What is said of more than `MOST_CELLS`."""
    message = f"has sheets of more than {MOST_CELLS:,} cells (blank ones between them count)"
    return problem("file-too-large", message, file=file)


def too_much_text(file: str) -> Problem:
    """What is said of more than `MOST_TEXT`."""
    message = f"the texts of its cells take more than {MOST_TEXT >> 20} MB (each cell has a copy of a repeated text)"
    return problem("file-too-large", message, file=file)


class SharedTexts:
    """The lengths of the shared texts of an xlsx, in bytes with their tags, in order."""

    def __init__(self, part: bytes) -> None:
        self.lengths = array("Q")
        end, is_open, tags, is_plain = 0, False, 0, len(re.findall(rb"<[!?]", part)) <= 1  # one before the root
        if _TAG_IN_QUOTES.search(part):
            is_plain = False
        else:
            for tag in _SHARED_TEXT.finditer(_HIDDEN.sub(lambda hidden: b" " * len(hidden[0]), part)):
                tags += 1
                is_plain = is_plain and is_open == bool(tag["end"])
                is_open = not tag["end"] and not tag["empty"]
                if not is_open:
                    self.lengths.append(tag.end() - end)
                    end = tag.end()
        self.longest = max(max(self.lengths, default=0), len(part) - end)
        self.are_told_apart = is_plain and tags == len(_LIKE_A_SHARED_TEXT.findall(part))

    def used_in(self, sheet: bytes) -> int:
        """Bytes of the texts that the cells of a sheet part use."""
        uses = len(_IS_USE.findall(sheet))
        if not self.are_told_apart or uses * self.longest <= MOST_TEXT:
            return uses * self.longest
        total = 0
        for use in _PLAIN_USE.finditer(sheet):
            index = int(use["index"])
            total += self.lengths[index] if index < len(self.lengths) else self.longest
            uses -= 1
        return total + uses * self.longest


class Copies(NamedTuple):
    """The cells of a workbook that hold something, and the bytes of their texts, repetitions counted."""

    cells: int
    text: int


def in_ods(content: bytes) -> Copies | None:
    """Those of all tables of content.xml; None where they cannot be told."""
    if len(re.findall(rb"<[!?]", content)) > 1 or _TAG_IN_QUOTES.search(content):
        return None
    cells = text = told = 0
    rows, columns, begin, is_open = 1, 0, 0, False
    for tag in chain(_TABLE_TAG.finditer(content), (None,)):
        found = _REPEATED.findall(tag[0]) if tag and b"-repeated" in tag[0] else []
        told += len(found)
        if tag and tag["name"] not in _PLACES:
            continue  # of columns, or of what a cell refers to
        if columns:  # of the cell that ends here
            inside = content[begin : tag.start() if tag else None]
            if is_open and b"</table:" not in inside:
                return None  # a row or cell inside a cell
            cells += rows * columns
            text += rows * columns * _length(inside)
        columns, times = 0, max(map(_number, found), default=1)
        if tag and tag["name"] == b"table-row":
            rows = times
        elif tag and tag["name"] != b"table":
            is_open = not tag["empty"]
            is_blank = not is_open or content.startswith(b"</", tag.end())
            holds_one = b"office:" in tag[0] or b"table:formula" in tag[0]
            columns, begin = times if holds_one or not is_blank else 0, tag.start()
    return Copies(cells, text) if told == len(_LIKE_REPEATED.findall(content)) else None


def _length(inside: bytes) -> int:
    """Bytes of what a cell holds: a character for each of its tags, which may be a line end or a tabulator, and any
    number of spaces for `text:s` (ODF 1.3 part 3, 6.1.3)."""
    length = sum(map(len, _TEXT.findall(inside))) + inside.count(b"<")
    if b"string-value" in inside:
        length += sum(map(len, _STRING_VALUE.findall(inside)))
    if b"table:formula" in inside:
        length += len(inside)
    if b"text:c" in inside:
        length += sum(map(_number, _SPACES.findall(inside)))
    return length


def _number(text: bytes) -> int:
    number = unescape(text.decode("latin-1")).strip()
    return int(number) if re.fullmatch(r"\+?[0-9]{1,18}", number) else MOST_TEXT
