"""YAML as data only."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from harmonize.model import plain_text, plain_yaml
from harmonize.model.finding import Finding, Problem


def load(tmp_path: Path, text: str | bytes) -> tuple[Any, plain_yaml.Lines]:
    path = tmp_path / "mapping.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return plain_yaml.load(path)


def trouble(tmp_path: Path, text: str | bytes) -> Finding:
    with pytest.raises(Problem) as problem:
        load(tmp_path, text)
    [finding] = problem.value.findings
    assert finding.file == str(tmp_path / "mapping.yaml")
    assert finding.rule == "mapping-unreadable"
    return finding


@pytest.mark.parametrize(
    "text", ["NO", "yes", "on", "007", "1e5", "1_000", "0x1F", "2018-04-30", "12:30:45", ".inf", "true", "1.10"]
)
def test_scalars_stay_texts(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, f"a: {text}\n{text}: b\n")[0] == {"a": text, text: "b"}


@pytest.mark.parametrize(
    ("text", "value"), [("", None), ("~", None), ("null", None), ("''", ""), ("'null'", "null"), ('"~"', "~")]
)
def test_only_what_is_written_bare_is_nothing(tmp_path: Path, text: str, value: str | None) -> None:
    assert load(tmp_path, f"a: {text}\n")[0] == {"a": value}


def test_every_value_knows_its_line(tmp_path: Path) -> None:
    data, lines = load(
        tmp_path, "# comment\na:\n  - b: 1\n    c: >-\n      long\n      text\n  - {d: 2}\ne: [3,\n    4]\n"
    )
    assert data == {"a": [{"b": "1", "c": "long text"}, {"d": "2"}], "e": ["3", "4"]}
    assert lines[("a",)] == 2
    assert lines[("a", 0, "b")] == 3
    assert lines[("a", 0, "c")] == 4
    assert lines[("a", 1, "d")] == 7
    assert lines[("e", 1)] == 9


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a: &x 1\nb: *x\n", "aliases (`*name`) are not allowed", 2),
        ("a: [&x [1, 1], *x, *x]\n", "aliases (`*name`) are not allowed", 1),
        ("a:\n  <<: *x\n", "aliases", 2),
        (
            "a: 1\nb: !!python/object/apply:os.system [ls]\n",
            "tags (tag:yaml.org,2002:python/object/apply:os.system) are not allowed",
            2,
        ),
        ("a: !!str 1\n", "tags", 1),
        ("a: !own 1\n", "tags (!own)", 1),
        ("a: 1\nb: 2\na: 3\n", "the key `a` stands twice", 3),
        ("a: {b: 1, b: 2}\n", "the key `b` stands twice", 1),
        ("a: 1\n? [b]\n: 2\n", "a key must be a plain text", 2),
        ("a: 1\n  b: 2\n", "is not valid YAML", 2),
        ("a: [1\n", "is not valid YAML", 2),
        ("a: 1\n" + "b: " + "[" * 40 + "]" * 40 + "\n", "is nested deeper than 30", 2),
    ],
)
def test_refuses_what_data_does_not_need(tmp_path: Path, text: str, message: str, line: int) -> None:
    finding = trouble(tmp_path, text)
    assert message in finding.message
    assert finding.row == line


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a:\n\tb: 1\n", 2, 1),
        ("a:\n  b: 1\n \tc: 2\n", 3, 2),
        ("a:\n  -\tb: 1\n    c: 2\n", 2, 4),
        ("a: 1\n\t\nb: 2\n", 2, 1),
        ("a: >-\n  text\n\tmore\nb: 2\n", 3, 1),
    ],
)
def test_a_tab_is_named_with_its_place_and_what_to_do(tmp_path: Path, text: str, line: int, column: int) -> None:
    finding = trouble(tmp_path, text)
    assert finding.message == f"is not valid YAML: a tab in column {column}; YAML indents with spaces"
    assert (finding.row, finding.suggestion) == (line, "put two spaces in the place of each tab")


@pytest.mark.parametrize(
    ("text", "line", "message", "todo"),
    [
        ("a: 1\n  b: 2\n", 2, "2 spaces before column 3, and deeper than line 1, which has its value", "line 1 has no"),
        ("a:\n  b: 1\n   c: 2\n", 3, "3 spaces before column 4, and deeper than line 2", "line 2 has 2 spaces"),
        ("# x\na:\n    b: 1\n   c: 2\n", 4, "the lines above it have none or 4", "line 3 has 4 spaces"),
        ("a:\n  b:\n    x: 1\n # x\n   c: 2\n", 5, "the lines above it have none or 2 or 4", "line 2 has 2 spaces"),
        ("a:\n  - b: 1\n   c: 2\n", 3, "the lines above it have none or 2 or 4", "line 2 has 2 spaces"),
        ("a:\n  - b: 1\n - c: 2\n", 3, "1 space before column 2", "line 1 has no spaces"),
        ("a:\n  - b: 1\n    c: 2\n  d: 3\n", 4, "in column 3, as the entries of a list (line 2)", "begin it with `- `"),
    ],
)
def test_wrong_indentation_is_said_to_be_that(tmp_path: Path, text: str, line: int, message: str, todo: str) -> None:
    finding = trouble(tmp_path, text)
    assert finding.message.startswith("is not valid YAML: wrong indentation: ")
    assert message in finding.message
    assert todo in finding.suggestion
    assert finding.row == line


@pytest.mark.parametrize(
    ("text", "line", "message", "todo"),
    [
        ("a: 1\nb: Table 5: offences\n", 2, "the value holds a `: ` and would be a key itself", "in quotes"),
        ("a:\n  b: [1\nc: 2\n", 3, "near column 2: ", "close quotes and brackets"),
        ("a: 'x\n", 2, "near column 1: ", "close quotes and brackets"),
        ("a: 1\nb: \x07\n", 2, "holds the control character U+0007", "delete it"),
    ],
)
def test_other_trouble_says_where_and_what_to_do(tmp_path: Path, text: str, line: int, message: str, todo: str) -> None:
    finding = trouble(tmp_path, text)
    assert message in finding.message
    assert todo in finding.suggestion
    assert (finding.row, finding.message.count("\n")) == (line, 0)


@pytest.mark.parametrize("text", [b"a: \xff\n", b"a: \x00\n", "a: 1\n---\nb: 2\n", "a: \x07\n"])
def test_refuses_what_is_no_yaml_text(tmp_path: Path, text: str | bytes) -> None:
    trouble(tmp_path, text)


def test_refuses_deep_nesting_without_exhausting_the_stack(tmp_path: Path) -> None:
    assert "nested deeper" in trouble(tmp_path, "[" * 100_000 + "]" * 100_000).message


def test_refuses_large_files(tmp_path: Path) -> None:
    assert "is larger than 4,000,000 bytes" in trouble(tmp_path, "a: " + "x" * plain_text.LARGEST_FILE).message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_another_encoding_is_named_with_what_to_do(tmp_path: Path, encoding: str) -> None:
    finding = trouble(tmp_path, "a: Menschenhandel\nb: Fälle\n".encode(encoding))
    named = "UTF-16" if encoding.startswith("utf-16") else "not encoded as UTF-8 (the first byte that is none: 0xE4)"
    assert named in finding.message
    assert "save it as UTF-8" in finding.suggestion


@pytest.mark.parametrize("text", ["\ufeffa: 1\nb:\n  c: 2\n", "a: 1\r\nb:\r\n  c: 2\r\n"])
def test_windows_writes_it_otherwise_and_it_is_the_same(tmp_path: Path, text: str) -> None:
    data, lines = load(tmp_path, text)
    assert (data, lines["b", "c"]) == ({"a": "1", "b": {"c": "2"}}, 3)
    assert plain_yaml.load(tmp_path / "mapping.yaml", only="b")[0]["b"] == {"c": "2"}


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read"):
        plain_yaml.load(tmp_path / "nowhere.yaml")


def test_an_empty_file_is_nothing(tmp_path: Path) -> None:
    assert load(tmp_path, "# only a comment\n") == (None, {})


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n# note\nb:\n  c: [x,\n    y]\n\n  # inside\n  d: >-\n    b: no key\nz: 2\n",
        "b: {c: [x, y], d: 'b: no key'}",
        "a: 'text that\n  b: goes on'\nb: {c: [x, y], d: 'b: no key'}\n",
        "{a: 1, b: {c: [x, y], d: 'b: no key'}}",
        '"b": {c: [x, y], d: "b: no key"}\n',
    ],
)
def test_one_key_alone_is_what_it_is_in_the_whole(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(text)
    data, lines = plain_yaml.load(path)
    part, its_lines = plain_yaml.load(path, only="b")
    assert part["b"] == data["b"] == {"c": ["x", "y"], "d": "b: no key"}
    assert its_lines[("b",)] == lines[("b",)]
    assert its_lines[("b", "d")] == lines[("b", "d")]


def test_a_key_that_stands_twice_is_never_taken_alone(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("b: 1\na: 2\nb: 3\n")
    with pytest.raises(Problem, match="the key `b` stands twice"):
        plain_yaml.load(path, only="b")


def test_trouble_is_told_in_time_that_grows_with_the_text(tmp_path: Path) -> None:
    """Of 40,000 characters it took 19 seconds: each level was looked for among all others."""
    before = time.process_time()
    found = trouble(tmp_path, 'id: xxx/src\ntitle: "\n' + "- " * 200_000 + '\n x \\q"\n')
    assert time.process_time() - before < 2
    assert found.row == 4
    assert len(found.message) < 500
