"""What a refused text of a submission may have meant. It is said, and never taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ..model.catalog import known_codes, nearest_citizenships, nearest_codes, shared_table
from ..model.nearest import nearest, plain
from ..model.observation import exists
from ..model.submission import NUMBERS, REASONS

LIMITS = ("<", ">", "≤", "≥")

DASH = r"\s*(?:-|–|to|/)\s*"

AGES: tuple[tuple[str, Callable[[re.Match[str]], tuple[str, ...]]], ...] = (
    (rf"y?(\d+){DASH}(\d+)( years)?", lambda found: (f"Y{found[1]}T{found[2]}", _under(found[1], found[2]))),
    (r"(\d+)( years)? ?(\+|and over|and older|or over|or more)", lambda found: (f"Y_GE{found[1]}",)),
    (r"(?:≥|>=) ?(\d+)", lambda found: (f"Y_GE{found[1]}",)),
    (r"(?:<|under|below) ?(\d+)( years)?", lambda found: (f"Y_LT{found[1]}",)),
)
"""How ages are written, and the codes that they may have (age.csv)."""

PERIODS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"(\d{4})[ -]?[Qq]([1-4])", lambda found: f"{found[1]}-Q{found[2]}"),
    (r"[Qq]([1-4])[ /-]?(\d{4})", lambda found: f"{found[2]}-Q{found[1]}"),
    (r"(\d{4})[ -/]?[Mm]?(\d{1,2})", lambda found: f"{found[1]}-{int(found[2]):02}"),
    (r"(\d{1,2})[./-](\d{4})", lambda found: f"{found[2]}-{int(found[1]):02}"),
    (r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", lambda found: f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"),
    (r"(\d{1,2})\.(\d{1,2})\.(\d{4})", lambda found: f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"),
    (r"(\d{4})\.0", lambda found: found[1]),
)
"""How periods are written elsewhere, and the form that is meant. `05/06/2020` is a day in May, or one in June."""

FISCAL = re.compile(r"(?:FY ?)?(\d{4})[/-](?:\d{2})?(\d{2})|FY ?\d{2,4}", re.IGNORECASE)
"""A year that begins inside another, such as 2020/21; `2020-13` is none."""


def codes_meant(column: str, text: str, known: Iterable[str]) -> list[str]:
    """The codes of a column that a text may mean."""
    if column == "citizenship":
        return nearest_citizenships(text)
    if column == "obs_status":
        return _statuses(text)
    known = tuple(known)
    if column == "age" and (ages := [code for code in _ages(text) if code in known]):
        return ages
    return nearest_codes(column, text, known)


def _statuses(text: str) -> list[str]:
    letters, bare = known_codes("obs_status"), text.strip()
    if set(bare.upper()) <= set(letters):
        return ["".join(sorted(set(bare.upper()), key=letters.index))]
    return nearest_codes("obs_status", bare, letters)


def _ages(text: str) -> tuple[str, ...]:
    for pattern, codes in AGES:
        if found := re.fullmatch(pattern, plain(text).lower()):
            return codes(found)
    return ()


def _under(first: str, last: str) -> str:
    """The code of an age group that begins at birth.

    >>> _under("0", "17"), _under("6", "17")
    ('Y_LT18', '')
    """
    return f"Y_LT{int(last) + 1}" if int(first) == 0 else ""


def period_meant(text: str) -> tuple[str, str]:
    """Why a text is no period, and the one that may be meant; '' where that is open.

    >>> period_meant("2020Q1")[1], period_meant("03/2022")[1], period_meant("31.12.2020")[1]
    ('2020-Q1', '2022-03', '2020-12-31')
    >>> period_meant("2020/21")
    ('is a year that begins inside another: write the day it begins, as in 2020-04-01/P1Y', '')
    """
    bare = plain(text)
    fiscal = FISCAL.fullmatch(bare)
    if fiscal and (not fiscal[1] or int(fiscal[2]) == (int(fiscal[1]) + 1) % 100):
        return "is a year that begins inside another: write the day it begins, as in 2020-04-01/P1Y", ""
    forms = "is no period: 2018, 2018-Q3, 2018-04, 2018-04-30, or 2017-04-01/P1Y from a day on"
    for pattern, form in PERIODS:
        if (found := re.fullmatch(pattern, bare)) and _is_period(period := form(found)):
            return forms, period
    return forms, ""


def _is_period(text: str) -> bool:
    try:
        return exists(text) == text
    except ValueError:
        return False


def instead_of(column: str, text: str) -> str:
    """What to write instead of a mark that stands for a figure. None is guessed: `-` is nil here and missing there."""
    if column not in NUMBERS:
        return ""
    if text[:1] in LIMITS:
        return "is a limit: leave `value` empty, and write the least and the most it may be into `lower` and `upper`"
    if re.fullmatch(rf"\d+{DASH}\d+", text):
        return "is a range: leave `value` empty, and write its ends into `lower` and `upper`"
    if re.fullmatch(r"[\d.,]+ ?%", text):
        return "is a percentage: a submission holds counts, and rates whose unit says so"
    if re.fullmatch(r"\d+ ?(\(?[A-Za-z]{1,2}\)?|[*†‡]+)", text):
        return "is a figure and a mark: what the mark says belongs into `obs_status` (P provisional, E estimated ...)"
    if any(mark.isdigit() for mark in text):
        return ""
    if column == "value":
        return f"is no figure: leave it empty and say why in `obs_status` ({REASONS}); 0 only where nothing was counted"
    return "is no figure: leave the bound empty where none is known"


def columns_meant(text: str, free: Iterable[str]) -> list[str]:
    """The columns of the common format, of those that are not there, that a header may mean.

    >>> columns_meant("Year", ("time_period", "sex")), columns_meant("vlaue", ("value", "sex"))
    (['time_period'], ['value'])
    """
    free = tuple(free)
    word = (shared_table("heading_words") or {}).get(plain(text).lower().replace("_", " "))
    return [word] if word in free else nearest(text, free)
