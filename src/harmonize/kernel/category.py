"""The rule of categories: code (and label) -> the rows of codes.csv, or outside the scope, or a stop."""

from __future__ import annotations

import difflib
import re

from ..model.code_row import CodeRow
from ..model.mapping import Mapping
from ..model.nearest import nearest, plain, visible
from .answer import Ignored, Refused, refuse_long

NEARLY_EQUAL = 0.92
"""Texts of eight characters or more that are this similar are taken for one text misspelt (difflib's ratio)."""
SHORTEST_MISSPELLING = 8

OUTSIDE = "outside the mapping's scope"


class CategoryRule:
    """Places a category of the source in codes.csv. Groups are rows that share a code (told apart by year)."""

    def __init__(self, mapping: Mapping) -> None:
        self.rows = mapping.codes
        self.has_label = mapping.label is not None
        self._scope = mapping.scope
        self._exact: dict[str, list[int]] = {}
        starts: dict[str, list[int]] = {}
        for i, row in enumerate(mapping.codes):
            (starts if row.is_open else self._exact).setdefault(plain(row.literal), []).append(i)
        self._starts = sorted(starts.items(), key=lambda start: -len(start[0]))
        self._long = [code for code in self._exact if len(code) >= SHORTEST_MISSPELLING and not code.isdigit()]

    def answer(self, code: str, label: str = "") -> tuple[int, ...]:
        """Positions in codes.csv of the rows with this code.

        Raises:
            Ignored: outside the scope, or a code that codes.csv leaves out.
            Refused: inside the scope and unknown, misspelt, or a known code with another label.
        """
        refuse_long(code + label)
        name, title = plain(code), plain(label)
        found = self._exact.get(name)
        if found is None:
            self._seen_otherwise(name, title)
            found = next((rows for start, rows in self._starts if self._begins(name, start)), None)
        if found is None:
            self._unknown(name, title)
        assert found is not None
        if title and not any(self._label_fits(self.rows[i], title) for i in found):
            row = self.rows[found[0]]
            raise Refused(
                "label-changed",
                f"the code {name} now has the label {title!r}; known as {row.label!r}"
                + (f", and its `label_like` in codes.csv is /{row.label_like}/" if row.label_like else ""),
                row.label,
            )
        return tuple(found)

    @staticmethod
    def _begins(name: str, start: str) -> bool:
        """Whether an open code takes a key. An asterisk that follows is the publisher's own mark of a sum or a change,
        as in `725200*`, and no ending like others: such a key needs a row of its own."""
        return name.startswith(start) and "*" not in name[len(start) :]

    def _seen_otherwise(self, name: str, title: str) -> None:
        """Refuse what looks like a category of ours and is another text."""
        bare, bare_title = plain(visible(name)), plain(visible(title))
        if (bare, bare_title) == (name, title):
            return
        is_ours = bare in self._exact or any(self._begins(bare, start) for start, _ in self._starts)
        if is_ours or self._is_watched(bare, bare_title):
            hidden = sorted({f"U+{ord(c):04X}" for c in name + title if not visible(c)})
            message = f"holds invisible characters ({', '.join(hidden)}) and without them reads {bare!r}"
            raise Refused("text-invisible", message, bare if is_ours else "")

    def _is_watched(self, name: str, title: str) -> bool:
        return self._scope.whole_list or any(
            pattern and re.search(pattern, text, re.IGNORECASE)
            for pattern, text in ((self._scope.watch_code, name), (self._scope.watch_label, title or name))
        )

    def _label_fits(self, row: CodeRow, title: str) -> bool:
        return row.label_like is None or re.search(row.label_like, title, re.IGNORECASE) is not None

    def _unknown(self, name: str, title: str) -> None:
        if self._is_watched(name, title):
            close = (
                nearest(name, self._exact) or nearest(title, [row.label for row in self.rows])
                if title
                else nearest(name, self._exact)
            )
            raise Refused(
                "unknown-code",
                "is inside the scope of the mapping, but codes.csv has no such category",
                "; ".join(close),
            )
        if len(name) >= SHORTEST_MISSPELLING and not name.isdigit():
            for known in difflib.get_close_matches(name, self._long, n=1, cutoff=NEARLY_EQUAL):
                raise Refused("misspelt-code", f"is nearly the known category {known!r}", known)
        raise Ignored(OUTSIDE)

    def in_year(self, rows: tuple[int, ...], year: int) -> int:
        """The row that is valid in that year.

        Raises:
            Refused: the code did not exist then.
            Ignored: its role says that it is never counted.
        """
        valid = [i for i in rows if self.rows[i].valid_in(year)]
        if not valid:
            spans = ", ".join(f"{self.rows[i].valid_from or ''}-{self.rows[i].valid_to or ''}" for i in rows)
            raise Refused("code-not-valid", f"did not exist in {year}; codes.csv says {spans}")
        if not self.rows[valid[0]].offences:
            raise Ignored(f"{self.rows[valid[0]].role} in codes.csv")
        return valid[0]
