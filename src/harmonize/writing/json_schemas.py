"""JSON Schemas of what people write and read, generated from the models into schemas/json (`make schemas`)."""

from __future__ import annotations

import json
from pathlib import Path

from ..model.base import Model
from ..model.baseline import Baseline
from ..model.catalog import data_folder
from ..model.code_row import CodeRow
from ..model.config import Config
from ..model.element import Taxonomy
from ..model.finding import Finding
from ..model.mapping import Mapping
from ..model.observation import Observation
from ..model.offence import Codelist, Offence
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


def write(folder: Path) -> None:
    """Write every schema into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in MODELS:
        (folder / f"{name}.schema.json").write_text(schema(name), encoding="utf-8")


if __name__ == "__main__":
    write(data_folder("schemas") / "json")
