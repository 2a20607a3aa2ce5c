"""Workbooks by hand: parts of xlsx and ods as they are written, so that each can be broken on its own."""

from __future__ import annotations

import zipfile
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RELATION = f'<Relationship Id="rId1" Type="{OFFICE}/{{0}}" Target="{{1}}"/>'
TYPES = f"""<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>"""


def relations(kind: str, target: str) -> str:
    """A part of relations with one of them."""
    return f'<Relationships xmlns="{PACKAGE}/relationships">{RELATION.format(kind, target)}</Relationships>'


def cell(place: str, value: object) -> str:
    """A cell with a number."""
    return f'<c r="{place}"><v>{value}</v></c>'


def text_cell(place: str, text: str) -> str:
    """A cell with a text of its own."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def xlsx(path: Path, rows: str, *, before: str = "", sheets: str = "", relation: str = "") -> Path:
    """An xlsx of one sheet; `before` stands in front of it, `sheets` and `relation` in the place of the usual."""
    sheets = sheets or '<sheet name="S" sheetId="1" r:id="rId1"/>'
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relation or relations("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


def number(times: str = "1") -> str:
    """A cell of an ods, repeated."""
    repeated = f'table:number-columns-repeated="{times}"'
    return (
        f'<table:table-cell {repeated} office:value-type="float" office:value="5"><text:p>5</text:p></table:table-cell>'
    )


def ods(path: Path, rows: str, before: str = "") -> Path:
    """An ods of one sheet."""
    content = f"""{before}<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body>
<office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest xmlns:manifest='m'/>")
        archive.writestr("content.xml", content)
    return path
