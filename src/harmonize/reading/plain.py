"""Whether the bytes of a large delimited text are those of a plain one: every line a row, no quote out of place.

A large text is looked at in pieces of whole lines. They end in a line end, and begin behind one: so the byte before the
first, which to numpy is the last one, is what it should be.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

PIECE_BYTES = 16 << 20
"""So many bytes are parsed at once: smaller pieces take longer together, larger ones more room."""
CACHE_BYTES = 1 << 19
"""So many bytes stay in the processor's cache while they are looked at."""
LONGEST_LINE = 1 << 20
QUOTE = ord('"')
C1 = b"\xc2"
"""The first byte of the characters U+0080 to U+00BF in UTF-8."""
RETURN_ALONE = "a carriage return alone may end a line"


class NotPlain(Exception):  # noqa: N818  (no failure: the signal to read exactly)
    """The file has ragged rows, blank lines, quoted line breaks or broken text."""


def below(path: Path, lines: int) -> int:
    """The byte at which the line below so many others begins.

    Raises:
        NotPlain: a carriage return alone may end one of these.
    """
    with path.open("rb") as file:
        for _ in range(lines):
            if b"\r" in file.readline().rstrip(b"\n").removesuffix(b"\r"):
                raise NotPlain(RETURN_ALONE)
        return file.tell()


def pieces(path: Path, first: int) -> Iterator[tuple[int, int]]:
    """Where pieces of whole lines begin, from a byte on, and their numbers of bytes.

    Raises:
        NotPlain: a line is too long for rows of figures.
    """
    with path.open("rb") as file:
        while file.seek(first) == first and file.read(1):
            file.seek(first + PIECE_BYTES)
            line = file.readline(LONGEST_LINE)
            if len(line) == LONGEST_LINE:
                raise NotPlain("a line is longer than any row")
            yield first, file.tell() - first
            first = file.tell()


def line_ends(text: bytes, delimiter: str) -> int:
    """Number of line ends in a piece.

    Raises:
        NotPlain: a carriage return stands alone, quotes are broken, or there is a control character that the exact
            reader refuses.
    """
    import numpy as np

    data = np.frombuffer(text, np.uint8)
    room = np.empty(CACHE_BYTES, np.bool_)  # to ask for it each time takes longer than to look
    ends = 0
    quotes = []
    for at in range(0, len(text), CACHE_BYTES):
        to = min(at + CACHE_BYTES, len(text))
        behind = data[at + 1 : to + 1]
        here = data[at : at + len(behind)]  # the last byte of a piece is a line end
        ends += int(np.count_nonzero(np.equal(data[at:to], ord("\n"), out=room[: to - at])))
        if text.find(b"\0", at, to) >= 0:
            raise NotPlain("a control character")
        if text.find(C1, at, to) >= 0 and ((here == ord(C1)) & (behind < 0xA0)).any():  # U+0080 to U+009F
            raise NotPlain("a control character")
        if text.find(b"\r", at, to) >= 0 and ((here == ord("\r")) & (behind != ord("\n"))).any():
            raise NotPlain(RETURN_ALONE)
        if text.find(b'"', at, to) >= 0:
            quotes.append((here == QUOTE).nonzero()[0] + at)
    if quotes:
        _check_quotes(data, np.concatenate(quotes), ord(delimiter))
    return ends


def _check_quotes(data: NDArray[Any], quotes: NDArray[Any], delimiter: int) -> None:
    """
    Raises:
        NotPlain: a quote neither opens nor closes a field, nor is it one of two inside.
    """
    import numpy as np

    if len(quotes) % 2:
        raise NotPlain("a quote that is never closed")
    for beside, allowed in (
        (data[quotes[::2] - 1], (delimiter, ord("\n"), QUOTE)),
        (data[quotes[1::2] + 1], (delimiter, ord("\n"), QUOTE, ord("\r"))),
    ):
        if sum(np.count_nonzero(beside == one) for one in allowed) < len(beside):
            raise NotPlain("quotes are broken")


def ends_after(text: bytes, delimiter: str) -> int:
    """Number of line ends in a piece that follow a delimiter."""
    import numpy as np

    data = np.frombuffer(text, np.uint8)
    ends = (data == ord("\n")).nonzero()[0]
    before = data[ends - 1]
    is_pair = (before == ord("\r")) & (data.take(ends - 2, mode="wrap") == ord(delimiter))
    return int(np.count_nonzero(is_pair | (before == ord(delimiter))))
