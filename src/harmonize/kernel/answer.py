"""What a rule says of a text: an answer, or why there is none."""

from __future__ import annotations

from ..model.pattern import LONGEST_TEXT


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


def refuse_long(text: str) -> None:
    """Hold no pattern against a text that is none of a table.

    Raises:
        Refused: the text is too long.
    """
    if len(text) > LONGEST_TEXT:
        raise Refused("unknown-text", f"is longer than {LONGEST_TEXT:,} characters, as no category or figure is")


JOIN = " | "
"""Between the texts of an axis that reads several columns."""

PAIR = "\x1e"
"""After a text: what else the answer depends on (no part of the text as published)."""
