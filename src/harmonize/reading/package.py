"""The parts of a workbook that is a zip archive (xlsx, ods): looked through before anything makes room for cells."""

from __future__ import annotations

import struct
import zipfile
from html import unescape
from pathlib import Path
from typing import NamedTuple

from ..model.finding import Problem, problem
from . import error_cells, formulas
from .extent import Extent
from .markup import tags
from .room import MOST_CELLS, MOST_TEXT, SharedTexts, in_ods, too_many_cells, too_much_text

LARGEST_UNPACKED = 1 << 30
"""A workbook that unpacks to more than this is refused: a zip bomb, or no table for a workbook."""

MOST_TAGS = 40_000_000
"""Of the shared texts of an xlsx: two for each of the most cells that are read."""

UNICODE_PATH = 0x7075
"""The mark of a field that gives a member another name (APPNOTE 4.6.9), which some readers heed and others do not."""

MARKS = (*error_cells.MARKS, *formulas.MARKS)

Errors = dict[str, dict[tuple[int, int], str]]
"""Error cells (`#DIV/0!`) by sheet name and 0-based row and column. Calamine gives them as empty."""


class _Part(NamedTuple):
    """A member of the archive, once it was unpacked."""

    member: zipfile.ZipInfo
    size: int
    cells: int
    """of the rectangle that its tags reach"""
    is_marked: bool
    """whether it may hold error cells or formulas"""

    @property
    def name(self) -> str:
        """In lower case and with slashes, as calamine looks for it."""
        return self.member.filename.lower().replace("\\", "/")


def look_through(path: Path) -> tuple[Errors, Errors]:
    """The error cells of each sheet, and the formulas that nobody computed.

    Every part is unpacked once in pieces before one is read whole, which proves that it is no bomb.

    Raises:
        Problem: the workbook is damaged, has a password, or asks for more room than any table does.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.bin" in archive.namelist():
                message = "is a binary workbook (xlsb), whose size cannot be seen before it is read"
                raise problem("file-unreadable", message, file=path.name, suggestion="save it as xlsx")
            parts, total = [], 0
            for member in archive.infolist():
                parts.append(_unpacked(archive, member, path, LARGEST_UNPACKED - total))
                total += parts[-1].size
            _shared_texts_are_bounded(archive, parts, path)
            errors, uncomputed = _of_xlsx(archive, [part for part in parts if part.is_marked], path)
            for part in parts:
                if part.name == "content.xml":  # an xlsx may hold one, too: which of them is opened its name decides
                    more, of_more = _of_ods(archive.read(part.member), path)
                    errors, uncomputed = more | errors, of_more | uncomputed
            return errors, uncomputed
    except Problem:
        raise
    except Exception as error:  # zipfile and its decompressors raise a dozen kinds of their own
        raise problem("file-unreadable", f"the workbook is damaged or cut off: {error}", file=path.name) from error


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, most: int) -> _Part:
    """Unpack a member in pieces.

    Raises:
        Problem: it has a password, is larger than `most`, or asks for more cells than any table has.
    """
    if member.flag_bits & 1:
        raise problem("file-protected", "is protected by a password", file=path.name)
    if _has_field(member.extra, UNICODE_PATH):
        raise problem("file-unreadable", f"its part {member.filename!r} has a second name", file=path.name)
    size, tail, is_marked, extent = 0, b"", False, Extent()
    with archive.open(member) as file:
        while piece := file.read(1 << 22):
            size += len(piece)
            if size > most:
                message = f"unpacks to more than {LARGEST_UNPACKED >> 30} GB"
                raise problem("file-too-large", message, file=path.name)
            extent.add(piece)
            if extent.is_endless and member.filename.endswith(".xml"):
                message = f"a text inside {member.filename!r} is too long to be a cell"
                raise problem("file-too-large", message, file=path.name)
            is_marked = is_marked or any(mark in tail + piece for mark in MARKS)
            tail = piece[-32:]
    if extent.cells > MOST_CELLS:
        raise too_many_cells(path.name)
    return _Part(member, size, extent.cells, is_marked)


def _has_field(extra: bytes, kind: int) -> bool:
    """Whether the extra fields of a member (APPNOTE 4.5) hold one of a kind."""
    at = 0
    while at + 4 <= len(extra):
        found, size = struct.unpack_from("<HH", extra, at)
        if found == kind:
            return True
        at += 4 + size
    return False


def _shared_texts_are_bounded(archive: zipfile.ZipFile, parts: list[_Part], path: Path) -> None:
    """Refuse an xlsx whose cells use more text than any table has, before each gets a copy."""
    for part in parts:
        if part.name != "xl/sharedstrings.xml":
            continue
        content = archive.read(part.member) if part.size <= MOST_TEXT else b""
        if part.size > MOST_TEXT:
            raise too_much_text(path.name)
        if content.count(b"<") > MOST_TAGS:
            raise problem("file-too-large", f"its texts have more than {MOST_TAGS:,} tags", file=path.name)
        shared = SharedTexts(content)
        if shared.longest * sum(one.cells for one in parts) <= MOST_TEXT:
            continue  # the sheets need not be looked at
        if sum(shared.used_in(archive.read(one.member)) for one in parts if one.cells) > MOST_TEXT:
            raise too_much_text(path.name)


def _of_ods(content: bytes, path: Path) -> tuple[Errors, Errors]:
    room = in_ods(content)
    if room is None:
        message = "has comments or declarations, or tags in quotes: how many cells it asks for cannot be seen"
        suggestion = "open it with LibreOffice, and save it"
        raise problem("file-unreadable", message, file=path.name, suggestion=suggestion)
    if room.cells > MOST_CELLS:
        raise too_many_cells(path.name)
    if room.text > MOST_TEXT:
        raise too_much_text(path.name)
    uncomputed = formulas.of_ods(content)
    if any(_reach(found) > MOST_CELLS for found in uncomputed.values()):
        raise too_many_cells(path.name)
    return error_cells.of_ods(content), uncomputed


def _reach(found: dict[tuple[int, int], str]) -> int:
    """The cells of the rectangle that some reach."""
    return (max(row for row, _ in found) + 1) * (max(column for _, column in found) + 1)


def _of_xlsx(archive: zipfile.ZipFile, parts: list[_Part], path: Path) -> tuple[Errors, Errors]:
    errors: Errors = {}
    uncomputed: Errors = {}
    names, are_asked_for = _sheet_files(archive)
    for part in parts:
        if name := _sheet_of(part, names, path):
            sheet = archive.read(part.member)
            errors[name] = error_cells.of_xlsx(sheet)
            uncomputed[name] = formulas.of_xlsx(sheet, are_asked_for=are_asked_for)
    return errors, uncomputed


def _sheet_of(part: _Part, names: dict[str, str], path: Path) -> str:
    """The sheet that a part with error cells or formulas holds; '' where it holds none.

    Raises:
        Problem: it holds one, and nobody knows which: its error cells would be read as blank.
    """
    if part.name in names or "/worksheets/" not in part.name or not part.name.endswith(".xml"):
        return names.get(part.name, "")
    message = f"which sheet its part {part.member.filename!r} holds cannot be seen, and it has formulas or error cells"
    suggestion = "open it with Excel or LibreOffice, and save it"
    raise problem("file-unreadable", message, file=path.name, suggestion=suggestion)


def _sheet_files(archive: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Member name (in lower case, as calamine looks for it) to sheet name, from the workbook part and its relations;
    and whether the workbook asks to be computed. By pattern: no XML parser, no entities."""
    members = {name.lower(): name for name in archive.namelist()}
    parts = [members.get(name) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")]
    book, relations = (archive.read(name)[:4_000_000] if name else b"" for name in parts)
    targets = {}
    for tag in tags(relations, b"Relationship"):
        target = tag.get(b"Target", b"").decode("utf-8", "replace").lower()
        targets[tag.get(b"Id")] = "xl/" + target.removeprefix("/xl/").removeprefix("xl/")
    names = {}
    for tag in tags(book, b"sheet"):
        if (identifier := tag.get(b"id")) in targets:
            names[targets[identifier]] = unescape(tag.get(b"name", b"").decode("utf-8", "replace"))
    return names, formulas.is_asked_for(book)
