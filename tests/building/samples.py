"""Small files in the layouts of the mappings that ship. Every figure is made up."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

PKS_HEADER = (
    "Schluessel", "Straftat", "Jahr", "erfasste Faelle", "Tatverdaechtige insgesamt",
    "Nichtdeutsche Tatverdaechtige - Anzahl",
)  # fmt: skip
PKS_LABELS = {
    "725100": "Unerlaubte Einreise § 95",
    "725200": "Einschleusen von Ausländern § 96",
    "725400": "Einschleusen mit Todesfolge § 97",
    "725700": "Unerlaubter Aufenthalt § 95",
    "239000": "Menschenhandel §§ 232 ff.",
}
PKS_FIGURES = {"725100": 901, "725200": 400, "725400": 30, "725700": 902, "239000": 59}


def pks_row(code: str, year: int = 2023, cases: str | None = None, label: str | None = None) -> tuple[str, ...]:
    """One row of the German time series."""
    count = PKS_FIGURES.get(code, 1)
    return code, label or PKS_LABELS[code], str(year), cases or str(count), str(count - 1), str(count // 2)


def pks_rows(year: int = 2023) -> list[tuple[str, ...]]:
    """Every key that must be there in a recent year."""
    return [pks_row(code, year) for code in PKS_LABELS]


def delimited(rows: Iterable[Sequence[str]], delimiter: str = ";", end: str = "\n") -> str:
    """Rows as a text, without quotes."""
    return "".join(delimiter.join(row) + end for row in rows)


def pks_text(rows: Iterable[Sequence[str]] | None = None) -> str:
    """The German time series."""
    return delimited([PKS_HEADER, *(pks_rows() if rows is None else rows)])


def pks(folder: Path, name: str = "pks.csv", rows: Iterable[Sequence[str]] | None = None) -> Path:
    """A file of the German time series, in latin-1 as published."""
    return written(folder / name, pks_text(rows))


def written(path: Path, content: str | bytes, encoding: str = "latin-1") -> Path:
    """Write a file and return its path."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


MONTHS = (
    "ENERO", "FEBRERO", "MARZO", "ABRIL", "MAYO", "JUNIO", "JULIO", "AGOSTO", "SEPTIEMBRE", "OCTUBRE", "NOVIEMBRE",
    "DICIEMBRE",
)  # fmt: skip


def mexico(folder: Path, states: Sequence[str] = ("SONORA", "TABASCO"), name: str = "mexico.csv") -> Path:
    """Federal crimes of a few states: three months, the others not yet reported."""
    header = ("AÑO", "INEGI", "ENTIDAD", "LEY", "CONCEPTO", "TIPO", *MONTHS)
    rows = [
        ("2024", str(i + 1), state, "L", "C", kind, str(10 * i + 1), str(10 * i + 2), str(10 * i + 3), *[""] * 9)
        for i, state in enumerate(states) for kind in ("LEY DE MIGRACION", "TRAFICO", "ROBO")
    ]  # fmt: skip
    return written(folder / name, delimited([header, *rows], ","))


DHS_TITLE = "Table 73.  Convictions for immigration and nationality violations: fiscal years 1996-97"
SMUGGLING = "Bringing in, transporting, harboring, and inducing illegal entry of aliens"
DHS_VIOLATIONS = (
    "All violations", "Immigration violations", "Entry of aliens illegally", "Reentries of deported aliens", SMUGGLING,
    "Fraud, misuse of visas, entry permits,and other entry documents",
    "Producing, transferring, possessing, using, or selling false identification documents",
    "Other violations",
)  # fmt: skip


def dhs_rows() -> list[list[object]]:
    """Table 73 with two years: the header is row 3, figures are 100, 110 ... and 200, 210 ..."""
    rows: list[list[object]] = [[DHS_TITLE], [], ["Violations", 1996, "1997 /1"]]
    rows += [[name, 100 + 10 * i, 200 + 10 * i] for i, name in enumerate(DHS_VIOLATIONS)]
    return [*rows, ["1/ Violations were classified anew."]]


def dhs_book(rows: Iterable[Sequence[object]] | None = None) -> openpyxl.Workbook:
    """Table 73 as a workbook that can still be changed."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in dhs_rows() if rows is None else rows:
        sheet.append(list(row))
    return book


def dhs(folder: Path, name: str = "table73.xlsx", rows: Iterable[Sequence[object]] | None = None) -> Path:
    """A file of table 73."""
    return saved(folder / name, dhs_book(rows))


def saved(path: Path, book: openpyxl.Workbook) -> Path:
    """Save a workbook and return its path."""
    book.save(path)
    return path


def patched(path: Path, member: str, old: bytes, new: bytes) -> Path:
    """Change the XML of one member of a workbook; the text to change must be there exactly once."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert members[member].count(old) == 1, (member, old, members[member][:600])
    members[member] = members[member].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def protected_container() -> bytes:
    """What Excel writes for a workbook with a password."""
    return ole2({"EncryptionInfo": b"\x04\0\x04\0" + bytes(4092), "EncryptedPackage": b"\x7a" * 4096})


def ole2(streams: dict[str, bytes]) -> bytes:
    """An OLE2 container with one or two streams, each padded to 4096 bytes or more."""
    free, end, fat_sector, nothing = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF

    def number(*values: int) -> bytes:
        return b"".join(value.to_bytes(4, "little") for value in values)

    def entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
        text = (name + "\0").encode("utf-16-le") if name else b""
        return (text.ljust(64, b"\0") + len(text).to_bytes(2, "little") + bytes([kind, 1])
                + number(nothing, right, child) + bytes(36) + number(start, size, 0))  # fmt: skip

    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += b"".join(v.to_bytes(2, "little") for v in (0x3E, 3, 0xFFFE, 9, 6)) + bytes(6)
    header += number(0, 1, 1, 0, 4096, end, 0, end, 0) + number(0, *[free] * 108)
    chain, directory, body = [fat_sector, end], entry("Root Entry", 5, nothing, 1, end, 0), b""
    for i, (name, content) in enumerate(streams.items(), start=1):
        padded = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
        right = i + 1 if i < len(streams) else nothing
        directory += entry(name, 2, right, nothing, len(chain), len(padded))
        chain += [*range(len(chain) + 1, len(chain) + len(padded) // 512), end]
        body += padded
    directory = directory.ljust(512, b"\0")
    return header + number(*chain, *[free] * (128 - len(chain))) + directory + body


Record = tuple[int, bytes]


def xls(cells: Iterable[tuple[int, int, object]]) -> bytes:
    """A minimal BIFF8 workbook: one sheet with texts, numbers, truth values and `#DIV/0!` at 0-based places."""

    def records(*given: Record) -> bytes:
        return b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in given)

    def cell(row: int, column: int, value: object) -> Record:
        at = struct.pack("<HHH", row, column, 0)
        if isinstance(value, bool):
            return 0x0205, at + bytes([value, 0])
        if value == "#DIV/0!":
            return 0x0205, at + bytes([0x07, 1])
        if isinstance(value, int | float):
            return 0x0203, at + struct.pack("<d", value)
        text = str(value)
        return 0x0204, at + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")

    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    sheet_bof = struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)
    codepage: Record = (0x0042, struct.pack("<H", 1200))

    def globals_(offset: int) -> bytes:
        bound = struct.pack("<IBBBB", offset, 0, 0, 5, 0) + b"Sheet"
        return records((0x0809, bof), codepage, (0x0085, bound), (0x000A, b""))

    start = globals_(len(globals_(0)))
    return ole2({"Workbook": start + records((0x0809, sheet_bof), *(cell(*c) for c in cells), (0x000A, b""))})


def ods(rows: Sequence[Sequence[object]], sheet: str = "Tabelle1") -> bytes:
    """A minimal OpenDocument sheet."""

    def cell(value: object) -> str:
        if value is None or value == "":
            return "<table:table-cell/>"
        if isinstance(value, int | float):
            kind = f'office:value-type="float" office:value="{value}"'
        else:
            kind = 'office:value-type="string"'
        return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"

    lines = "".join(f"<table:table-row>{''.join(cell(v) for v in row) or cell(None)}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="{sheet}">{lines}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>')
    return buffer.getvalue()
