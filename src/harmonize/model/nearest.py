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


def nearest(text: str, known: Iterable[str], count: int = 3, cutoff: float = 0.6) -> list[str]:
    """Up to `count` known texts that resemble the text, best first.

    >>> nearest('Schluesel', ['Straftat', 'Schluessel', 'Jahr'])
    ['Schluessel']
    """
    by_lower = {candidate[:200].lower(): candidate for candidate in known}
    found = difflib.get_close_matches(text[:200].lower(), by_lower, n=count, cutoff=cutoff)
    return [by_lower[candidate] for candidate in found]
