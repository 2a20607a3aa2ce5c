"""Where the benchmark's files are; imports nothing heavy, because the measuring process must stay small."""

import os
from pathlib import Path

BENCH = Path(__file__).resolve().parent
REPOSITORY = BENCH.parent


def data_dir() -> Path:
    """Where generated files live: never in the repository, for they are large and made again in seconds."""
    folder = Path(os.environ.get("HARMONIZE_BENCH_DIR", "/tmp/harmonize-bench"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def data_path(kind: str, rows: int) -> Path:
    """The name of the generated file of that kind and size, whether or not it exists."""
    return data_dir() / f"{kind}_{rows}.csv"
