"""What is generated from the models, and the unit registry, are in step with the codelists."""

from __future__ import annotations

from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from harmonize.model.catalog import codelist, data_folder
from harmonize.writing.schemas import MODELS, offence_tree, schema


@pytest.mark.parametrize("name", sorted(MODELS))
def test_json_schemas_are_generated_from_the_models(name: str) -> None:
    stored = (data_folder("schemas") / "json" / f"{name}.schema.json").read_text(encoding="utf-8")
    assert stored == schema(name), "run `make schemas`"


def test_the_tree_of_offences_is_generated_from_their_definitions() -> None:
    stored = (data_folder("schemas") / "codelists" / "offence_tree.csv").read_text(encoding="utf-8")
    assert stored == offence_tree(), "run `make schemas`"
    assert any(line.startswith("SOM_AGG,") and line.endswith(",SOM,,SOM") for line in stored.splitlines())


def test_every_unit_of_the_codelist_is_in_the_pint_registry() -> None:
    import pint

    path = Path(str(resources.files("harmonize"))) / "units.txt"
    registry: Any = pint.UnitRegistry(str(path), non_int_type=Fraction)
    units = [code.code for code in codelist("unit").codes]
    assert len(units) >= 13
    dimensions = {unit: str(registry(unit).dimensionality) for unit in units}
    counts = {
        unit: dimension for unit, dimension in dimensions.items() if dimension.startswith("[") and "/" not in dimension
    }
    assert len(set(counts.values())) == len(counts), "two units of count share a dimension and could be added"
    rate = (registry("offence") * 3293 / (registry("inhabitant") * 82_905_782)).to("offence_per_100k")
    assert float(rate.magnitude) == pytest.approx(3.9720, abs=1e-4)
