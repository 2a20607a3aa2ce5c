"""YAML as data only: every scalar is a text, and every value knows the line it came from.

No tags, no aliases (an alias bomb cannot be written), no duplicate keys, bounded size and depth. Scalars stay texts so
that `NO` is Norway and `007` is a code; Pydantic makes numbers of them where a model asks for a number.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from .finding import problem
from .plain_text import read_text

DEEPEST = 30

Lines = dict[tuple[str | int, ...], int]
"""The 1-based line of each value, by its path from the top."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(path: Path, only: str = "") -> tuple[Any, Lines]:
    """Read a YAML file as plain data.

    Args:
        only: leave out all but this key of the top level, which costs much less; where it does not stand plainly at
            the beginning of one line, the whole file is read.

    Returns:
        The data (dict, list, str, None) and the line of every value.

    Raises:
        Problem: not readable, not YAML, or something that data does not need (tags, aliases, duplicate keys).
    """
    text = re.sub("\r\n?", "\n", read_text(path))
    text = _block(text, only) if only else text
    try:
        _refuse_what_data_does_not_need(text, path)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        from .yaml_trouble import trouble  # only where there is some

        raise trouble(path, text, error) from error
    lines: Lines = {}
    return (_plain(root, (), lines, path) if root else None), lines


def _block(text: str, key: str) -> str:
    """The lines of one key of the top level, on the lines where they stand; the whole text where that is not plain."""
    blocks = re.findall(rf"^{key}:.*\n(?:(?:[ #].*)?\n)*", text, re.MULTILINE)
    if len(blocks) != 1:
        return text
    return "\n" * text[: text.index(blocks[0])].count("\n") + str(blocks[0])


def _refuse_what_data_does_not_need(text: str, path: Path) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent):
            raise problem("mapping-unreadable", "aliases (`*name`) are not allowed", file=str(path), row=line)
        if tag := getattr(event, "tag", None):
            raise problem("mapping-unreadable", f"tags ({tag}) are not allowed", file=str(path), row=line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise problem("mapping-unreadable", f"is nested deeper than {DEEPEST}", file=str(path), row=line)


def _plain(node: yaml.Node, at: tuple[str | int, ...], lines: Lines, path: Path) -> Any:
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return None if not node.style and node.value in ("", "~", "null") else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*at, i), lines, path) for i, child in enumerate(node.value)]
    data: dict[str, Any] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise problem("mapping-unreadable", "a key must be a plain text", file=str(path), row=line)
        if key.value in data:
            raise problem("mapping-unreadable", f"the key `{key.value}` stands twice", file=str(path), row=line)
        data[key.value] = _plain(child, (*at, key.value), lines, path)
        lines[(*at, key.value)] = line
    return data
