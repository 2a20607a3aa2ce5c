"""Small files to begin with: those of the tests, and the mappings that ship."""

from __future__ import annotations

import gzip
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from building.samples import dhs, pks_text

from harmonize.model.catalog import data_folder

from .targets import PARTS

XLSX = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml")
ODS = b"""<office:document-content><office:body><office:spreadsheet><table:table table:name="Sheet"><table:table-row
table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="5" /><table:table-cell
calcext:value-type="error" table:number-columns-repeated="2"><text:p>#DIV/0!</text:p></table:table-cell
></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""
EXAMPLES = Path(__file__).parents[2] / "examples"


def of(name: str) -> Iterator[bytes]:
    """The first inputs of a target."""
    mappings = data_folder("mappings")
    if name == "text":
        text = pks_text().encode("latin-1")
        yield from (text, text.replace(b"\n", b"\r\n"), gzip.compress(text), b'"a";"b\n";c\n')
        yield from (path.read_bytes() for path in sorted(EXAMPLES.glob("*.csv")))
    elif name == "workbook":
        with tempfile.TemporaryDirectory() as folder:
            book = dhs(Path(folder))
            yield book.read_bytes()
            with zipfile.ZipFile(book) as archive:
                yield PARTS.join(archive.read(name) for name in XLSX if name in archive.namelist())
        yield ODS
    elif name == "mapping":
        for path in sorted(mappings.glob("*/*/mapping.yaml")):
            yield PARTS.join((path.read_bytes(), (path.parent / "codes.csv").read_bytes(), b"text,code\na,FRA\n"))
    elif name == "yaml":
        yield from (path.read_bytes() for path in sorted(mappings.glob("*/*/mapping.yaml")))
        yield from (b"a: &x [1]\nb: *x\n", b"a: !!python/object:x 1\n", b"? [a]\n: 1\n", b"- {a: |\n  b}\n")
    else:
        yield "x\n::set-output name=a::b\0=1+1\0<script>\0%0A\u202e\0]]>".encode()
