"""Findings as one HTML page that needs no network: readable without script and on a telephone, filtered with it."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from importlib import resources

from ..model.finding import Severity, shown
from ..model.finding import place as where
from ..model.rule import rules
from .places import Group, Place, Report

PLACES_SHOWN, GROUPS_SHOWN = 200, 5_000
"""More than these nobody reads; the other formats hold all."""

OF_EACH = 5
"""So many places of every file, and groups of every choice of a filter, are there whatever is left out: a filter never
hides that there is something."""


def written(report: Report) -> str:
    """The page. No text of a file is trusted: all are escaped, and the policy lets only our own style and script in."""
    style, script = _part("page.css"), _part("page.js")
    ours = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    policy = f"default-src 'none'; {ours}; base-uri 'none'; form-action 'none'"
    counts = " · ".join(f'<span class="{severity}">{text}</span>' for severity, text in report.counts.items())
    groups = _shown_groups(report)
    accepted = f" · {report.accepted_count:,} accepted" if report.accepted_count else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>harmonize: {report.verdict}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{report.verdict.capitalize()}</h1>
<p>{len(report.paths):,} {"file" if len(report.paths) == 1 else "files"}: {counts}{accepted}</p>
{_filters(report)}{_left_out(report, len(groups))}
</header>
<main>
{chr(10).join(map(_group, groups)) or "<p>Nothing was found.</p>"}
</main>
<script>{script}</script>
</body>
</html>"""


def _part(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """What a Content-Security-Policy calls an inline text by (CSP level 3, 2.3.1)."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def _filters(report: Report) -> str:
    """Hidden until the script shows them: without it they would do nothing."""
    choices = {
        "severity": [str(s) for s in Severity if any(group.severity == s for group in report.groups)],
        "state": ["open", "accepted"] if report.accepted_count else [],
        "rule": sorted({group.rule for group in report.groups}),
        "file": sorted({_file(place) for group in report.groups for place in group.places}),
    }
    selects = "".join(_select(name, texts) for name, texts in choices.items() if texts or name != "state")
    return f'<form id="filters" hidden>{selects}<output id="count" aria-live="polite"></output></form>'


def _select(name: str, texts: Iterable[str]) -> str:
    options = "".join(f'<option value="{escape(text)}">{escape(shown(text))}</option>' for text in texts)
    return f'<label>{name} <select id="{name}"><option value="">all</option>{options}</select></label>'


def _file(place: Place) -> str:
    return place.path or place.file


def _shown_groups(report: Report) -> list[Group]:
    """The first groups, and of each severity, state, rule and file the first ones in any case."""
    met: Counter[tuple[str, str]] = Counter()
    found: list[Group] = []
    for number, group in enumerate(report.groups):
        choices = {("severity", str(group.severity)), ("state", str(bool(group.reason))), ("rule", group.rule)}
        choices |= {("file", _file(place)) for place in group.places}
        if number < GROUPS_SHOWN or any(met[choice] < OF_EACH for choice in choices):
            found.append(group)
            met.update(choices)
    return found


def _left_out(report: Report, written: int) -> str:
    """Beside the filters: what they cannot show, because it is not in the page."""
    hidden = len(report.groups) - written
    return f"\n<p>{hidden:,} more findings are not in this page: see the report as json</p>" if hidden else ""


def _shown_places(group: Group) -> Iterator[str]:
    """The first places, of each file the first ones in any case; behind those of a file how many more it has."""
    met: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for number, place in enumerate(group.places):
        if number < PLACES_SHOWN or met[_file(place)] < OF_EACH:
            met[_file(place)] += 1
            yield _place(place)
        else:
            left[_file(place)] += 1
    for file, count in left.items():
        said = f"and {count:,} more places in {shown(file) or 'the whole run'}: see the report as json"
        yield f'<li data-file="{escape(file)}" class="more">{escape(said)}</li>'


def _group(group: Group) -> str:
    rule = rules()[group.rule]
    places = "\n".join(_shown_places(group))
    count = f"{len(group.places):,} {'place' if len(group.places) == 1 else 'places'}"
    state = "accepted" if group.reason else "open"
    reason = f'\n<p class="accepted">accepted: {escape(shown(group.reason, 2_000))}</p>' if group.reason else ""
    return f"""<article data-severity="{group.severity}" data-rule="{group.rule}" data-state="{state}">
<h2><span class="{group.severity}">{group.severity}</span> {escape(rule.title)}</h2>
<p class="message">{escape(shown(group.message, 2_000))}</p>{reason}
<details{" open" if len(group.places) <= 5 else ""}><summary>{count}</summary>
<ul>
{places}
</ul></details>
<details><summary>What to do</summary><p>{escape(rule.fix)}</p><p>{escape(rule.explanation)}</p>
<p><code>{group.rule}</code>; source: {escape(rule.source)}</p></details>
</article>"""


def _place(place: Place) -> str:
    spot = where(_file(place), place.sheet, place.row, place.column) or "the whole run"
    text = f" <code>{escape(shown(place.text, 2_000))}</code>" if place.text else ""
    near = f" <small>try: {escape(shown(place.suggestion))}</small>" if place.suggestion else ""
    return f'<li data-file="{escape(_file(place))}">{escape(spot)}{text}{near}</li>'
