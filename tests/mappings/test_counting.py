"""Counting rules: every mapping states each of them, and those of the reference survive with their marks."""

from __future__ import annotations

import csv
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

TOP = Path(__file__).parents[2]
REFERENCE = Path(os.environ.get("HARMONIZE_DATA", TOP.parent / "shared" / "data")).parent / "reference"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared/reference is not here")
COUNTING: dict[str, dict[str, Any]] = {
    f"{path.parent.parent.name}/{path.parent.name}": yaml.safe_load(path.read_text(encoding="utf-8"))["counting"]
    for path in sorted(TOP.glob("mappings/*/*/mapping.yaml"))
}
every_mapping = pytest.mark.parametrize("name", COUNTING)
STATED = ("unit", "stage", "input_or_output", "principal_offence_rule", "attempts_included", "reference_period")


@cache
def rules() -> dict[str, dict[str, str]]:
    """counting_rules.csv by its ids."""
    with (REFERENCE / "counting_rules.csv").open(encoding="utf-8", newline="") as file:
        return {row["source_id"]: row for row in csv.DictReader(file)}


def cited(name: str) -> list[dict[str, str]]:
    """The rows of counting_rules.csv that a mapping names as its source."""
    return [rules()[word] for word in re.findall(r"[A-Z0-9_]+", COUNTING[name]["source"]) if word in rules()]


@every_mapping
def test_every_rule_is_stated(name: str) -> None:
    """Also where it is not known: then it says so."""
    lacking = [key for key in (*STATED, "territory", "evidence", "source") if key not in COUNTING[name]]
    assert not lacking, f"mappings/{name}/mapping.yaml: counting lacks {', '.join(lacking)}"


@every_mapping
def test_input_or_output_does_not_contradict_the_stage(name: str) -> None:
    stage, told = COUNTING[name]["stage"], COUNTING[name]["input_or_output"]
    for side in ("input", "output"):
        assert told == side or f"recorded_{side}" not in stage, name
    if stage in ("administrative", "conviction"):
        assert told == "not_applicable", name


@needs_reference
@every_mapping
def test_the_rules_of_the_reference_survive(name: str) -> None:
    counting = COUNTING[name]
    for row in cited(name):
        if row["stage"] in ("recorded_input", "recorded_output"):
            assert f"recorded_{counting['input_or_output']}" == row["stage"], row["source_id"]
        if len(cited(name)) > 1:
            continue  # two statistics in one table, each with rules of its own
        rule = {"mixed": "partial"}.get(row["principal_offence_rule"], row["principal_offence_rule"])
        assert counting["principal_offence_rule"] == (rule or "unknown"), row["source_id"]
        assert counting["attempts_included"] == (row["attempts_included"] or "unknown"), row["source_id"]


@needs_reference
@every_mapping
def test_what_the_reference_has_from_memory_stays_marked(name: str) -> None:
    counting = COUNTING[name]
    words = " ".join(str(text) for text in counting.values())
    for row in cited(name):
        if row["status"] == "unverified":
            assert counting["evidence"] == "unverified" or "unverified" in words, row["source_id"]
        memory = row["memory_columns"].split(";")
        for column in ("principal_offence_rule", "attempts_included", "reference_period", "stage"):
            if column in memory and counting.get(column, "unknown") != "unknown":
                assert re.search("unverified|from memory", words), f"{row['source_id']}: {column} lost its mark"


def test_most_mappings_name_their_rule() -> None:
    """The national statistics of the reference that we have files of."""
    if not REFERENCE.is_dir():
        pytest.skip("../shared/reference is not here")
    assert len({row["source_id"] for name in COUNTING for row in cited(name)}) >= 14
