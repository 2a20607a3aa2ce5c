"""What a rule says of a text: an answer, or why there is none."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818  (an answer, not a failure)
    """The text cannot be understood.

    Attributes:
        rule: id of the finding.
        reason: what is wrong and what was expected, in words.
        suggestion: the nearest known texts.
    """

    def __init__(self, rule: str, reason: str, suggestion: str = "") -> None:
        super().__init__(reason)
        self.rule, self.reason, self.suggestion = rule, reason, suggestion


class Ignored(Exception):  # noqa: N818  (an answer, not a failure)
    """The mapping leaves such rows out; they are counted under the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


JOIN = " | "
"""Between the texts of an axis that reads several columns."""

PAIR = "\x1e"
"""After a text: what else the answer depends on (no part of the text as published)."""
