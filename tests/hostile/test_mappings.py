"""A mapping of a stranger is data: no path, no program, no endless file."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError
from test_bad_input import UTF8_MAPPING

from harmonize.checking.mappings import MOST_MISTAKES, load_mapping
from harmonize.model import plain_table
from harmonize.model.catalog import mapping_folders
from harmonize.model.finding import Problem
from harmonize.model.laws import law_files
from harmonize.model.pattern import LONGEST_PATTERN, Pattern

HEADER = "code,label,role,offences,relation,evidence\n"
ROW = "a,a,detail,SOM,broader,unverified\n"
PATTERN: TypeAdapter[str] = TypeAdapter(Pattern)


def mapping(top: Path, more: str = "", codes: str = HEADER + ROW) -> Path:
    folder = top / "fra" / "own"
    folder.mkdir(parents=True)
    (folder / "mapping.yaml").write_text(UTF8_MAPPING + more)
    (folder / "codes.csv").write_text(codes)
    return folder


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", "(a*)*b", "(?:a|a)*", "(a|b?)+", "(?:.*,)*", r"(\w+\s?)+$", "((a{1,9}){1,9}){9}",
     "(?=(a+)+)b", "a|(?:(?:b*)c)*", ".*a.*b.*c.*d.*e.*f.*g", "x" * (LONGEST_PATTERN + 1), "(", "(" * 5_000,
     "(?i:(?:ab|AB)+c)", "(?i)(?:sa|\u017fa)+!", "(?i)(?:ia|\u0131a|\u0130a)+!", "a?" * 40 + "a" * 40, "(?:a|aa)" * 40,
     "[a-z]{0,99}" * 20 + "!", "(?:" + "a??" * 40 + ")b"],
)  # fmt: skip
def test_expressions_that_can_take_a_lifetime_are_refused(pattern: str) -> None:
    before = time.process_time()
    with pytest.raises(ValidationError):
        PATTERN.validate_python(pattern)
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    "pattern",
    [r"(?P<year>\d{4})", r"(?i)(?!.*person).*delitti.*provinc.*", r"\d{1,3}(?:[ ,]\d{3})*", "(?:GB|UK)+", "(?:ab|ac)+x",
     "(?>a+)+",
     r"Macro.*|Makro.*|Inhalt.*|Hinweis.*|Deckblatt.*|Titel.*|Impressum.*", "(a+)?b*", r"(?:ab){2,}",
     r"\d{1,2}\.\d{1,2}\.\d{4}(?: \(.{0,99}\))?", "(?>a?)" * 40, "(?:Januar|Februar|M\u00e4rz)?" * 9],
)  # fmt: skip
def test_expressions_of_honest_mappings_are_taken(pattern: str) -> None:
    assert PATTERN.validate_python(pattern) == pattern


@pytest.mark.parametrize("name", ["../../secret", "/etc/passwd", "a/b", "..", "a.b", "C:x"])
def test_a_table_is_no_path(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.csv").write_text("text,code\nTOP-SECRET,DEU\n")
    with pytest.raises(Problem) as refused:
        load_mapping(mapping(tmp_path / "own", f"sex:\n  from: code\n  read: [{{table: '{name}'}}]\n"))
    assert {finding.rule for finding in refused.value.findings} == {"mapping-invalid"}
    assert "TOP-SECRET" not in str(refused.value.findings)


@pytest.mark.parametrize("name", ["codes.csv", "mapping.yaml", "../law.yaml", "table.csv"])
def test_a_link_out_of_the_folder_given_is_refused(tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("TOP-SECRET: x\n")
    path = mapping(tmp_path / "own") / name
    path.unlink(missing_ok=True)
    path.symlink_to(secret)
    with pytest.raises(Problem, match="leads out of"):
        list(mapping_folders(tmp_path / "own"))
    if name == "../law.yaml":
        with pytest.raises(Problem, match="leads out of"):
            list(law_files(tmp_path / "own"))


def test_a_link_inside_the_folder_given_is_fine(tmp_path: Path) -> None:
    folder = mapping(tmp_path / "own")
    (folder / "codes.csv").rename(folder / "real.csv")
    (folder / "codes.csv").symlink_to("real.csv")
    assert dict(mapping_folders(tmp_path / "own"))["fra/own"] == folder
    assert load_mapping(folder).id == "fra/own"


@pytest.mark.parametrize("name", ["codes.csv", "mapping.yaml"])
def test_a_pipe_in_the_place_of_a_file_is_never_opened(tmp_path: Path, name: str) -> None:
    folder = mapping(tmp_path)
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises(Problem, match="is no file"):
        load_mapping(folder)


def test_a_table_of_very_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_table, "MOST_ROWS", 10)
    with pytest.raises(Problem, match="more than 10 rows"):
        load_mapping(mapping(tmp_path, codes=HEADER + ROW * 11))


def test_a_table_of_a_huge_row_or_size(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="field larger than field limit"):
        load_mapping(mapping(tmp_path / "a", codes=HEADER + "x" * 200_000 + ROW))
    with pytest.raises(Problem, match="is larger than"):
        load_mapping(mapping(tmp_path / "b", codes=HEADER + "x" * 4_000_000 + ROW))


def test_mistakes_are_not_counted_without_end(tmp_path: Path) -> None:
    """Of n rows of one code each clashes with each before it."""
    before = time.process_time()
    with pytest.raises(Problem) as refused:
        load_mapping(mapping(tmp_path, codes=HEADER + ROW * 3_000))
    assert len(refused.value.findings) == MOST_MISTAKES
    assert time.process_time() - before < 10
