"""The stream of records inside an old workbook (xls): a compound file, as [MS-CFB] lays it out."""

from __future__ import annotations

import struct
from collections.abc import Iterator

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SMALL = 4096
"""Streams below are kept elsewhere (2.2, mini stream cutoff size)."""
SIZES = (512, 4096)
"""Of sectors, of version 3 and 4 (2.2); a small one has 64 bytes."""
FEWEST_NUMBERED = 16
"""A sector of the table numbers 128 sectors or more; a file in which it numbers fewer than these is none."""
LAST = 0xFFFFFFFA
"""Sector numbers from here on are none: ends of chains, and sectors that nothing uses (2.1)."""


class _Sectors:
    """Equal pieces of a file, of which a table says which comes after which (2.3)."""

    def __init__(self, content: bytes, size: int, table: list[int], *, skipped: int) -> None:
        self._content, self._size, self._table, self._skipped = content, size, table, skipped

    def chain(self, at: int) -> bytes:
        """The content of the sectors from one on.

        Raises:
            ValueError: there are more of them than the file has, as in a ring.
        """
        pieces: list[bytes] = []
        most = len(self._content) // self._size + 1
        while at < len(self._table):
            begin = self._skipped + at * self._size
            pieces.append(self._content[begin : begin + self._size])
            at = self._table[at]
            if len(pieces) > most:
                raise ValueError("its sectors follow each other in a ring")
        return b"".join(pieces)


def _numbers(content: bytes) -> list[int]:
    count = len(content) // 4
    return list(struct.unpack(f"<{count}I", content[: 4 * count]))


def workbook_stream(content: bytes) -> bytes:
    """The stream `Workbook` (or `Book`, before Excel 97) of a compound file; empty where there is none.

    Raises:
        struct.error: the file is cut off inside its header.
        ValueError: its sectors are not laid out as sectors can be.
    """
    size, small_size = (1 << shift % 32 for shift in struct.unpack_from("<HH", content, 30))
    if size not in SIZES or small_size != 64:
        raise ValueError(f"sectors of {size:,} and {small_size:,} bytes")
    directory, _, _, small_table, _, more = struct.unpack_from("<6I", content, 48)
    file = _Sectors(content, size, [], skipped=size)
    tables = _numbers(content[76:512])
    most = len(tables) + len(content) // size // FEWEST_NUMBERED
    while more < LAST and len(tables) <= most:  # the tables of a file above 7 MB (2.5.1)
        *numbers, more = _numbers(content[size + more * size : 2 * size + more * size]) or [LAST]
        tables += numbers
    tables = [at for at in tables if at < LAST]
    if len({*tables}) < len(tables) or len(tables) > most:
        raise ValueError("it names more sectors of its table than it has")
    parts = (content[size + at * size : 2 * size + at * size] for at in tables)
    file = _Sectors(content, size, _numbers(b"".join(parts)), skipped=size)
    entries = list(_entries(file.chain(directory)))
    for wanted in ("workbook", "book"):
        for name, start, length in entries:
            if name.lower() != wanted:
                continue
            if length >= SMALL:
                return file.chain(start)[:length]
            small = _Sectors(file.chain(entries[0][1]), small_size, _numbers(file.chain(small_table)), skipped=0)
            return small.chain(start)[:length]
    return b""


def _entries(directory: bytes) -> Iterator[tuple[str, int, int]]:
    """Name, first sector and length of each stream (2.6). The first is the root, which holds the small ones."""
    for at in range(0, len(directory) - 127, 128):
        entry = directory[at : at + 128]
        name = entry[:64].decode("utf-16-le", "replace").partition("\0")[0]  # whatever length is stated
        yield name, *struct.unpack_from("<II", entry, 116)
