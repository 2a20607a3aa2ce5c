"""Hypothesis strategies that the tests share: number formats, texts of cells, and whole small sources."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from harmonize.model.numbers import Marker, Meaning, Numbers

MARKS = [(".", ""), (",", ""), (".", ","), (",", "."), (",", " "), (".", " "), (",", ". "), (".", ",' ")]
TEXT_MARKERS = ["-", ":", "..", "np", "NA", "", " ", "9", "-99", "0", "00", "1,000", "1 000", "1.000", "N/a", "٣"]
PATTERN_MARKERS = [
    Marker(pattern="<(?P<limit>[0-9]+)", means=Meaning.BELOW, lower=0),
    Marker(pattern="< ?(?P<limit>[1-9].*)", means=Meaning.BELOW, lower=1),
    Marker(pattern="(?P<number>.+) ?b", means=Meaning.FLAGGED, status="B"),
    Marker(pattern=r"(?P<number>\d+)p", means=Meaning.FLAGGED, status="P"),
    Marker(pattern="[0-9]{2}", means=Meaning.MISSING),
    Marker(pattern=".*x", means=Meaning.SUPPRESSED, lower=1, upper=4),
]
PLAIN_MEANINGS = [meaning for meaning in Meaning if meaning not in (Meaning.FLAGGED, Meaning.BELOW)]
SPACES = " \u00a0\u202f\u2009\u2007\t"


@st.composite
def markers(draw: st.DrawFn) -> Marker:
    """A marker: a text with any meaning, or a pattern."""
    if draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(PATTERN_MARKERS))
    return Marker(text=draw(st.sampled_from(TEXT_MARKERS)), means=draw(st.sampled_from(PLAIN_MEANINGS)))


@st.composite
def numbers(draw: st.DrawFn, *, counts: bool = False) -> Numbers:
    """Any way to write figures; with `counts`, whole numbers that are not rounded (read column-wise)."""
    decimal, thousands = draw(st.sampled_from(MARKS))
    return Numbers(
        decimal="." if decimal == "." else ",",
        thousands=thousands,
        decimals=0 if counts else draw(st.sampled_from([0, 0, 0, 1, 3])),
        rounded_to=None if counts else draw(st.sampled_from([None, None, 2, 3, 5])),
        negative=counts and draw(st.booleans()),
        markers=tuple(draw(st.lists(markers(), max_size=4))),
        largest=draw(st.sampled_from([None, None, 1000, 10**17])),
    )


def _grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


figure_texts: st.SearchStrategy[str] = st.one_of(
    st.integers(0, 3000).map(str),
    st.integers(-5, 2**66).map(str),
    st.sampled_from(
        [
            *TEXT_MARKERS,
            str(2**53 - 1),
            str(2**53),
            str(2**63),
            "1" * 40,
            "007",
            "+5",
            "-5",
            "1e5",
            "1_000",
            "0x10",
            "<5",
            "<0",
            "< 7",
            "12 b",
            "12b",
            "7p",
            "x",
            "3x",
            "inf",
            "nan",
            "NaN",
            "\n5",
            "5\n",
            "1 234 567",
        ]
    ),
    st.builds(_grouped, st.integers(0, 10**10), st.sampled_from([*SPACES, ",", ".", "'"])),
    st.builds(lambda n, d, m: f"{n}{m}{d}", st.integers(0, 9999), st.integers(0, 9999), st.sampled_from(".,")),
    st.builds(
        lambda a, t, b: f"{a}{t}{b}",
        st.sampled_from(["", *SPACES]),
        st.integers(0, 999).map(str),
        st.sampled_from(["", *SPACES]),
    ),
    st.text("0123456789,. '<b-+e_\u00a0\u202f٣²", max_size=12),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)
"""Texts of cells of figures: plain, decorated, markers, and what no publisher writes."""


@dataclass
class World:
    """A small source: what its mapping folder says, and the rows of its file (the first field numbers them)."""

    mapping: dict[str, Any]
    codes: list[dict[str, str]]
    header: list[str]
    rows: list[list[str]] = field(default_factory=list)
    line_end: str = "\n"

    def write_mapping(self, top: Path) -> Path:
        """Write `tst/src` below a folder of mappings and return the mapping's own folder."""
        folder = top / "tst" / "src"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mapping.yaml").write_text(json.dumps(self.mapping, ensure_ascii=False), encoding="utf-8")
        with (folder / "codes.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, CODE_COLUMNS, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.codes)
        return folder

    def write_file(self, path: Path, rows: Sequence[Sequence[str]] | None = None) -> Path:
        """Write the header and all rows, or those given."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator=self.line_end)
            writer.writerow(self.header)
            writer.writerows(self.rows if rows is None else rows)
        return path


CODE_COLUMNS = (
    "code",
    "label",
    "valid_from",
    "valid_to",
    "role",
    "offences",
    "form",
    "alone",
    "same_key",
    "members",
    "provisions",
    "relation",
    "status",
)
COUNTING = {
    "what": "tests",
    "unit": "test",
    "stage": "recorded",
    "reference_period": "calendar year",
    "territory": "nowhere",
    "evidence": "unverified",
    "source": "invented",
}
CASES = {"header": "Cases", "measure": {"indicator": "OFFENCES_RECORDED", "unit": "case"}}
SUSPECTS = {
    "header": "Suspects",
    "measure": {"indicator": "PERSONS_SUSPECTED", "unit": "person", "add_over_codes": False},
}
FOREIGN = {"header": "Foreign", "measure": {**SUSPECTS["measure"], "citizenship": "FOR"}}  # type: ignore[dict-item]
AREAS = {
    "from": "area",
    "read": [
        {"text": "Land", "code": "DEU"},
        {"text": ["Nord", "Norden"], "code": "DE-SH"},
        {"pattern": "Sued.*", "code": "DE-BY"},
        {"text": "Sark", "ignore": "no code of its own"},
    ],
}
FLAGS = {
    "from": "flag",
    "read": [
        {"text": "", "status": ""},
        {"text": ["b", "break"], "status": "B"},
        {"pattern": "p.?", "status": "PE"},
        {"text": "c", "means": "suppressed"},
        {"text": "z", "means": "not_applicable"},
        {"text": "n", "means": "nil"},
        {"text": "f", "means": "not_yet"},
        {"text": "d", "ignore": "another definition"},
    ],
}
SEXES = {"from": "sex", "read": [{"text": "m", "code": "M"}, {"text": "f", "code": "F"}, {"text": "", "code": "_T"}]}


def source(
    values: list[dict[str, Any]], codes: list[dict[str, str]], *, columns: Sequence[str] = (), **more: Any
) -> World:
    """A source with the columns Id (not used), Code, Year, those given, and figures; `more`: keys of mapping.yaml."""
    named = {"code": "Code", "year": "Year", **{name: name.capitalize() for name in columns}}
    mapping: dict[str, Any] = {
        "publisher": "Test",
        "title": "Test",
        "language": "en",
        "licence": "none",
        "counting": COUNTING,
        "layout": {
            "format": "csv",
            "encoding": ["utf-8"],
            "delimiter": ";",
            "columns": named,
            "values": values,
            "ignore": ["Id"],
        },
        "numbers": {"markers": [{"text": ":", "means": "missing"}]},
        "editions": [{"constant": "e1"}],
        "code": "code",
        "scope": {"whole_list": True},
        "area": {"constant": "DEU"},
        "period": {"from": "year"},
        **more,
    }
    return World(mapping, codes, ["Id", *named.values(), *(value["header"] for value in values)])


def detail(code: str, offences: str = "SOM", **more: str) -> dict[str, str]:
    """A row of codes.csv that is counted."""
    return {"code": code, "label": f"label {code}", "role": "detail", "offences": offences, **more}


_RELATIONS = ["exact", "narrower", "broader", "overlapping", "unknown", ""]
_SPANS = [
    [("", "")],
    [("", "")],
    [("", "2018"), ("2019", "")],
    [("2018", "2019")],
    [("2018", "2018"), ("2020", "2020")],
]
_MARKERS: list[dict[str, Any]] = [
    {"text": ":", "means": "missing"},
    {"text": "-", "means": "nil"},
    {"text": "9", "means": "suppressed", "lower": 1, "upper": 4},
    {"text": "", "means": "not_applicable"},
    {"pattern": "<(?P<limit>[0-9]+)", "means": "below", "lower": 1},
    {"pattern": "(?P<number>.+) b", "means": "flagged", "status": "B"},
    {"text": "in", "means": "included_elsewhere"},
]
_FIGURES = [
    "0",
    "1",
    "12",
    "12",
    "250",
    "250",
    "1,234",
    "99,999",
    " 7 ",
    "<5",
    ":",
    "-",
    "9",
    "in",
    "12 b",
    "",
    "x",
    "1.5",
    "1,2,3",
]


@st.composite
def _code_rows(draw: st.DrawFn) -> list[dict[str, str]]:
    rows = []
    for code in draw(st.lists(st.sampled_from(["A1", "A2", "A3", "A4 b", "A5*"]), min_size=1, max_size=4, unique=True)):
        spans = [("", "")] if code.endswith("*") else draw(st.sampled_from(_SPANS))
        for first, last in spans:
            role = draw(st.sampled_from(["detail"] * 5 + ["ignore"]))
            more = {
                "valid_from": first,
                "valid_to": last,
                "relation": draw(st.sampled_from(_RELATIONS)) if role == "detail" else "",
            }
            if role == "detail":
                more |= {
                    "form": draw(st.sampled_from(["", "", "OTHER"])),
                    "alone": draw(st.sampled_from(["", "", "", "yes"])),
                    "same_key": draw(st.sampled_from(["", "", "add", "bound", "refuse"])),
                    "status": draw(st.sampled_from(["", "", "W"])),
                }
            offences = draw(st.sampled_from(["SOM", "SOM", "TIP", "SOM SOM_AGG"])) if role == "detail" else ""
            if " " in offences and more["relation"] == "exact":
                more["relation"] = "broader"
            rows.append(detail(code, offences, **more) | {"role": role})
    return rows


CORRECTED = {
    "publisher": "Test",
    "reason": "test",
    "date": "2026-11-22",
    "evidence": "unverified",
    "source": "invented",
}


@st.composite
def corrections(draw: st.DrawFn, values: list[dict[str, Any]], numbers: dict[str, Any]) -> list[dict[str, Any]]:
    """Corrections of cells that a random source may hold, never two of one cell."""
    right = ["0", "12", "1234", *(m["text"] for m in numbers.get("markers", []) if m.get("text"))]
    found = []
    for code in draw(st.lists(st.sampled_from(["A1", "A2", "A5"]), max_size=2, unique=True)):
        where = {"code": code, **draw(st.sampled_from([{}, {"year": "2018"}, {"year": "2018", "area": "Land"}]))}
        where |= {"$header": draw(st.sampled_from(values))["header"]} if draw(st.booleans()) else {}
        instead = {"means": "missing"} if draw(st.booleans()) else {"value": draw(st.sampled_from(right))}
        one = {"where": where, "expect": draw(st.sampled_from(_FIGURES)), **instead, **CORRECTED}
        found += [one] if one["expect"] != one.get("value") else []
    return found


@st.composite
def worlds(draw: st.DrawFn, *, tidy: bool = False, size: int = 12) -> World:
    """A random small source. `tidy`: every row is in scope, its figures are whole numbers, and they may be added."""
    columns = draw(st.lists(st.sampled_from(["area", "sex", "flag"]), unique=True))
    values = (
        [CASES] if tidy else draw(st.sampled_from([[CASES], [CASES, SUSPECTS], [SUSPECTS], [CASES, SUSPECTS, FOREIGN]]))
    )
    codes = [detail("A1"), detail("A2", relation="broader"), detail("A3", "TIP")] if tidy else draw(_code_rows())
    shown: dict[str, Any] = {"thousands": ","}
    more: dict[str, Any] = {}
    if not tidy:
        shown["markers"] = draw(st.lists(st.sampled_from(_MARKERS), max_size=5, unique_by=str))
        shown["refused"] = draw(st.sampled_from(["warning", "error"]))
        shown |= draw(st.sampled_from([{}, {}, {"rounded_to": 5}, {"decimals": 1}]))
        more["scope"] = draw(st.sampled_from([{"whole_list": True}, {"watch_code": "^A"}]))
        where = draw(st.sampled_from([[], [], ["DEU"], ["DE-BY", "FRA"]]))
        law = {"reason": "law", "evidence": "unverified", "source": "x", "areas": where}
        more["breaks"] = [{"year": 2019, "offences": ["SOM"], **law}]
    more["same_key"] = "add" if tidy else draw(st.sampled_from(["add", "bound", "refuse"]))
    more["absent_code"] = "zero" if tidy else draw(st.sampled_from(["finding", "unreported", "zero"]))
    if not tidy:
        found = draw(corrections(values, shown))
        more["corrections"] = [one for one in found if "area" in columns or "area" not in one["where"]]
    more |= {"area": AREAS} if "area" in columns else {}
    more |= {"sex": SEXES} if "sex" in columns else {}
    more |= {"status": FLAGS} if "flag" in columns else {}
    world = source(values, codes, columns=columns, numbers=shown, split_files=True, **more)
    known = [row["code"].removesuffix("*") for row in codes] * 3
    texts = {
        "code": known if tidy else [*known, "A1\u00a0", "A5", "A57", "A9", "Z1"],
        "year": ["2018", "2019", "2020"] if tidy else ["2018", "2018", "2019", "2020", " 2020", "20x0"],
        "area": ["Land", "Nord", "Sueden"]
        if tidy
        else ["Land", "Land", "Nord", "Norden", "Sueden", "Sark", "Atlantis", "a;b", 'q"q'],
        "sex": ["m", "f", ""] if tidy else ["m", "m", "f", "", "?"],
        "flag": ["", "b"] if tidy else ["", "", "b", " p\u00a0", "pe", "c", "c", "z", "n", "f", "d", "?"],
    }
    figures = st.integers(0, 2_000_000).map("{:,}".format) if tidy else st.sampled_from(_FIGURES)
    fields = [st.sampled_from(texts[name]) for name in ("code", "year", *columns)] + [figures for _ in values]
    world.rows = [[str(i), *row] for i, row in enumerate(draw(st.lists(st.tuples(*fields), min_size=1, max_size=size)))]
    world.line_end = draw(st.sampled_from(["\n", "\r\n"]))
    return world
