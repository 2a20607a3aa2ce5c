"""Whether the bytes of a large delimited text are those of a plain one: every line a row, no quote out of place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

QUOTE = ord('"')
C1 = b"\xc2"
"""The first byte of the characters U+0080 to U+00BF in UTF-8."""
READ_BYTES = 1 << 18
"""So many bytes stay in the processor's cache while they are looked at."""
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


def line_ends(path: Path, first: int, delimiter: str) -> int:
    """Number of line ends from a byte on.

    Raises:
        NotPlain: a carriage return stands alone, quotes are broken, or there is a control character that the exact
            reader refuses.
    """
    import numpy as np

    ends = returns = pairs = 0
    has_quotes = False
    for data, text in _windows(path, first):
        is_end = text[2:] == ord("\n")
        ends += int(np.count_nonzero(is_end))
        if data.find(b"\0", 2, len(text)) >= 0 or (data.find(C1, 1, len(text)) >= 0 and _has_c1(text)):
            raise NotPlain("a control character")
        if data.find(b"\r", 1, len(text)) >= 0:
            returns += int(np.count_nonzero(text[2:] == ord("\r")))
            pairs += int(np.count_nonzero(is_end & (text[1:-1] == ord("\r"))))
        has_quotes |= data.find(b'"', 2, len(text)) >= 0
    if returns != pairs:
        raise NotPlain(RETURN_ALONE)
    if has_quotes and not _are_quotes_whole(path, first, delimiter):
        raise NotPlain("quotes are broken")
    return ends


def _are_quotes_whole(path: Path, first: int, delimiter: str) -> bool:
    """Whether every quote from a byte on opens a field, closes it, or is one of two inside."""
    import numpy as np

    may_stand_before, may_stand_after = np.zeros((2, 256), np.bool_)
    may_stand_before[[*map(ord, (delimiter, "\n", '"'))]] = True
    may_stand_after[[*map(ord, (delimiter, "\r", "\n", '"'))]] = True
    is_open = ends_with_quote = False
    for _, text in _windows(path, first):
        before = (text[1:-1] == QUOTE).nonzero()[0]  # the place before each quote
        opening, closing = before[is_open::2], before[not is_open :: 2]
        if not (may_stand_before[text[opening]].all() and may_stand_after[text[closing + 2]].all()):
            return False
        is_open ^= bool(len(before) % 2)
        ends_with_quote = bool(text[-1] == QUOTE)
    return is_open == ends_with_quote


def _has_c1(text: NDArray[Any]) -> bool:
    """Whether one of the control characters U+0080 to U+009F ends in the new bytes of a window."""
    return bool(((text[1:-1] == ord(C1)) & (text[2:] < 0xA0)).any())


def ends_after(path: Path, first: int, delimiter: str) -> int:
    """Number of line ends from a byte on that follow a delimiter."""
    import numpy as np

    found = 0
    for _, text in _windows(path, first):
        is_end, before, before_that = text[2:] == ord("\n"), text[1:-1], text[:-2]
        is_pair = (before == ord("\r")) & (before_that == ord(delimiter))
        found += int(np.count_nonzero(is_end & (is_pair | (before == ord(delimiter)))))
    return found


def _windows(path: Path, first: int) -> Iterator[tuple[bytearray, NDArray[Any]]]:
    """The bytes of a file, the first being that of a line, through one small buffer, as digests read it.

    Yields:
        The buffer; and as an array (uint8) what of it is new, behind the two bytes before.
    """
    import numpy as np

    data = bytearray(b"\n\n") + bytearray(READ_BYTES)
    text = np.frombuffer(data, np.uint8)
    with path.open("rb", buffering=0) as file:
        file.seek(first)
        while size := file.readinto(memoryview(data)[2:]):
            yield data, text[: size + 2]
            data[:2] = data[size : size + 2]
