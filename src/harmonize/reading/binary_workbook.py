"""Old workbooks (xls), record by record as [MS-XLS] lays them out: what the reader of workbooks does not tell (error
cells), and what it would make room for (sheets are read as it opens them)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from ..model.finding import problem
from .compound import workbook_stream
from .error_cells import Cells
from .grid import letter
from .room import MOST_CELLS, MOST_TEXT, too_many_cells, too_much_text

BOUNDSHEET, BOOLERR, CONTINUE, DIMENSIONS, EOF, FILEPASS, FORMULA, LABELSST, MULRK, SST = (
    *(0x0085, 0x0205, 0x003C, 0x0200, 0x000A, 0x002F, 0x0006, 0x00FD, 0x00BD, 0x00FC),
)
CELLS = {FORMULA, 0x00BD, 0x00D6, LABELSST, 0x0203, 0x0204, BOOLERR, 0x027E}
"""Records that begin with a row and a column and hold something."""
LONGEST_SHARED = 0xFFFF
"""Characters: their number has two bytes (2.5.293)."""

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
"""The codes of error values (2.5.10, BErr)."""


class _Record(NamedTuple):
    kind: int
    data: bytes
    end: int
    """where the next one begins"""


def _records(stream: bytes, at: int) -> Iterator[_Record]:
    """The records from a position to the end of their part."""
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        at += 4 + size
        yield _Record(kind, stream[at - size : at], at)
        if kind == EOF:
            return


def error_cells(content: bytes, file: str) -> list[Cells]:
    """The error cells of each sheet, in the order of the workbook.

    Raises:
        Problem: the sheets ask for more cells or more text than any table has, or share their records.
    """
    try:
        stream = workbook_stream(content)
        globals_ = list(_records(stream, 0))
        if any(one.kind == FILEPASS and one.data[:2] != b"\0\0" for one in globals_):
            return []  # nothing can be read; whoever opens it says so
        shared = _shared_lengths(globals_)
        begins = [struct.unpack_from("<I", one.data)[0] for one in globals_ if one.kind == BOUNDSHEET]
        sheets, cells, text, walked = [], 0, 0, 0
        for begin in begins:
            sheet = _Sheet(stream, begin, shared)
            sheets.append(sheet.errors)
            cells, text, walked = cells + sheet.cells, text + sheet.text, walked + sheet.end - begin
            if max(cells, sheet.declared) > MOST_CELLS:
                raise too_many_cells(file)
            if text > MOST_TEXT:
                raise too_much_text(file)
            if walked > len(stream):
                raise problem("file-unreadable", "is damaged: several sheets share their records", file=file)
            if sheet.lost:  # the reader of workbooks takes it for an empty one, which means a total
                message = (
                    f"is damaged: the cell {letter(sheet.lost[1])}{sheet.lost[0] + 1} holds a text that is not there"
                )
                raise problem("file-unreadable", message, file=file)
    except (struct.error, ValueError) as error:
        raise problem("file-unreadable", f"is damaged or cut off: {error}", file=file) from error
    return sheets


class _Sheet:
    """What the records of one sheet hold: error cells, and the room that cells and texts ask for."""

    def __init__(self, stream: bytes, begin: int, shared: list[int] | None) -> None:
        self.errors: Cells = {}
        self.lost: tuple[int, int] | None = None
        """row and column of a cell whose text the workbook does not have"""
        self.text = self.declared = 0
        self.end = begin
        rows = columns = 0
        for kind, data, self.end in _records(stream, begin):
            if kind == DIMENSIONS:  # the reader makes room for what this says, true or not
                self.declared = max(self.declared, _declared(data))
            if kind not in CELLS:
                continue
            row, column = struct.unpack_from("<HH", data)
            rows = max(rows, row + 1)
            columns = max(columns, column + 1, struct.unpack_from("<H", data, len(data) - 2)[0] if kind == MULRK else 0)
            self.text += len(data)
            if kind == LABELSST:
                index = struct.unpack_from("<I", data, 6)[0]
                is_there = shared is not None and index < len(shared)
                self.lost = self.lost if shared is None or is_there else (row, column)
                self.text += shared[index] if shared is not None and is_there else LONGEST_SHARED
            if error := _error(kind, data):
                self.errors[row, column] = error
        self.cells = rows * columns


def _declared(data: bytes) -> int:
    """The cells that a record of dimensions names (2.4.90; before Excel 97 with two bytes for a row)."""
    first_row, last_row, first, last = struct.unpack_from("<IIHH" if len(data) >= 12 else "<4H", data.ljust(8, b"\0"))
    is_sound = first_row <= last_row and first <= last
    return (last_row - first_row + 1) * (last - first + 1) if is_sound else MOST_CELLS + 1


def _error(kind: int, data: bytes) -> str:
    """The error that a record shows; '' where it shows none (2.4.24, 2.5.133)."""
    if kind == BOOLERR and len(data) == 8 and data[7] == 1:
        return ERRORS.get(data[6], "#ERROR!")
    if kind == FORMULA and data[6:7] == b"\x02" and data[12:14] == b"\xff\xff":
        return ERRORS.get(data[8], "#ERROR!")
    return ""


def _shared_lengths(globals_: list[_Record]) -> list[int] | None:
    """Characters of each shared text (2.4.265); None where the table is not as it should be, and nothing is known."""
    at = [index for index, one in enumerate(globals_) if one.kind == SST]
    if len(at) != 1:
        return None if at else []
    pieces = [globals_[at[0]].data]
    for one in globals_[at[0] + 1 :]:
        if one.kind != CONTINUE:
            break
        pieces.append(one.data)
    try:
        return list(_lengths(pieces))
    except (struct.error, IndexError):
        return None


def _lengths(pieces: list[bytes]) -> Iterator[int]:
    """Walk through the texts. Where one goes on in the next record, a byte says anew how wide its characters are."""
    (count,) = struct.unpack_from("<I", pieces[0], 4)
    piece, at = 0, 8
    for _ in range(count):
        if at >= len(pieces[piece]):
            piece, at = piece + 1, 0
        length, options = struct.unpack_from("<HB", pieces[piece], at)
        at += 3
        after = 0
        if options & 8:
            after += 4 * struct.unpack_from("<H", pieces[piece], at)[0]
            at += 2
        if options & 4:
            after += struct.unpack_from("<I", pieces[piece], at)[0]
            at += 4
        left, width = length, 1 + (options & 1)
        while left > (room := (len(pieces[piece]) - at) // width):
            left -= room
            piece, at = piece + 1, 1
            width = 1 + (pieces[piece][0] & 1)
        at += left * width
        while after > len(pieces[piece]) - at:
            after -= len(pieces[piece]) - at
            piece, at = piece + 1, 0
        at += after
        yield length
