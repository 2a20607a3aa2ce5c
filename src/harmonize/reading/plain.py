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

    ends = returns = pairs = last = 0
    is_open = False
    room = np.empty(READ_BYTES, np.bool_)  # to ask for it each time takes longer than to look
    for data, text in _windows(path, first):
        is_end = np.equal(text[2:], ord("\n"), out=room[: len(text) - 2])
        ends += int(np.count_nonzero(is_end))
        if data.find(b"\0", 2, len(text)) >= 0 or (data.find(C1, 1, len(text)) >= 0 and _has_c1(text)):
            raise NotPlain("a control character")
        if data.find(b"\r", 1, len(text)) >= 0:
            returns += int(np.count_nonzero(text[2:] == ord("\r")))
            pairs += int(np.count_nonzero(is_end & (text[1:-1] == ord("\r"))))
        if data.find(b'"', 1, len(text)) >= 0:
            is_quote = np.equal(text[1:-1], QUOTE, out=room[: len(text) - 2])
            is_open = _after_quotes(text, is_quote.nonzero()[0], is_open, ord(delimiter))
        last = text[-1]
    if returns != pairs:
        raise NotPlain(RETURN_ALONE)
    if is_open != (last == QUOTE):  # what follows the last byte was not seen: there it can only close
        raise NotPlain("a quote that is never closed")
    return ends


def _after_quotes(text: NDArray[Any], before: NDArray[Any], is_open: bool, delimiter: int) -> bool:
    """Whether a field in quotes is open behind a window, but for its last byte, if one was before it.

    Args:
        before: the place before each quote.

    Raises:
        NotPlain: a quote neither opens nor closes a field, nor is it one of two inside.
    """
    import numpy as np

    opens_behind, closes_before = text[before[is_open::2]], text[before[not is_open :: 2] + 2]
    for beside, allowed in (
        (opens_behind, (delimiter, ord("\n"), QUOTE)),
        (closes_before, (delimiter, ord("\n"), QUOTE, ord("\r"))),
    ):
        if sum(np.count_nonzero(beside == one) for one in allowed) < len(beside):
            raise NotPlain("quotes are broken")
    return is_open ^ bool(len(before) % 2)


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
