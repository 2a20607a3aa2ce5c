"""What a command prints: a text as its terminal can show it, a format for machines always as UTF-8."""

from __future__ import annotations

import sys


def show(text: str, form: str = "text") -> None:
    """Print an answer.

    JSON is UTF-8 (RFC 8259, 8.1), and so say the head of our HTML and our XML: an escape of a terminal's own
    (`\\xe9`) would make them invalid, or other texts than those found.

    Args:
        form: `text` is written as the terminal shows it; anything else is read by a machine.
    """
    raw = getattr(sys.stdout, "buffer", None)
    if form == "text" or raw is None:
        print(text)  # noqa: T201  (the answer of the command line)
        return
    sys.stdout.flush()
    raw.write(f"{text}\n".encode("utf-8", "backslashreplace"))
