"""The wheel works where the checkout is not: schemas and mappings are inside it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from building.samples import pks

TOP = Path(__file__).parents[1]


def ran(*command: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command; show what it said where it fails."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=80, check=False,
        env=os.environ | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what git and the build see."""
    folder = tmp_path_factory.mktemp("wheel")
    isolation = ["--no-build-isolation"] if _has_hatchling() else []
    ran(sys.executable, "-m", "pip", "wheel", TOP, "--no-deps", "--quiet", "--disable-pip-version-check",
        *isolation, "--wheel-dir", folder, cwd=folder)  # fmt: skip
    (path,) = folder.glob("*.whl")
    return path


def _has_hatchling() -> bool:
    return subprocess.run([sys.executable, "-c", "import hatchling"], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds harmonize from the wheel and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    ran(sys.executable, "-m", "pip", "install", wheel, "--no-deps", "--no-index", "--quiet",
        "--disable-pip-version-check", "--target", folder, cwd=folder)  # fmt: skip
    return folder


def harmonize(installed: Path, cwd: Path, *arguments: object) -> str:
    """Run the installed package. `-S` keeps the editable checkout away; the dependencies come by PYTHONPATH."""
    path = os.pathsep.join([str(installed), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    return ran(sys.executable, "-S", "-m", "harmonize", *arguments, cwd=cwd, PYTHONPATH=path).stdout


def test_the_wheel_is_named_as_declared(wheel: Path) -> None:
    assert wheel.name.startswith("harmonize_offences-")
    assert wheel.name.endswith("-py3-none-any.whl")


def test_the_wheel_holds_every_schema_and_mapping(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        for top in ("schemas", "mappings"):
            files = [path for path in (TOP / top).rglob("*") if path.is_file() and path.suffix in (".csv", ".yaml")]
            assert len(files) > 5
            for path in files:
                inside = f"harmonize/_data/{path.relative_to(TOP).as_posix()}"
                assert inside in names
                assert archive.read(inside) == path.read_bytes()


def test_the_wheel_holds_the_package_with_its_types_and_licence_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (entry_points,) = (name for name in names if name.endswith("entry_points.txt"))
        assert "harmonize = harmonize.cli:main" in archive.read(entry_points).decode()
    for path in (TOP / "src" / "harmonize").rglob("*.py"):
        assert path.relative_to(TOP / "src").as_posix() in names
    assert {"harmonize/writing/page.css", "harmonize/writing/page.js"} <= names
    assert "harmonize/py.typed" in names, "`Typing :: Typed` promises it"
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests/", "bench/")) or "__pycache__" in name for name in names)


def test_the_installed_package_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    path = os.pathsep.join([str(installed), sysconfig.get_path("purelib")])
    imports = "import harmonize; from harmonize.model.catalog import data_folder"
    code = f"{imports}; print(harmonize.__file__, data_folder('mappings'), data_folder('schemas'))"
    done = ran(sys.executable, "-S", "-c", code, cwd=tmp_path, PYTHONPATH=path)
    places = [Path(line) for line in done.stdout.split()]
    assert len(places) == 3
    assert all(place.is_relative_to(installed) for place in places)


def test_mappings_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    out = harmonize(installed, tmp_path, "mappings")
    mapped, _, refused = out.partition("\n\n")  # the second table names the sources that cannot answer
    assert "eurostat/asylum_applicants" in refused
    found = {line.split()[0] for line in mapped.splitlines()[1:]}
    assert found == {
        path.parent.relative_to(TOP / "mappings").as_posix() for path in TOP.glob("mappings/*/*/mapping.yaml")
    }


def test_a_build_uses_the_data_files_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    """A gloss that is changed in the installed data shows: the checkout is not read."""
    out = harmonize(installed, tmp_path, "build", pks(tmp_path), "--out", "out")
    assert out.startswith("16 observations of 1 source")
    assert (tmp_path / "out" / "observations.csv").is_file()
    codes = installed / "harmonize" / "_data" / "mappings" / "deu" / "pks_time_series" / "codes.csv"
    before = codes.read_text(encoding="utf-8")
    try:
        codes.write_text(before.replace("§ 96 Aufenthaltsgesetz", "OF THE WHEEL"), encoding="utf-8")
        assert "OF THE WHEEL" in harmonize(installed, tmp_path, "mappings", "deu/pks_time_series")
    finally:
        codes.write_text(before, encoding="utf-8")
