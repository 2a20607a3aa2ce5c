"""What is generated into schemas/ (`make schemas`): the models as JSON Schemas, and the offences as a codelist."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from ..model.base import Model
from ..model.baseline import Baseline
from ..model.catalog import data_folder, offences
from ..model.code_row import CodeRow
from ..model.codelist import Codelist
from ..model.config import Config
from ..model.element import Taxonomy
from ..model.finding import Finding
from ..model.mapping import Mapping
from ..model.observation import Observation
from ..model.offence import Offence
from ..model.provision import Law
from ..model.refusal import Refusal
from ..model.report import FindingsReport
from ..model.rule import Rule
from ..model.statistics import Statistics

MODELS: dict[str, type[Model]] = {
    "baseline": Baseline,
    "codelist": Codelist,
    "config": Config,
    "elements": Taxonomy,
    "law": Law,
    "code_row": CodeRow,
    "finding": Finding,
    "findings": FindingsReport,
    "mapping": Mapping,
    "observation": Observation,
    "offence": Offence,
    "refusal": Refusal,
    "rule": Rule,
    "statistics": Statistics,
}


def schema(name: str) -> str:
    """The JSON Schema of a model as it is stored: indented, with sorted keys and a final line end."""
    return json.dumps(MODELS[name].model_json_schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def offence_tree() -> str:
    """The common offences without their definitions, as a codelist that is read in a fraction of the time.

    >>> offence_tree().splitlines()[:2]
    ['code,label,pillar,parent,part_of', 'SOM,Smuggling of migrants,SOM,,']
    """
    text = io.StringIO()
    columns = ("code", "label", "pillar", "parent", "part_of")
    rows = ([getattr(one, name) for name in columns] for one in offences().values())
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    return text.getvalue()


def write(folder: Path) -> None:
    """Write all of it into a folder like `schemas`."""
    for part in ("json", "codelists"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for name in MODELS:
        (folder / "json" / f"{name}.schema.json").write_text(schema(name), encoding="utf-8")
    (folder / "codelists" / "offence_tree.csv").write_text(offence_tree(), encoding="utf-8")


if __name__ == "__main__":
    write(data_folder("schemas"))
