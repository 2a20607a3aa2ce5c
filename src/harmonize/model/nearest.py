"""The nearest known text, for suggestions. Never used to decide a figure."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable


def plain(text: str) -> str:
    """Text with every run of spaces, no-break spaces and line breaks as one space, trimmed, in NFC.

    >>> plain('Straftaten\\xa0insgesamt \\n')
    'Straftaten insgesamt'
    """
    text = " ".join(text.split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def visible(text: str) -> str:
    """The text without characters that nobody sees: joiners, soft hyphens, marks of direction (Unicode category Cf).

    >>> visible('Menschen\u00adhandel\u202e')
    'Menschenhandel'
    """
    return text if text.isprintable() else "".join(c for c in text if unicodedata.category(c) != "Cf")


SHORT = 30
"""Characters up to which edits are counted: it takes their square, and of long texts the likeness tells enough."""


def nearest(text: str, known: Iterable[str], count: int = 3, cutoff: float = 0.6) -> list[str]:
    """Up to `count` known texts that resemble the text, best first: the fewest edits, then the most alike.

    >>> nearest('Schluesel', ['Straftat', 'Schluessel', 'Jahr'])
    ['Schluessel']
    >>> nearest('CNA', ['CHN', 'CAN', 'TCA'])[0]
    'CAN'
    """
    by_lower = {candidate[:200].lower(): candidate for candidate in known}
    lower = text[:200].lower()
    found = difflib.get_close_matches(lower, by_lower, n=max(len(by_lower), 1), cutoff=cutoff)
    if len(lower) <= SHORT:
        found.sort(key=lambda candidate: (edits(lower, candidate), sorted(candidate) != sorted(lower)))
    return [by_lower[candidate] for candidate in found[:count]]


def edits(one: str, other: str) -> int:
    """How many characters to add, drop, replace, or swap with their neighbour make one text the other.

    The optimal string alignment distance: Damerau and Levenshtein, no character edited twice.

    >>> edits("CNA", "CAN"), edits("CNA", "TCA"), edits("ENTYR", "ENTRY"), edits("", "ab")
    (1, 2, 1, 2)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
