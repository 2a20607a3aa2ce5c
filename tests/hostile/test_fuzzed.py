"""Any bytes at all end in a result or in a Problem: by Hypothesis here, and by a coverage-guided fuzzer in fuzz/."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .seeds import of
from .targets import PARTS, TARGETS, tried

CASES = Path(__file__).parent / "cases"
"""What broke a target once: `TARGET-what.ending`."""


@pytest.mark.parametrize("path", sorted(CASES.iterdir()), ids=lambda path: path.name)
def test_what_was_found_is_mended(path: Path, tmp_path: Path) -> None:
    assert tried(path.name.split("-")[0], path.read_bytes(), tmp_path) is not None


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_are_read(name: str, tmp_path: Path) -> None:
    """A target that refuses everything would find nothing."""
    outcomes = [tried(name, data, tmp_path) for data in list(of(name))[:5]]
    assert None in outcomes


def broken(seeds: list[bytes]) -> st.SearchStrategy[bytes]:
    """Bytes of any kind, and seeds that are cut, doubled, or have something else in the middle."""
    pieces = st.binary(max_size=20) | st.sampled_from([b"\0", b"\r", b'"', b"\xff", b"<", b"=", b"9" * 5_000, PARTS])

    def mended(seed: bytes, at: int, length: int, piece: bytes) -> bytes:
        start = at % (len(seed) + 1)
        return seed[:start] + piece + seed[start + length :]

    one = st.builds(mended, st.sampled_from(seeds), st.integers(0), st.integers(0, 50), pieces)
    return one | st.binary(max_size=200)


@pytest.mark.parametrize("name", TARGETS)
def test_broken_bytes_end_in_a_result_or_a_problem(name: str) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(broken(list(of(name))[:3]))
    def run(data: bytes) -> None:
        with TemporaryDirectory() as folder:
            found = tried(name, data, Path(folder))
            assert found is None or all(finding.message for finding in found.findings)

    run()
