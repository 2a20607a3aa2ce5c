"""docs/how-to/add-a-country.md: every file in it is read as it says, and every message is printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harmonize.cli import main

PAGE = (Path(__file__).parents[1] / "docs/how-to/add-a-country.md").read_text(encoding="utf-8")
BLOCKS = [block for _, block in re.findall(r"```(\w*)\n(.*?)```", PAGE, re.DOTALL)]
PRC, MAPPING, CODES = BLOCKS[1:4]
NO_MARKER, UNKNOWN, RENAMED, DONE, OBSERVATIONS, REFUSAL, REFUSED = BLOCKS[5:12]
MISTAKES = re.findall(r"^\| (.+?) \| `error: (.+)` \|$", PAGE, re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "my/gbr/prc"
    source.mkdir(parents=True)
    (source / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (source / "codes.csv").write_text(CODES, encoding="utf-8")
    (tmp_path / "prc.csv").write_text(PRC, encoding="utf-8")
    return source


def built(capsys: pytest.CaptureFixture[str], name: str = "prc.csv") -> str:
    main(["build", name, "--mappings", "my", "--out", "out"])
    said = capsys.readouterr()
    return said.out + said.err


def test_the_result(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert built(capsys).endswith(DONE)
    assert Path("out/observations.csv").read_text(encoding="utf-8") == OBSERVATIONS


def test_the_mistakes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes = {
        "FTD_POSESS": ("codes.csv", "FTD_POSSESS", "FTD_POSESS"),
        "same_kee": ("mapping.yaml", "same_key:", "same_kee:"),
        "kind: fiscal": ("mapping.yaml", "kind: fiscal_year", "kind: fiscal"),
    }
    assert len(MISTAKES) == len(changes)
    for (mistake, message), (file, old, new) in zip(MISTAKES, changes.values(), strict=True):
        text = (folder / file).read_text(encoding="utf-8")
        assert new in mistake + message
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        assert message in built(capsys).replace("\n  ", " ")
        (folder / file).write_text(text, encoding="utf-8")


def test_figures_without_their_marker(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    marker = next(line for line in MAPPING.splitlines(keepends=True) if '{text: "-00"' in line)
    (folder / "mapping.yaml").write_text(MAPPING.replace(f"  markers:\n{marker}", ""), encoding="utf-8")
    assert built(capsys).endswith(NO_MARKER)


def test_a_code_that_nobody_knows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("prc2.csv").write_text(
        PRC + "2017/18,1,Avon and Somerset,Other forgery,Fraud,Fraud,61, 3 \n", encoding="utf-8"
    )
    assert built(capsys, "prc2.csv").endswith(UNKNOWN)


def test_a_column_of_another_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("prc3.csv").write_text(PRC.replace("Force Name", "Police Force"), encoding="utf-8")
    assert built(capsys, "prc3.csv").endswith(RENAMED)


def test_a_source_that_cannot_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = folder.parent / "offence_reference"
    other.mkdir()
    (other / "refusal.yaml").write_text(REFUSAL, encoding="utf-8")
    header = "Offence Code,Offence description,Old PRC offence group,Old offence sub-group,New ONS offence group,"
    Path("reference.csv").write_text(f"{header}New ONS sub-offence group,\n1,Murder,a,b,c,d,\n", encoding="utf-8")
    assert built(capsys, "reference.csv").startswith(REFUSED)
