"""The documentation names what the code has."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]

RULE = re.compile(r"(?:rule=|problem\(\s*|Refused\(\s*|raise problem\(\s*)\"([a-z]+(?:-[a-z]+)+)\"")


def test_every_rule_of_a_finding_is_explained() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    rules = set(RULE.findall(code))
    assert len(rules) > 20
    explained = (ROOT / "docs" / "reference" / "findings.md").read_text(encoding="utf-8")
    assert {rule for rule in rules if f"`{rule}`" not in explained} == set()


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not link.startswith("http") and not (page.parent / link).exists()
    ]
    assert len(pages) > 10
    assert broken == []
