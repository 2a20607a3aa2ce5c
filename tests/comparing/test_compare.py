"""Comparing countries: the table, the penalties, the weakest link, the picture, the pages."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import harmonize as hz
from harmonize.cli import main
from harmonize.comparing.areas import laws
from harmonize.comparing.frames import COLUMNS
from harmonize.comparing.pages import pages
from harmonize.comparing.spread import changes, spread
from harmonize.comparing.tiers import in_years
from harmonize.model.catalog import data_folder
from harmonize.model.provision import LATEST, Term, first_day

ROOT = Path(__file__).parents[2]


def test_the_keys_of_a_comparison_are_the_contracts() -> None:
    frame = hz.compare("SOM", ["DEU", "FRA"])
    assert list(frame.columns) == (
        "area provision category relation beyond lacks status penalty_base penalty_worst".split()  # noqa: SIM905
    )
    assert set(frame["area"]) == {"DEU", "FRA"}
    assert not frame.isna().any().any()


def test_germany_by_hand() -> None:
    """Read off the statute: entry for benefit or repeatedly or for several (96(1) no.1), stay for benefit (no.2)."""
    frame = hz.compare("SOM", ["DEU"]).set_index("provision")
    entry, stay = frame.loc["DE_96_1_1"], frame.loc["DE_96_1_2"]
    assert entry["relation"] == "overlapping"
    assert "no financial or other material benefit required (entry)" in entry["beyond"]
    assert "leaves out helping a person to stay (stay)" in entry["lacks"]
    assert "no financial or other material benefit" not in stay["beyond"]
    assert entry["penalty_base"].startswith("6 months to 10 years")
    category = frame[frame["category"] == "deu/pks_grundtabelle 725200"].iloc[0]
    assert category["relation"] == "broader"
    assert category.name == "DE_96_1_1+DE_96_1_2+DE_96_4"


def test_the_example_of_the_readme() -> None:
    fit = hz.relation("DEU", "725200", "SOM")
    line = next(
        line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if "fit.beyond[0]" in line
    )
    assert line.partition("# ")[2] == str((str(fit), fit.beyond[0]))


def test_a_date_and_a_yardstick() -> None:
    assert str(hz.relation("GBR", "GB_IA71_25A", "SOM_ENTRY", at="2020-06-30")) != "disjoint"
    before = hz.relation("GBR", "GB_IA71_25A", "SOM_ENTRY", at="2020-06-30")
    after = hz.relation("GBR", "GB_IA71_25A", "SOM_ENTRY", at="2023-06-30")
    text = "no financial or other material benefit required"
    assert (text in before.beyond, text in after.beyond) == (False, True)
    assert str(hz.relation("ESP", "ES_318bis_1", "SOM_ENTRY")) == "broader"
    assert str(hz.relation("ESP", "ES_318bis_1", "SOM_ENTRY", against="eu")) == "exact"


def test_before_any_wording_that_was_read_the_relation_is_not_guessed() -> None:
    found = hz.relation("DEU", "DE_96_1_1", "SOM", at="1990-01-01")
    assert str(found) == "unknown"
    assert found.not_known == ("no wording of DE_96_1_1 is known for this time",)
    assert set(found.possible) > {"exact", "broader"}


def test_a_law_without_provisions_of_a_pillar_is_not_called_lawless() -> None:
    [row] = hz.compare("FTD", ["MEX"]).to_dict("records")
    assert (row["relation"], row["beyond"]) == ("unknown", "no provision on this was read")


def test_canada_has_no_offence_of_facilitating_stay() -> None:
    whole = hz.compare("SOM_STAY", ["CAN"]).iloc[0]
    assert (whole["provision"], whole["relation"]) == ("all provisions", "disjoint")
    assert "the law has no such offence" in whole["lacks"]


@pytest.mark.parametrize(
    ("area", "code", "offence", "rule", "near"),
    [
        ("DEUU", "725200", "SOM", "area-unknown", "DEU"),
        ("DEU", "725201", "SOM", "code-unknown", "725200"),
        ("DEU", "725200", "SOMM", "offence-unknown", "SOM"),
    ],
)
def test_what_does_not_exist_is_named_with_the_nearest(
    area: str, code: str, offence: str, rule: str, near: str
) -> None:
    with pytest.raises(hz.Problem) as caught:
        hz.relation(area, code, offence)
    [finding] = caught.value.findings
    assert finding.rule == rule
    assert near in finding.suggestion.split(", ")


def test_penalties_in_years() -> None:
    assert in_years(Term(value=18, unit="months")) == 1.5
    assert in_years(Term(value=73, unit="days")) == 0.2
    frame = hz.penalties("SOM_ENTRY", ["DEU"], at="2025-01-01")
    [base] = frame[(frame["provision"] == "DE_96_1_1") & (frame["tier"] == "base")].to_dict("records")
    assert (base["minimum"], base["maximum"], base["life"]) == (0.5, 10.0, False)


def test_the_terms_are_compared_as_the_registry_has_them() -> None:
    """The model orders terms without Pint; its factors are the registry's."""
    for unit in ("years", "months", "weeks", "days"):
        term = Term.model_validate({"value": 1, "unit": unit})
        assert float(term.days) == pytest.approx((in_years(term) or 0) * 365, rel=1e-12)


def test_the_weakest_link_by_hand() -> None:
    """law_facts.md section 5: base maxima of facilitating entry; Switzerland 1 year, Spain 12 months, Canada life."""
    found = spread("SOM_ENTRY", ["CHE", "DEU", "ESP", "ITA", "CAN", "EU"], "2025-01-01")
    assert found is not None
    assert found.lowest == (("CHE", "ESP"), 1.0)
    assert found.highest == (("CAN",), float("inf"))
    assert found.median == 6.0  # 1, 1, 6 (Italy), 10 (Germany), life
    assert "weakest link  1 year: CHE, ESP" in found.in_words()
    stay = spread("SOM_STAY", ["CAN", "CHE"], "2025-01-01")
    assert stay is not None
    assert stay.lacking == ("CAN",)


def test_how_the_spread_changed() -> None:
    found = changes("SOM_ENTRY", ["ESP", "GBR"], "2014-01-01")
    assert [one.day for one in found] == ["2014-01-01", "2015-07-01", "2022-06-28"]
    assert [one.highest[1] for one in found] == [14.0, 14.0, float("inf")]


def test_the_command_in_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "SOM", "CHE", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert tuple(rows[0]) == COLUMNS
    assert main(["compare", "SOM", "CHE", "--format", "csv"]) == 0
    assert list(csv.DictReader(io.StringIO(capsys.readouterr().out))) == rows
    assert main(["compare", "SOM", "CHE", "--format", "md"]) == 0
    assert capsys.readouterr().out.startswith("| area | provision |")
    assert main(["compare", "SOM", "CHE"]) == 0
    text = capsys.readouterr().out
    assert "CH_AIG_116" in text
    assert "+ no financial or other material benefit required" in text


def test_penalties_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["penalties", "SOM_ENTRY", "CHE", "DEU", "--at", "2020"]) == 0
    out = capsys.readouterr().out
    assert "weakest link  1 year: CHE" in out
    assert "a maximum is not a sentence" in out
    assert main(["penalties", "SOM_ENTRY", "ESP", "GBR", "--since", "2014", "--format", "csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_the_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str) -> None:
    path = tmp_path / f"law.{ending}"
    assert main(["compare", "SOM", "CHE", "DEU", "--plot", str(path)]) == 0
    start = path.read_bytes()[:200]
    assert b"<?xml" in start if ending == "svg" else start.startswith(b"\x89PNG")
    assert str(path) in capsys.readouterr().err


def test_a_picture_of_another_kind_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "SOM", "CHE", "--plot", str(tmp_path / "law.gif")]) == 2
    assert "a picture is .svg or .png" in capsys.readouterr().err


def test_the_reference_pages_are_in_step_with_the_data() -> None:
    folder = ROOT / "docs" / "reference"
    generated = dict(pages())
    stored = {
        str(path.relative_to(folder))
        for name in ("offences", "countries", "provisions")
        for path in (folder / name).glob("*.md")
    }
    assert stored | {"law.md"} == set(generated), "run `make pages`"
    stale = [name for name, text in generated.items() if (folder / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run `make pages`"


def test_nothing_unverified_loses_its_mark_on_the_pages() -> None:
    generated = dict(pages())
    for name in ("NL_273f", "CH_StGB_252", "IT_TUI_10bis"):
        assert "**(unverified)**" in generated[f"provisions/{name}.md"].splitlines()[2]


def test_what_nobody_has_read_is_marked_wherever_it_is_shown() -> None:
    """Maxima of the Netherlands and Mexico, and days on which the law changed (mappings/*/law.yaml)."""
    with_france = spread("TIP", ["NLD", "MEX", "FRA"], LATEST)
    assert with_france is not None
    assert {*with_france.unverified} == {"NLD", "MEX"}
    found = spread("TIP", ["NLD", "MEX"], LATEST)
    assert found is not None
    words, record = found.in_words(), found.record()
    assert "NLD (unverified)" in words
    assert "NLD (unverified)" in record["lowest"] + record["highest"]
    of_germany = changes("SOM", ["DEU"], "2000-01-01")
    law = next(law for law in laws(["DEU"]))
    dated = [one for p in law.provisions for one in (*p.versions, *p.penalties) if p.pillar == "SOM" and one.valid_from]
    unread = {first_day(one.valid_from) for one in dated if one.dates_evidence == "unverified"}
    assert {one.day for one in of_germany if one.is_day_unverified} <= unread
    assert any(one.is_day_unverified for one in of_germany)
    assert of_germany[-1].record()["day"].endswith("(unverified)") == of_germany[-1].is_day_unverified


DATES = "dates_evidence: verified"


def own_law(folder: Path, *changes: tuple[str, str]) -> Path:
    """A folder with the law of France alone, changed."""
    text = (data_folder("mappings") / "fra" / "law.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "fra").mkdir()
    (folder / "fra" / "law.yaml").write_text(text, encoding="utf-8")
    return folder


def statuses(mappings: Path, at: str | None) -> dict[str, str]:
    found = hz.compare("SOM", "FRA", at=at, mappings=mappings)
    return {row["provision"]: row["status"] for row in found[found["category"] == ""].to_dict("records")}


def test_a_wording_picked_by_dates_that_nobody_read_is_marked(tmp_path: Path) -> None:
    """Today's law is what stands in the texts read; on a day that is asked for, its dates must have been read, too."""
    mappings = own_law(tmp_path, (DATES, "dates_evidence: unverified"))
    read = {provision: status for provision, status in statuses(mappings, None).items() if status == "verified"}
    assert read, "the texts themselves were read"
    for day in ("2022-01-01", "2015"):
        of_day = statuses(mappings, day)
        assert len(of_day) > 1
        assert set(of_day.values()) == {"unverified"}
    provision = next(name for name in read if name != "all provisions")
    found = hz.relation("FRA", provision, "SOM", at="2022-01-01", mappings=mappings)
    assert (found.evidence, found.only_dates) == ("unverified", True)
    assert "unverified" in repr(found)


def test_a_wording_picked_by_dates_that_were_read_is_not_marked(tmp_path: Path) -> None:
    mappings = own_law(tmp_path, ("dates_evidence: unverified", DATES))
    assert statuses(mappings, "2022-01-01") == statuses(mappings, None)


def test_a_penalty_picked_by_dates_that_nobody_read_is_marked(tmp_path: Path) -> None:
    mappings = own_law(tmp_path, (DATES, "dates_evidence: unverified"))
    assert "verified" in set(hz.penalties("SOM", "FRA", mappings=mappings)["status"])
    assert set(hz.penalties("SOM", "FRA", at="2022-01-01", mappings=mappings)["status"]) == {"unverified"}
    of_day = spread("SOM", ["FRA"], "2022-01-01", mappings)
    assert of_day is not None
    assert of_day.unverified == ("FRA",)


def test_the_command_marks_wordings_whose_dates_nobody_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mappings = own_law(tmp_path, (DATES, "dates_evidence: unverified"))
    assert main(["compare", "SOM", "FRA", "--format", "json", "--mappings", str(mappings), "--at", "2022"]) == 0
    rows = [row for row in json.loads(capsys.readouterr().out) if not row["category"]]
    assert {row["status"] for row in rows} == {"unverified"}
