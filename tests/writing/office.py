"""LibreOffice as an office uses it: a workbook is opened, texts are typed into its cells, and it is saved."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

MACRO = Path(__file__).with_name("fill.bas")
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
{}</script:module>"""

Typed = tuple[str, str, str]
"""Sheet, cell, and what is typed there; or a command of the menu, such as `.uno:DeleteRows`."""


def type_into(workbook: Path, typed: Iterable[Typed], saved: Path) -> tuple[Path, Path]:
    """The workbook with these texts typed into it, saved by LibreOffice as xlsx and as ods; `saved` has no ending."""
    plan = saved.with_suffix(".plan")
    lines = [str(workbook), str(saved), *("\t".join(one) for one in typed)]
    plan.write_text("\n".join(lines) + "\n", encoding="utf-8")
    profile = saved.parent / "profile"
    _run(profile, "--terminate_after_init")  # makes the profile, in which the macro is then put
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    module.write_text(MODULE.format(escape(MACRO.read_text(encoding="utf-8"))), encoding="utf-8")
    _run(profile, f'macro:///Standard.Module1.Fill("{plan}")')
    return saved.with_suffix(".xlsx"), saved.with_suffix(".ods")


def _run(profile: Path, what: str) -> None:
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--norestore", what]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
