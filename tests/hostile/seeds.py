"""Small files to begin with: those of the tests, and the mappings that ship."""

from __future__ import annotations

import gzip
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from building.samples import dhs, pks_text
from building.submissions import filled, rows, write

from harmonize.model.catalog import data_folder

from .targets import PARTS

XLSX = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml")
ODS = b"""<office:document-content><office:body><office:spreadsheet><table:table table:name="Sheet"><table:table-row
table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="5" /><table:table-cell
calcext:value-type="error" table:number-columns-repeated="2"><text:p>#DIV/0!</text:p></table:table-cell
></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""
TSV = rb"""freq,iccs,unit,geo\TIME_PERIOD|2021 |2022
A,ICCS0703,NR,AT|12 b|:
A,ICCS0703,P_HTHAB,EL|1.25 |0.5 ep
A,ICCS07041,NR,EU27_2020|: c|1
""".replace(b"|", b"\t")
CUBE = {
    "Straftat": ["Menschenhandel (Art. 182)"],
    "Kanton": ["Schweiz"],
    "Ausführungsgrad": ["vollendet", "versucht"],
    "Aufklärungsgrad": ["aufgeklärt", "nicht aufgeklärt"],
    "Jahr": ["2021", "2022"],
}
SETTINGS = b"""[[rules]]
rule = "code-absent"
severity = "off"
files = ["*.csv"]
reason = "a small file"
"""
BASELINE = b'{"harmonize_baseline": 1, "findings": [{"rule": "code-absent", "message": "m", "file": "b/a.csv"}]}'
EXAMPLES = Path(__file__).parents[2] / "examples"


def of(name: str) -> Iterator[bytes]:
    """The first inputs of a target."""
    mappings = data_folder("mappings")
    if name == "text":
        text = pks_text().encode("latin-1")
        yield from (text, text.replace(b"\n", b"\r\n"), gzip.compress(text), b'"a";"b\n";c\n')
        yield from (path.read_bytes() for path in sorted(EXAMPLES.glob("*.csv")))
    elif name == "tsv":
        yield from (TSV, TSV.replace(b"\n", b"\r\n"), gzip.compress(TSV), TSV.replace(b"\t", b","))
    elif name == "refusal":
        yield from (path.read_bytes() for path in sorted(mappings.glob("*/*/refusal.yaml")))
    elif name == "statistics":
        yield from (path.read_bytes() for path in sorted(mappings.glob("*/statistics.yaml")))
    elif name == "mapping":
        for path in sorted(mappings.glob("*/*/mapping.yaml")):
            yield PARTS.join((path.read_bytes(), (path.parent / "codes.csv").read_bytes(), b"text,code\na,FRA\n"))
    elif name == "yaml":
        yield from (path.read_bytes() for path in sorted(mappings.glob("*/*/mapping.yaml")))
        yield from (b"a: &x [1]\nb: *x\n", b"a: !!python/object:x 1\n", b"? [a]\n: 1\n", b"- {a: |\n  b}\n")
    elif name in OWN:
        yield from OWN[name]()
    elif name == "settings":
        yield SETTINGS + PARTS + BASELINE
    else:
        yield "x\n::set-output name=a::b\0=1+1\0<script>\0%0A\u202e\0]]>".encode()


def _submissions() -> Iterator[bytes]:
    """A table alone, with its form, with the year before; in other shapes; and with what most rules look at."""
    many = [
        {"sex": sex, "age": "_T", "value": value, "obs_status": status, "time_period": str(year)}
        for year in range(2015, 2021)
        for sex, value, status in (("_T", "100", "A"), ("F", "40", "E"), ("M", "", "Q"))
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "a.csv", rows({}, {"value": "1219"}), filled())
        table, form = path.read_bytes(), path.with_name("a.metadata.csv").read_bytes()
        details = write(Path(folder) / "b.csv", rows(*many)).read_bytes()
        yield from (table, PARTS.join((table, form)), PARTS.join((details, form, table)), gzip.compress(table))
        yield table.replace(b",", b";")
        frame = pd.DataFrame(rows(*many))
        frame.to_excel(Path(folder) / "a.xlsx", index=False)
        frame.to_parquet(Path(folder) / "a.parquet")
        yield from ((Path(folder) / f"a.{ending}").read_bytes() for ending in ("xlsx", "parquet"))


def _cubes() -> Iterator[bytes]:
    """As the cubes of json-stat are written, new and old."""
    dimension = {one: {"label": one, "category": {"index": codes}} for one, codes in CUBE.items()}
    size = [len(codes) for codes in CUBE.values()]
    new = {"version": "2.0", "class": "dataset", "id": list(CUBE), "size": size, "dimension": dimension}
    new |= {"role": {"time": ["Jahr"]}, "value": [1, 2, 3, None, 5, 6, 7, 8], "status": {"3": "..."}}
    old = {"dataset": {"dimension": {**dimension, "id": new["id"], "size": size}, "value": {"0": 1, "7": 2.5}}}
    yield from (json.dumps(one, ensure_ascii=False).encode() for one in (new, old))


def _workbooks() -> Iterator[bytes]:
    """Whole, or the parts of one."""
    with tempfile.TemporaryDirectory() as folder:
        book = dhs(Path(folder))
        yield book.read_bytes()
        with zipfile.ZipFile(book) as archive:
            yield PARTS.join(archive.read(name) for name in XLSX if name in archive.namelist())
    yield ODS


OWN = {"cube": _cubes, "workbook": _workbooks, "submission": _submissions}
