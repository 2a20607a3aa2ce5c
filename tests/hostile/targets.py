"""What is fuzzed: each target takes bytes, and may end in a result or in a Problem. Anything else is a defect."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from harmonize.building.build import run
from harmonize.building.feed import feed
from harmonize.building.recognise import Candidate, recognise
from harmonize.checking.findings import Findings
from harmonize.checking.mappings import load_mapping
from harmonize.checking.refusals import load_refusal
from harmonize.checking.settled import Settings
from harmonize.checking.statistics import load_statistics
from harmonize.comparing.observations import built
from harmonize.kernel.rules import Rules
from harmonize.model import plain_yaml
from harmonize.model.catalog import data_folder
from harmonize.model.finding import Finding, Problem, Severity
from harmonize.model.mapping import Mapping
from harmonize.reading.cube import read_cube
from harmonize.reading.source import open_source
from harmonize.reading.workbook import Workbook
from harmonize.writing.formats import written
from harmonize.writing.places import Report

PARTS = b"\n=====\n"
"""Between the files of a mapping in one input: mapping.yaml, codes.csv, table.csv."""


@cache
def _mapping(name: str) -> Mapping:
    return load_mapping(data_folder("mappings") / name)


def _read(path: Path, mapping: str) -> None:
    file = recognise(Candidate(open_source(path)), [_mapping(mapping)])
    feed(file, Rules(file.mapping), Findings(), lambda _: None)


def text(data: bytes, folder: Path) -> None:
    """A delimited text (or a gzip of one): fingerprint, recognition, reading, the kernel."""
    path = folder / "text.csv"
    path.write_bytes(data)
    _read(path, "deu/pks_time_series")


def tsv(data: bytes, folder: Path) -> None:
    """A text whose cells hold several things: packed dimensions, and figures with flags."""
    path = folder / "crim_off_cat.tsv"
    path.write_bytes(data)
    _read(path, "eurostat/crim_off_cat_tsv")


def cube(data: bytes, folder: Path) -> None:
    """A json-stat cube: the cube itself, then as a file of a mapping."""
    path = folder / "cube_20240102-030405.json"
    path.write_bytes(data)
    with suppress(Problem):
        read_cube(open_source(path)).grid(None)
    _read(path, "che/bfs_pks")


def workbook(data: bytes, folder: Path) -> None:
    """A workbook (xls, xlsx, ods) through calamine: every sheet, then as a file of a mapping."""
    path = folder / "book.xlsx"
    path.write_bytes(data if data.startswith((b"PK", b"\xd0\xcf")) else zipped(data.split(PARTS)))
    source = open_source(path)
    if source.kind == "workbook":
        book = Workbook(source)
        for name in book.sheet_names:
            with suppress(Problem):
                book.grid(name)
        _read(path, "usa/dhs_yearbook_table_73")


def zipped(parts: list[bytes]) -> bytes:
    """Parts as an archive with right checksums, so that they reach what reads them: content.xml of an ods alone, or
    the sheet, the workbook, its relations and the shared strings of an xlsx."""
    ods = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": parts[0]}
    names = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in (ods if len(parts) == 1 else dict(zip(names, parts, strict=False))).items():
            archive.writestr(name, part)
    return buffer.getvalue()


def mapping(data: bytes, folder: Path) -> None:
    """A folder of a mapping."""
    inside = folder / "deu" / "fuzzed"
    inside.mkdir(parents=True, exist_ok=True)
    names = ("mapping.yaml", "codes.csv", "table.csv")
    for name, part in zip(names, [*data.split(PARTS, 2), b"", b""], strict=False):
        (inside / name).write_bytes(part)
    load_mapping(inside)


def refusal(data: bytes, folder: Path) -> None:
    """The refusal.yaml of a source that cannot answer."""
    inside = folder / "deu" / "refused"
    inside.mkdir(parents=True, exist_ok=True)
    (inside / "refusal.yaml").write_bytes(data)
    load_refusal(inside)


def statistics(data: bytes, folder: Path) -> None:
    """The statistics.yaml of an area."""
    inside = folder / "fra"
    inside.mkdir(exist_ok=True)
    (inside / "statistics.yaml").write_bytes(data)
    load_statistics.cache_clear()  # the file is another one every time
    load_statistics(inside / "statistics.yaml")


def yaml(data: bytes, folder: Path) -> None:
    """A YAML file."""
    path = folder / "file.yaml"
    path.write_bytes(data)
    plain_yaml.load(path)


def report(data: bytes, _: Path) -> None:
    """Findings whose texts are hostile, in every format; json and XML must stay what they are."""
    texts = [*(part.decode("utf-8", "replace") for part in data.split(b"\0")), "", "", "", ""][:5]
    findings = [
        Finding(rule="number-format", severity=severity, message=texts[0], file=texts[1], sheet=sheet, row=row,
                column=texts[3], text=texts[4], suggestion=texts[0])
        for severity in Severity for sheet in ("", texts[2]) for row in (None, 7)
    ]  # fmt: skip
    made = Report(Findings(findings), [texts[1]] if texts[1] and "\0" not in texts[1] else [], exit_code=1)
    for form in ("text", "github", "html"):
        written(form, made)
    json.loads(written("json", made))
    json.loads(written("sarif", made))
    ElementTree.fromstring(written("junit", made))


def submission(data: bytes, folder: Path) -> None:
    """A table in the common format, its form, and the submission before it: checked and built, which must agree."""
    names = ("submission.csv", "submission.metadata.csv", "last.csv")
    for name, part in zip(names, [*data.split(PARTS, 2), b"", b""], strict=False):
        (folder / name).unlink(missing_ok=True)
        if part:
            (folder / name).write_bytes(part)
    path, last = folder / names[0], folder / names[2]
    previous = built([last]) if last.exists() else None
    checked = run([path], follow_links=False, previous=previous, keep=False)
    made = run([path], follow_links=False, previous=previous)
    assert checked.all_findings.frame().equals(made.all_findings.frame())
    assert made.table.height == 0 or made.ok
    said = Report(checked.all_findings, [str(path)], checked.submitted, exit_code=checked.exit_code)
    for form in ("text", "json", "sarif", "junit", "github", "html"):
        written(form, said)


def settings(data: bytes, folder: Path) -> None:
    """The settings of a project and the findings that it knows, applied to some findings."""
    config, baseline = folder / "harmonize.toml", folder / "baseline.json"
    for path, part in zip((config, baseline), [*data.split(PARTS, 1), b""], strict=False):
        path.write_bytes(part)
    known = Settings.read(config, baseline)
    rules = (*(one.rule for one in known.config.rules), "code-absent")
    findings = [Finding(rule=rule, severity=Severity.WARNING, message="m", file="a.csv", row=1) for rule in rules]
    known.applied(Findings(findings), ["b/a.csv"])


Target = Callable[[bytes, Path], None]
TARGETS: dict[str, Target] = {
    one.__name__: one
    for one in (text, tsv, cube, workbook, mapping, refusal, statistics, yaml, report, submission, settings)
}


def tried(name: str, data: bytes, folder: Path) -> Problem | None:
    """Run a target: the Problem it ended in, or None."""
    try:
        TARGETS[name](data, folder)
    except Problem as problem:
        return problem
    return None
