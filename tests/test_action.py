"""The GitHub Action: its shell steps run as scripts, on a repository of submissions; the hook of pre-commit."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from building.samples import pks, pks_row, pks_rows

from harmonize.reading.source import ENDINGS

TOP = Path(__file__).parents[1]
EXAMPLE = TOP / "examples" / "submissions-repo"

pytestmark = pytest.mark.skipif(not shutil.which("git") or not shutil.which("bash"), reason="needs git and bash")


def data(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


STEPS: dict[str, dict[str, Any]] = {step.get("name", ""): step for step in data(TOP / "action.yml")["runs"]["steps"]}
INPUTS: dict[str, str] = {name: one["default"] for name, one in data(TOP / "action.yml")["inputs"].items()}


class Job:
    """A runner that has checked out a repository of submissions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repo"
        shutil.copytree(EXAMPLE, self.folder)
        self.temp = folder / "temp"
        self.temp.mkdir()
        (self.temp / "harmonize").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m harmonize "$@"\n')
        (self.temp / "harmonize").chmod(0o755)
        self.environment = os.environ | {
            "PATH": f"{self.temp}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(TOP / "src"),
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_OUTPUT": str(self.temp / "output"),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        self.git("init", "-q")
        self.base = self.commit()
        self.requested = self.base
        """the base of a pull request; '' for a push"""

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=True, timeout=30,
                              env=self.environment)  # fmt: skip
        return done.stdout.strip()

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-qm", "x")
        return self.git("rev-parse", "HEAD")

    def step(self, name: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run one step as the runner does, its expressions filled in."""
        known = {f"inputs.{key}": value for key, value in (INPUTS | {"folder": "submissions"}).items()}
        known |= {f"steps.find.outputs.{k}": v for k, v in self.outputs.items()}
        known |= {f"steps.validate.outputs.{k}": v for k, v in self.outputs.items()}
        known["github.event.pull_request.base.sha || github.event.before"] = self.base
        known["github.event.pull_request.base.sha || github.event.merge_group.base_sha"] = self.requested
        known |= {f"inputs.{key.replace('_', '-')}": value for key, value in inputs.items()}
        environment = {
            key: re.sub(r"\$\{\{ (.*?) \}\}", lambda match: known[match[1]], str(value))
            for key, value in STEPS[name].get("env", {}).items()
        }
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]],
            cwd=self.folder, capture_output=True, text=True, check=False, timeout=60,
            env=self.environment | environment,
        )  # fmt: skip

    @property
    def outputs(self) -> dict[str, str]:
        path = self.temp / "output"
        return dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.exists() else {}

    def files(self) -> list[str]:
        return (self.temp / "harmonize-files").read_text().split("\0")[:-1]


ALL_ENDINGS = "|".join(re.escape(ending.removeprefix(".")) for ending in ENDINGS)


def test_every_ending_that_is_read_is_picked_and_no_other() -> None:
    """One list in the code; the action, the hook and the documentation say the same."""
    assert rf"'\.({ALL_ENDINGS})$'" in STEPS["Find the files"]["run"]
    (hook,) = data(TOP / ".pre-commit-hooks.yaml")
    assert hook["files"] == rf"(?i)\.({ALL_ENDINGS})$"
    said = (TOP / "docs" / "how-to" / "validate-in-ci.md").read_text(encoding="utf-8")
    assert f"({', '.join(ending.removeprefix('.') for ending in ENDINGS)})" in said


def test_a_file_of_every_ending_is_validated(job: Job) -> None:
    for ending in ENDINGS:
        (job.folder / "submissions" / f"new{ending}").write_text("x")
    job.commit()
    assert job.step("Find the files").returncode == 0
    assert {Path(name).name.removeprefix("new") for name in job.files()} == set(ENDINGS)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def test_no_script_of_the_action_holds_an_expression() -> None:
    """What stands in `${{ }}` inside a script would become part of the script."""
    scripts = [step["run"] for step in STEPS.values() if "run" in step]
    assert len(scripts) == 4
    assert not any("${{" in script for script in scripts)


def test_only_changed_files_of_the_folder_are_validated(job: Job) -> None:
    pks(job.folder / "submissions", "new.CSV")
    pks(job.folder, "elsewhere.csv")
    (job.folder / "submissions" / "note.txt").write_text("x")
    job.commit()
    assert job.step("Find the files").returncode == 0
    assert job.files() == ["submissions/new.CSV"]
    assert job.outputs["count"] == "1"
    assert job.step("Find the files", changed_only="false").returncode == 0
    assert job.files() == ["submissions/deu/2023.csv", "submissions/new.CSV"]


def submission(job: Job, table: str) -> tuple[Path, Path]:
    """A table of that name, and its form, that the base branch has already."""
    from building.submissions import filled, rows, write

    folder = job.folder / "submissions" / "a folder"
    folder.mkdir()
    path = write(folder / "can.csv", rows({}), filled())
    path = path.rename(folder / table)
    job.base = job.requested = job.commit()
    return path, folder / "can.metadata.csv"


@pytest.mark.parametrize("table", ["can.csv", "can.TSV", "can.txt"])
def test_where_a_form_is_deleted_its_table_is_validated(job: Job, table: str) -> None:
    path, form = submission(job, table)
    (path.parent / "can.2.csv").write_text("another table, with another form")
    job.base = job.requested = job.commit()
    form.unlink()
    job.commit()
    assert job.step("Find the files").returncode == 0
    assert job.files() == [f"submissions/a folder/{table}"]
    assert job.outputs["count"] == "1"
    done = job.step("Validate", fail_on="warning")
    assert "there are no metadata" in done.stdout
    assert job.outputs["exit-code"] == "1"


@pytest.mark.parametrize("table", ["can.csv", "can.Parquet", "can.tsv.GZ"])
def test_where_a_table_is_deleted_the_form_left_behind_is_refused(job: Job, table: str) -> None:
    path, _ = submission(job, table)
    path.unlink()
    job.commit()
    assert job.step("Find the files").returncode == 0
    assert job.files() == ["submissions/a folder/can.metadata.csv"]
    assert "its table is not beside it" in job.step("Validate").stdout
    assert job.outputs["exit-code"] == "2"


def test_where_both_are_deleted_nothing_is_left_to_validate(job: Job) -> None:
    for path in submission(job, "can.csv"):
        path.unlink()
    (job.folder / "submissions" / "deu" / "2023.csv").unlink()
    job.commit()
    assert job.step("Find the files").returncode == 0
    assert (job.files(), job.outputs["count"]) == ([], "0")


@pytest.mark.parametrize("base", ["", "0" * 40, "1" * 40])
def test_all_files_are_validated_where_there_is_nothing_to_compare_with(job: Job, base: str) -> None:
    job.base = base
    assert job.step("Find the files").returncode == 0
    assert job.files() == ["submissions/deu/2023.csv"]


def test_a_bad_file_is_rejected_with_annotation_summary_and_sarif(job: Job) -> None:
    pks(job.folder / "submissions", "bad.csv", rows=[*pks_rows()[1:], pks_row("725100", cases="x")])
    job.commit()
    job.step("Find the files")
    done = job.step("Validate")
    assert done.returncode == 0, done.stderr
    assert re.match(r"::error .*file=submissions/bad\.csv,line=6,col=\d+", done.stdout)
    assert job.outputs["exit-code"] == "1"
    assert "rejected, 1 error" in (job.temp / "summary").read_text(encoding="utf-8")
    assert '"submissions/bad.csv"' in (job.folder / "harmonize.sarif").read_text(encoding="utf-8")
    assert job.step("Accept or reject").returncode == 1


def test_a_good_file_is_accepted(job: Job) -> None:
    pks(job.folder / "submissions", "good.csv")
    job.commit()
    job.step("Find the files")
    assert job.step("Validate", fail_on="warning", mapping="deu/pks_time_series").returncode == 0
    assert job.outputs["exit-code"] == "0"
    assert job.step("Accept or reject").returncode == 0


SETTINGS = '[[rules]]\nrule = "code-absent"\nseverity = "off"\nreason = "small example"\n'


def test_settings_that_a_pull_request_brings_do_not_count(job: Job) -> None:
    (job.folder / "harmonize.toml").write_text(SETTINGS)
    (job.folder / "pip.py").write_text("raise SystemExit('run')")
    head = job.commit()
    job.step("Find the files", changed_only="false")
    done = job.step("Validate", fail_on="warning", config="harmonize.toml", baseline="known.json")
    assert done.stdout.startswith("the base branch has no harmonize.toml: it is not used\n")
    assert job.outputs["exit-code"] == "1"
    assert "::warning" in done.stdout
    job.requested = head  # once it has been accepted, it counts
    (job.folder / "harmonize.toml").write_text("nonsense")
    job.commit()
    done = job.step("Validate", fail_on="warning", config="harmonize.toml")
    assert (job.outputs["exit-code"], done.stdout.count("::warning")) == ("0", 0)
    assert "accepted: small example" in (job.temp / "summary").read_text(encoding="utf-8")


def test_settings_of_a_push_are_its_own(job: Job) -> None:
    (job.folder / "harmonize.toml").write_text(SETTINGS)
    job.commit()
    job.requested = ""
    job.step("Find the files", changed_only="false")
    job.step("Validate", fail_on="warning", config="harmonize.toml")
    assert job.outputs["exit-code"] == "0"


def test_without_the_base_branch_no_settings_are_taken(job: Job) -> None:
    (job.folder / "harmonize.toml").write_text(SETTINGS)
    job.commit()
    job.requested = "1" * 40
    job.step("Find the files", changed_only="false")
    done = job.step("Validate", config="harmonize.toml")
    assert done.returncode != 0
    assert "fetch-depth 0" in done.stderr
    assert "exit-code" not in job.outputs


def test_a_report_that_came_with_the_submission_is_not_uploaded(job: Job) -> None:
    (job.folder / "harmonize.sarif").symlink_to(job.temp / "outside")
    job.commit()
    job.step("Find the files")
    job.step("Validate")
    assert not os.path.lexists(job.folder / "harmonize.sarif")


def test_a_link_in_the_submission_is_refused(job: Job) -> None:
    pks(job.temp, "secret.csv")
    (job.folder / "submissions" / "link.csv").symlink_to(job.temp / "secret.csv")
    job.commit()
    job.step("Find the files")
    done = job.step("Validate")
    assert job.outputs["exit-code"] == "2"
    assert "is a symbolic link" in done.stdout


def test_a_validation_that_takes_too_long_is_rejected(job: Job) -> None:
    pks(job.folder / "submissions", "good.csv")
    job.commit()
    job.step("Find the files")
    done = job.step("Validate", minutes="0.0001")
    assert job.outputs["exit-code"] == "124"
    assert "\n::error title=Stopped after 0.0001 minutes::The validation took longer than" in done.stdout
    assert "was stopped: nothing is accepted" in (job.temp / "summary").read_text(encoding="utf-8")
    assert job.step("Accept or reject").returncode == 124


def test_the_working_folder_is_no_place_for_python_to_look() -> None:
    assert STEPS["Install"]["run"].startswith("python -I -m pip ")


def test_nothing_changed_is_accepted(job: Job) -> None:
    assert job.step("Find the files").returncode == 0
    done = job.step("Validate")
    assert "no file of a submission was changed" in done.stdout
    assert job.step("Accept or reject").returncode == 0


def test_a_mapping_there_is_not_cannot_run(job: Job) -> None:
    pks(job.folder / "submissions", "good.csv")
    job.commit()
    job.step("Find the files")
    job.step("Validate", mapping="deu/none")
    assert job.outputs["exit-code"] == "2"
    assert job.step("Accept or reject").returncode == 2


def test_names_of_files_are_never_commands(job: Job) -> None:
    names = ["a;touch evil.csv", "$(touch evil).csv", "`touch evil`.csv", "-x.csv", "a\n::error::b.csv", " é'\".csv"]
    for name in names:
        pks(job.folder / "submissions", name, rows=pks_rows(2000 + len(name)))
    job.commit()
    job.step("Find the files")
    assert sorted(job.files()) == sorted(f"submissions/{name}" for name in names)
    done = job.step("Validate", folder=".")
    assert job.outputs["exit-code"] in ("0", "1"), done.stderr
    assert "\n::error::b" not in done.stdout
    assert not list(job.folder.rglob("evil"))


def test_the_example_repository_is_as_its_readme_says(job: Job) -> None:
    for fail_on, code in (("error", "0"), ("warning", "1")):
        job.step("Find the files", changed_only="false")
        job.step("Validate", fail_on=fail_on)
        assert job.outputs["exit-code"] == code
    copied = (EXAMPLE / "submissions" / "deu" / "2023.csv").read_bytes()
    assert copied == (TOP / "examples" / "deu_pks_time_series.csv").read_bytes()
    (step,) = (
        s
        for s in data(EXAMPLE / ".github/workflows/validate.yml")["jobs"]["validate"]["steps"]
        if "with" in s and "folder" in s["with"]
    )
    assert set(step["with"]) <= set(INPUTS)


def test_the_hook_of_pre_commit(tmp_path: Path) -> None:
    (hook,) = data(TOP / ".pre-commit-hooks.yaml")
    assert [hook["id"]] == [
        one["id"] for repo in data(EXAMPLE / ".pre-commit-config.yaml")["repos"] for one in repo["hooks"]
    ]
    assert re.search(hook["files"], "submissions/A.XLSX")
    assert not re.search(hook["files"], "README.md")
    command = [sys.executable, "-m", *hook["entry"].split(), str(pks(tmp_path))]
    assert subprocess.run(command, check=False, capture_output=True, timeout=60).returncode == 0
