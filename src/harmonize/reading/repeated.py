"""What would be counted twice where the figures of one key are added: a line that is there again, a total of others.

The columns that no axis reads tell such lines apart (police forces, nationalities). So nobody else looks at them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from hashlib import blake2b

from ..model.catalog import codelist
from ..model.finding import Finding, Severity
from .grid import Grid, as_text
from .header import Header


@cache
def _totals() -> re.Pattern[str]:
    """How publishers write that something is the sum of the others, by schemas/codelists/total_word.csv."""
    kinds = {"alone": "{word}", "begins": r"{word}\b.*", "alone_or_before_a_word": r"{word}( (?!{rest})\w+)?"}
    return re.compile(
        "|".join(
            kinds[one.kind].format(word=re.escape(_bare(one.code)), rest=re.escape(_bare(one.value)))
            for one in codelist("total_word").codes
        )
    )


def _bare(text: str) -> str:
    """A text without case, accents, brackets and what ends a heading: `(Total)`, `Σύνολο` and `ΣΥΝΟΛΟ:` are words."""
    letters = unicodedata.normalize("NFKD", text[:100].casefold())
    return "".join(one for one in letters if not unicodedata.combining(one)).strip(" \t()[]<>*.:;,-–—=")


@lru_cache(10_000)
def is_total(text: str) -> bool:
    """Whether a text says that its line or column is the sum of others.

    >>> is_total("TOTAL"), is_total("Total PN"), is_total("All routes"), is_total("Insgesamt:"), is_total("합계(명)")
    (True, True, True, True, True)
    >>> is_total("All other nationalities"), is_total("Totally other"), is_total("Gesamtschule")
    (False, False, False)
    """
    return _totals().fullmatch(_bare(text)) is not None


def unread(header: Header, read: Iterable[str]) -> list[int]:
    """Positions of the columns that hold neither figures nor a text that is read."""
    known = {at for name, at in header.columns.items() if name in {*read}} | {value.index for value in header.values}
    return [at for at in range(len(header.texts)) if at not in known]


class Repeated:
    """The lines of one file that were met, and the totals among them.

    Args:
        read: names of the texts that the mapping reads; None where nothing is added, and nothing looked for.
    """

    def __init__(self, read: Iterable[str] | None = None) -> None:
        self.is_looked_for = read is not None
        self._read = {*(read or ())}
        self._unread: tuple[Header | None, list[int]] = (None, [])
        self._met: dict[bytes, int] = {}
        self._totals: set[str] = set()

    def of_header(self, header: Header) -> Iterator[Finding]:
        """Columns of figures that are the sum of others, where every column is added."""
        is_read = not self.is_looked_for or "$header" in self._read or len(header.values) == 1
        for value in () if is_read else header.values:
            if is_total(value.header) and value.header not in self._totals:
                self._totals.add(value.header)
                yield _total(value.header, 0, value.header)

    def of_row(self, grid: Grid, index: int, header: Header) -> Iterator[Finding]:
        """Whether a row was there before, or is the sum of others."""
        if not self.is_looked_for:
            return
        row, number = grid.rows[index], grid.numbers[index]
        texts = [as_text(cell).strip() for cell in row]
        line = blake2b("\x1f".join((grid.sheet, *texts)).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if line in self._met:
            message = f"this line is also row {self._met[line]}: its figures would be added a second time"
            yield Finding(rule="key-twice", severity=Severity.ERROR, row=number, message=message)
        self._met.setdefault(line, number)
        if self._unread[0] is not header:
            self._unread = header, unread(header, self._read)
        for at in self._unread[1]:
            text = texts[at] if at < len(texts) else ""
            if is_total(text) and text not in self._totals:
                self._totals.add(text)
                yield _total(text, number, header.texts[at])


def _total(text: str, row: int, column: str) -> Finding:
    message = f"{text!r} seems to be the sum of others, to which it would be added"
    place = {"row": row or None, "column": column, "text": text}
    return Finding.model_validate({"rule": "unknown-text", "severity": Severity.ERROR, "message": message, **place})
