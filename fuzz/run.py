"""Coverage-guided fuzzing with atheris: `python fuzz/run.py TARGET [SECONDS]`; see README.md."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

with atheris.instrument_imports(include=["harmonize", "yaml", "csv"], enable_loader_override=False):
    from hostile import seeds, targets


def main(name: str, seconds: str = "60") -> None:
    """Fuzz one target. Inputs that break it are written to fuzz/found."""
    corpus, found = HERE / "corpus" / name, HERE / "found"
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(exist_ok=True)
    for number, data in enumerate(seeds.of(name)):
        (corpus / f"seed-{number}").write_bytes(data)
    with tempfile.TemporaryDirectory(prefix="harmonize-fuzz-") as folder:
        options = [
            f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=4096", "-max_len=65536",
            f"-artifact_prefix={found}/{name}-", str(corpus),
        ]  # fmt: skip
        atheris.Setup([sys.argv[0], *options], lambda data: void(targets.tried(name, data, Path(folder))))
        atheris.Fuzz()


def void(_: object) -> None:
    """atheris wants a callback that returns nothing."""


if __name__ == "__main__":
    main(*sys.argv[1:])
