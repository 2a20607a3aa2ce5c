"""The laws against the verified facts they were written from, and against what those facts say of comparability."""

from __future__ import annotations

import csv
import os
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from harmonize.checking.laws import load_law
from harmonize.model.code_row import Relation
from harmonize.model.laws import law_files
from harmonize.model.provision import Law, Provision
from harmonize.relations.category import stands
from harmonize.relations.comparison import compare
from harmonize.relations.conduct import NOTHING, Conduct
from harmonize.relations.space import space
from harmonize.relations.yardstick import yardstick

REFERENCE = Path(os.environ.get("HARMONIZE_DATA", Path(__file__).parents[3] / "shared" / "data")).parent / "reference"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="../shared/reference is not here")

LAWS: dict[str, Law] = {law.area: law for law in map(load_law, law_files())}
PROVISIONS: dict[str, tuple[Law, Provision]] = {p.id: (law, p) for law in LAWS.values() for p in law.provisions}
LATEST = "9999-12-31"


def table(name: str) -> list[dict[str, str]]:
    """A table of the reference."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def relation(name: str, offence: str, day: str = LATEST) -> Relation:
    """The relation of one provision."""
    return stands(PROVISIONS[name][0], [name], offence, day, day).relation


def needs_no_benefit(name: str, offence: str, day: str = LATEST) -> bool:
    """Whether the provision takes in conduct without benefit."""
    comparison = stands(PROVISIONS[name][0], [name], offence, day, day)
    return any("no financial or other material benefit required" in text for text in comparison.beyond)


@needs_reference
def test_every_provision_of_the_reference_is_there_and_no_other() -> None:
    expected = {row["provision_id"]: row["country_iso3"] for row in table("national_provisions.csv")}
    assert {name: law.area for name, (law, _) in PROVISIONS.items()} == expected
    assert len(expected) == 141


@needs_reference
@pytest.mark.parametrize("area", sorted(LAWS))
def test_facts_of_provisions_survive(area: str) -> None:
    pillars = {"smuggling": "SOM", "trafficking": "TIP", "fraudulent_documents": "FTD", "illegal_entry": "context"}
    for row in table("national_provisions.csv"):
        if row["country_iso3"] == area:
            provision = PROVISIONS[row["provision_id"]][1]
            assert provision.pillar == pillars[row["offence_class"]]
            assert (provision.section, provision.source) == (row["section"], row["source"])
            assert provision.source_kind == row["source_kind"]
            if row["status"] == "unverified":
                assert provision.evidence == "unverified", f"{provision.id} lost its mark"


@needs_reference
def test_every_penalty_tier_is_there_with_its_figures() -> None:
    def tier(minimum: str, low: str, maximum: str, high: str, life: str) -> tuple[str, ...]:
        return (str(Decimal(minimum)) if minimum else "", low, str(Decimal(maximum)) if maximum else "", high, life)

    expected: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for row in table("penalties.csv"):
        term = tier(
            row["min_imprisonment"], row["min_unit"], row["max_imprisonment"], row["max_unit"], row["life_imprisonment"]
        )
        expected[row["provision_id"]][row["tier"], row["trigger"], *term] += 1
    found: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for name, (_, provision) in PROVISIONS.items():
        for penalty in provision.penalties:
            low, high = penalty.minimum, penalty.maximum
            term = tier(
                str(low.value) if low else "",
                low.unit if low else "",
                str(high.value) if high else "",
                high.unit if high else "",
                {True: "yes", False: "no", None: ""}[penalty.life],
            )
            found[name][penalty.tier, penalty.trigger, *term] += 1
    assert found == expected
    assert sum(sum(tiers.values()) for tiers in found.values()) == 344


@needs_reference
def test_no_unverified_penalty_lost_its_mark() -> None:
    for row in table("penalties.csv"):
        if row["status"] == "unverified":
            provision = PROVISIONS[row["provision_id"]][1]
            same = [p for p in provision.penalties if p.tier == row["tier"] and p.trigger == row["trigger"]]
            assert any(penalty.evidence == "unverified" for penalty in same), row


@needs_reference
def test_no_unverified_element_lost_its_mark() -> None:
    """An element that is background knowledge is listed as such, or the whole provision is."""
    renamed = {"child_no_means", "no_means_under_21", "any_means", "organise", "not_an_element_in_base_offence"}
    for row in table("national_elements.csv"):
        if row["status"] == "unverified" and row["element_id"] not in renamed:
            _, provision = PROVISIONS[row["provision_id"]]
            named = {name for version in provision.versions for names in version.unverified.values() for name in names}
            assert provision.evidence == "unverified" or row["element_id"] in named, row


# law_facts.md section 2: who requires a benefit for entry, and for stay
NO_BENEFIT_AT_ENTRY = ["ITA IT_TUI_12_1", "ESP ES_318bis_1", "SWE SE_UtlL_20_8", "NLD NL_197a_1", "FRA FR_L823_1"]
NO_BENEFIT_AT_ENTRY += ["CHE CH_AIG_116", "GBR GB_IA71_25", "USA US_8_1324_a1Ai", "CAN CA_IRPA_117", "RUS RU_322_1"]
NO_BENEFIT_AT_ENTRY += ["AUS AU_MA_233A", "EU EU_2002_90", "DEU DE_96_1_1"]
BENEFIT_AT_ENTRY = ["JPN JP_ICRRA_74_6", "AUT AT_FPG_114", "MEX MX_LM_159", "SWE SE_UtlL_20_9"]
BENEFIT_AT_STAY = ["EU EU_2002_90", "AUT AT_FPG_115", "MEX MX_LM_159", "DEU DE_96_1_2", "ITA IT_TUI_12_5"]
BENEFIT_AT_STAY += ["ESP ES_318bis_2", "SWE SE_UtlL_20_7", "NLD NL_197a_2"]
NO_BENEFIT_AT_STAY = ["FRA FR_L823_1", "CHE CH_AIG_116", "GBR GB_IA71_25"]
NO_BENEFIT_AT_STAY += ["USA US_8_1324_a1Aiii", "RUS RU_322_1", "JPN JP_ICRRA_74_8"]


@pytest.mark.parametrize("case", NO_BENEFIT_AT_ENTRY)
def test_entry_without_benefit(case: str) -> None:
    assert needs_no_benefit(case.split()[1], "SOM_ENTRY")


@pytest.mark.parametrize("case", BENEFIT_AT_ENTRY)
def test_entry_for_benefit_only(case: str) -> None:
    assert not needs_no_benefit(case.split()[1], "SOM_ENTRY")


@pytest.mark.parametrize("case", BENEFIT_AT_STAY)
def test_stay_for_benefit_only(case: str) -> None:
    assert not needs_no_benefit(case.split()[1], "SOM_STAY")


@pytest.mark.parametrize("case", NO_BENEFIT_AT_STAY)
def test_stay_without_benefit(case: str) -> None:
    assert needs_no_benefit(case.split()[1], "SOM_STAY")


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("GB_IA71_25A", "2020-01-01", False),  # "for gain" was removed on 2022-06-28
        ("GB_IA71_25A", "2023-01-01", True),
        ("NL_197a_1", "2000-01-01", False),  # the profit element was dropped in 2005
        ("NL_197a_1", "2010-01-01", True),
        ("AT_FPG_114", "2008-01-01", True),  # unpaid facilitation was criminal until 2009
        ("AT_FPG_114", "2012-01-01", False),
    ],
)
def test_a_query_takes_a_date(name: str, day: str, expected: bool) -> None:
    assert needs_no_benefit(name, "SOM_ENTRY", day) is expected


# law_facts.md section 4 no. 2: where adults need a means
NO_MEANS = ["GB_MSA15_2", "CA_CC_279_01", "RU_127_1", "CH_StGB_182", "US_18_1590", "AT_StGB_217"]
# The Netherlands are left out: limb 3 of art 273f (prostitution abroad; from memory) asks for none.
MEANS = ["DE_232", "FR_225_4_1", "IT_CP_601", "ES_177bis", "SE_BrB_4_1a", "AT_StGB_104a", "EU_2011_36", "US_18_1591"]


@pytest.mark.parametrize("name", NO_MEANS)
def test_trafficking_of_adults_without_means(name: str) -> None:
    law, provision = PROVISIONS[name]
    beyond = stands(law, [provision.id], "TIP", LATEST, LATEST).beyond
    assert any("none of the means required" in text for text in beyond)


@pytest.mark.parametrize("name", MEANS)
def test_trafficking_of_adults_needs_means(name: str) -> None:
    law, provision = PROVISIONS[name]
    beyond = stands(law, [provision.id], "TIP", LATEST, LATEST).beyond
    young = [text for text in beyond if "none of the means required" in text]
    assert all("18 to 20" in text for text in young)  # Germany: no means needed under 21


# law_facts.md section 4 no. 1: entry and stay in one article
@pytest.mark.parametrize("name", ["FR_L823_1", "CH_AIG_116", "RU_322_1", "GB_IA71_25", "MX_LM_159"])
def test_facilitating_entry_and_stay_in_one_article(name: str) -> None:
    assert relation(name, "SOM_ENTRY") is not Relation.DISJOINT
    assert relation(name, "SOM_STAY") is not Relation.DISJOINT


@pytest.mark.parametrize("name", ["JP_ICRRA_70", "DE_95", "CH_AIG_115"])
def test_own_entry_and_stay_in_one_article(name: str) -> None:
    assert relation(name, "IRR_ENTRY") in (Relation.BROADER, Relation.OVERLAPPING)
    assert relation(name, "IRR_STAY") in (Relation.BROADER, Relation.OVERLAPPING)


@pytest.mark.parametrize("name", ["CA_CC_57", "DE_267", "FR_441_2", "US_18_1543", "RU_327"])
def test_document_offences_share_nothing_with_a_smuggling_total(name: str) -> None:
    assert relation(name, "SOM") is Relation.DISJOINT
    assert relation(name, "FTD") is not Relation.DISJOINT


@pytest.mark.parametrize("name", ["AU_entry", "MX_entry"])
def test_no_crime_is_no_offence(name: str) -> None:
    assert relation(name, "IRR_ENTRY") is Relation.DISJOINT


@needs_reference
def test_every_difference_from_a_hint_is_explained() -> None:
    """The page lists exactly the provisions whose computed relation is not the hint's."""
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "relation-hints.md").read_text(encoding="utf-8")
    listed = {line.split("[")[1].split("]")[0] for line in page.splitlines() if line.startswith("| [")}
    words = {"equal": "exact", "not_an_offence": "disjoint", "not_comparable": "disjoint"}
    yardsticks = {
        "smuggling": "SOM_ENTRY",
        "trafficking": "TIP",
        "fraudulent_documents": "SOM_DOC",
        "illegal_entry": "IRR_ENTRY",
    }
    differing = {
        row["provision_id"]
        for row in table("national_provisions.csv")
        if words.get(row["relation_to_common_hint"], row["relation_to_common_hint"])
        != relation(row["provision_id"], yardsticks[row["offence_class"]])
    }
    assert listed == differing


PARTS = {
    "SOM": ["SOM_ENTRY", "SOM_STAY", "SOM_AGG"],
    "TIP": ["TIP_SEX", "TIP_LABOUR", "TIP_ORGAN"],
    "FTD": ["FTD_MAKE", "FTD_PROCURE", "FTD_SUPPLY", "FTD_POSSESS", "FTD_USE"],
    "IRR_ALL": ["IRR_ENTRY", "IRR_STAY"],
}


@pytest.mark.parametrize(("whole", "part"), [(whole, part) for whole, parts in PARTS.items() for part in parts])
def test_a_part_lies_inside_its_whole(whole: str, part: str) -> None:
    """What `parent` and `part_of` say of the codes is true of the definitions."""
    inner, outer = yardstick(part), yardstick(whole)
    assert inner is not None
    assert outer is not None
    assert compare(Conduct(inner.inner, inner.inner), outer, space()).relation is Relation.NARROWER


def test_smuggling_is_entry_and_stay_and_holds_no_document_offence() -> None:
    whole, entry, stay, documents = (yardstick(code) or NOTHING for code in ("SOM", "SOM_ENTRY", "SOM_STAY", "SOM_DOC"))
    assert compare(entry | stay, whole, space()).relation is Relation.EXACT
    assert compare(documents, whole, space()).relation is Relation.DISJOINT
    assert compare(documents, yardstick("FTD") or NOTHING, space()).relation is Relation.NARROWER
