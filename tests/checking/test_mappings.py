"""Every mistake of a mapping is found, with file, line and the nearest thing that exists."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from strategies import CASES, detail, source

from harmonize.building.build import run
from harmonize.checking.mappings import load_mapping
from harmonize.cli import main
from harmonize.model.catalog import data_folder, mapping_folders
from harmonize.model.finding import Finding, Problem

SERIES, BASIC, GLOTIP, MEXICO = "deu/pks_time_series", "deu/pks_grundtabelle", "unodc/glotip", "mex/sesnsp_federal"
SDG = "gbr/ons_sdg_16_2_2"
YAML, CODES = "mapping.yaml", "codes.csv"
SUM_KEY = "sum_key,,,725100 725200 725300 725400 725500 725600 725700 725800 725900,,,,verified"


def copied(tmp_path: Path, name: str) -> Path:
    """A copy of a mapping that ships."""
    return Path(shutil.copytree(data_folder("mappings") / name, tmp_path / name))


def changed(folder: Path, file: str, old: str, new: str) -> None:
    """Replace a text where it first stands."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(path: Path, text: str) -> int:
    """The only line that holds a text."""
    [line] = [i for i, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1) if text in line]
    return line


def mistakes(folder: Path) -> tuple[Finding, ...]:
    with pytest.raises(Problem) as problem:
        load_mapping(folder)
    return problem.value.findings


CASES_OF = [
    pytest.param(
        SERIES, YAML, "licence:", "lisence:", "lisence:", "unknown key `lisence`", "licence", id="unknown key"
    ),
    pytest.param(
        SERIES,
        YAML,
        "  delimiter:",
        "  delimeter:",
        "delimeter",
        "unknown key `delimeter`",
        "delimiter",
        id="unknown key of layout",
    ),
    pytest.param(
        SERIES,
        YAML,
        "add_over_codes",
        "add_over_kodes",
        "add_over_kodes",
        "unknown key `add_over_kodes`",
        "add_over_codes",
        id="unknown key of a measure",
    ),
    pytest.param(
        MEXICO,
        YAML,
        "means: not_yet",
        "meens: not_yet",
        "meens",
        "unknown key `meens`",
        "means",
        id="unknown key of a marker",
    ),
    pytest.param(
        SERIES, YAML, "publisher:", "# publisher:", None, "the key `publisher` is missing", "", id="missing key"
    ),
    pytest.param(
        MEXICO,
        YAML,
        "means: not_yet",
        "means: nothing",
        "means: nothing",
        "expected 'nil', 'missing',",
        "",
        id="unknown meaning",
    ),
    pytest.param(
        SERIES,
        YAML,
        "watch_code: ^(144",
        "watch_code: ^((144",
        "^((144",
        "not a regular expression",
        "",
        id="bad pattern",
    ),
    pytest.param(
        SERIES,
        YAML,
        "from: year",
        "from: yaer",
        "from: yaer",
        "reads columns that `layout.columns` does not have: yaer",
        "year",
        id="missing column",
    ),
    pytest.param(
        SERIES,
        YAML,
        "indicator: PERSONS_SUSPECTED",
        "indicator: PERSONS_SUSPEKTED",
        "PERSONS_SUSPEKTED",
        "PERSONS_SUSPEKTED, which no codelist has for it",
        "PERSONS_SUSPECTED",
        id="unknown indicator",
    ),
    pytest.param(
        SERIES,
        YAML,
        "unit: person,",
        "unit: persona,",
        "unit: persona,",
        "`unit` names persona",
        "person",
        id="unknown unit",
    ),
    pytest.param(
        SERIES,
        YAML,
        "citizenship: FOR",
        "citizenship: FOO",
        "citizenship: FOO",
        "`citizenship` names FOO",
        "",
        id="unknown citizenship",
    ),
    pytest.param(
        SERIES,
        YAML,
        "citizenship: FOR",
        "citizenship: WORLD",
        "citizenship: WORLD",
        "`citizenship` names WORLD",
        "",
        id="group of countries as citizenship",
    ),
    pytest.param(
        SERIES, YAML, "constant: DEU", "constant: DEX", "constant: DEX", "`area` names DEX", "DEU", id="unknown area"
    ),
    pytest.param(
        BASIC,
        YAML,
        "code: DE-BY",
        "code: DE-XY",
        "code: DE-XY",
        "`area` names DE-XY",
        "DE-BY",
        id="unknown area of an entry",
    ),
    pytest.param(
        GLOTIP, YAML, "code: Y_LT18", "code: Y_LT81", "Y_LT81", "`age` names Y_LT81", "Y_LT18", id="unknown age"
    ),
    pytest.param(
        MEXICO, YAML, "nation: MEX", "nation: MEXX", "nation: MEXX", "`parts` names MEXX", "MEX", id="unknown nation"
    ),
    pytest.param(
        SERIES,
        YAML,
        "offences: [TIP]",
        "offences: [TIPP]",
        "TIPP",
        "`breaks` names TIPP",
        "TIP",
        id="unknown offence of a break",
    ),
    pytest.param(
        SERIES,
        YAML,
        "offences: [TIP]",
        "offences: [TIP]\n    areas: [DEUX]",
        "areas: [DEUX]",
        "`breaks` names DEUX",
        "DEU",
        id="unknown area of a break",
    ),
    pytest.param(
        SERIES,
        YAML,
        "- offence: FTD",
        "- offence: FTX",
        "FTX",
        "`not_published` names FTX",
        "FTD",
        id="unknown offence not published",
    ),
    pytest.param(
        SERIES,
        YAML,
        "language: de",
        "language: de\nlanguage: fr",
        "language: fr",
        "the key `language` stands twice",
        "",
        id="key twice",
    ),
    pytest.param(
        SERIES,
        CODES,
        ",detail,SOM,",
        ",detail,SOMM,",
        ",SOMM,",
        "there is no common offence SOMM",
        "SOM",
        id="unknown offence",
    ),
    pytest.param(
        SERIES,
        CODES,
        SUM_KEY,
        "detail,SOM,,,,broader,,verified",
        "aufenthalt,2003,,detail,SOM",
        "725000 and 725200 are both counted for SOM",
        "",
        id="sum counted",
    ),
    pytest.param(
        SERIES,
        CODES,
        "725800 725900,",
        "725800 725999,",
        "725999",
        "names the member 725999",
        "725900",
        id="unknown member",
    ),
    pytest.param(
        SERIES,
        CODES,
        "1987,,detail,SOM,",
        "1987,detail,SOM,",
        "725200,Ein",
        "has 14 fields, the header has 15",
        "",
        id="ragged",
    ),
    pytest.param(
        SERIES,
        CODES,
        "schleus|schlepp",
        "schleus|(schlepp",
        "(schlepp",
        "not a regular expression",
        "",
        id="bad pattern of a label",
    ),
    pytest.param(
        SERIES,
        CODES,
        "1987,,detail,SOM,",
        "1987,1980,detail,SOM,",
        "1987,1980",
        "valid_from 1987 is after valid_to 1980",
        "",
        id="years reversed",
    ),
    pytest.param(
        SDG,
        YAML,
        "  - year: 2010\n",
        "  - year: 2011\n",
        "year: 2009",
        "2009 has 9 months; declare the break that 2010 is",
        "",
        id="part year without a break behind it",
    ),
    pytest.param(
        SERIES,
        CODES,
        "1987,,detail,SOM,",
        "sometimes,,detail,SOM,",
        "sometimes",
        "expected a whole number, found 'sometimes'",
        "",
        id="year is no number",
    ),
    pytest.param(
        SERIES,
        CODES,
        "1987,,detail,SOM,",
        "1987,,detial,SOM,",
        "detial",
        "expected 'detail', 'total', 'sum_key' or 'ignore', found 'detial'",
        "detail",
        id="unknown role",
    ),
]


@pytest.mark.parametrize(("name", "file", "old", "new", "anchor", "message", "suggestion"), CASES_OF)
def test_a_mistake_is_found(
    tmp_path: Path, name: str, file: str, old: str, new: str, anchor: str | None, message: str, suggestion: str
) -> None:
    folder = copied(tmp_path, name)
    changed(folder, file, old, new)
    found = [finding for finding in mistakes(folder) if message in finding.message]
    assert found, [finding.message for finding in mistakes(folder)]
    assert found[0].file == str(folder / file)
    assert suggestion in found[0].suggestion.split(", ") or not suggestion
    assert found[0].row == line_of(folder / file, anchor) if anchor else found[0].row


def test_columns_that_are_not_there_are_named_each_with_its_line(tmp_path: Path) -> None:
    change: dict[str, Any] = {
        "code": ["offence", "subcode"],
        "label": "lable",
        "area": {"from": ["yaer"], "read": [{"text": "x", "code": "FRA"}]},
        "corrections": [{"where": {"yer": "1"}, "expect": "1", "value": "2", "reason": "r", "date": "2020-01-01",
                         "evidence": "verified", "source": "s"}],
    }  # fmt: skip
    made = source([CASES], [detail("A1")], **change)
    made.mapping["layout"]["fill_down"] = ["ofence"]
    folder = made.write_mapping(tmp_path)
    data = yaml.safe_load((folder / YAML).read_text(encoding="utf-8"))
    (folder / YAML).write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    found = mistakes(folder)
    assert [(one.column, one.text) for one in found] == [
        ("code.0", "offence"), ("code.1", "subcode"), ("label", "lable"), ("area.from.0", "yaer"),
        ("corrections.0.where.yer", "yer"), ("layout.fill_down.0", "ofence"),
    ]  # fmt: skip
    assert [one.suggestion for one in found] == ["", "code", "", "year", "year", ""]
    lines = (folder / YAML).read_text(encoding="utf-8").splitlines()
    for one in found:
        assert one.row is not None
        assert one.text in lines[one.row - 1]


def test_all_mistakes_of_a_file_are_found_in_one_pass(tmp_path: Path) -> None:
    folder = copied(tmp_path, SERIES)
    changed(folder, CODES, ",detail,SOM,", ",detail,SOMM,")
    changed(folder, CODES, ",detail,SOM SOM_AGG,", ",detail,SOM SOM_AGGG,")
    changed(folder, YAML, "constant: DEU", "constant: DEX")
    assert {(Path(f.file).name, f.row) for f in mistakes(folder)} >= {
        (CODES, 2),
        (CODES, 3),
        (YAML, line_of(folder / YAML, "DEX")),
    }


def test_a_code_twice_at_one_time(tmp_path: Path) -> None:
    folder = copied(tmp_path, SERIES)
    with (folder / CODES).open("a", encoding="utf-8") as file:
        file.write("725200,Einschleusen,,,2000,,detail,SOM,,,,broader,,verified,\n")
    [finding] = mistakes(folder)
    assert finding.message == "the code 725200 is valid twice at one time (also in line 2)"
    assert finding.row == len((folder / CODES).read_text(encoding="utf-8").splitlines())
    assert finding.file == str(folder / CODES)


def test_a_missing_column_of_codes(tmp_path: Path) -> None:
    folder = copied(tmp_path, SERIES)
    with (folder / CODES).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / CODES).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [name for name in rows[0] if name != "role"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    [finding] = mistakes(folder)
    found = (finding.file, finding.row, finding.column, finding.message)
    assert found == (str(folder / CODES), 1, "role", "the column `role` is missing")


def test_an_unknown_column_of_codes(tmp_path: Path) -> None:
    folder = copied(tmp_path, SERIES)
    changed(folder, CODES, ",label_like,", ",label_lik,")
    first = mistakes(folder)[0]
    assert (first.file, first.message, first.suggestion) == (
        str(folder / CODES),
        "unknown key `label_lik`",
        first.suggestion,
    )
    assert "label_like" in first.suggestion


def write_law(folder: Path, *names: str, benefit: str = "") -> None:
    """A law whose provisions all say the same: helping a foreigner to enter unlawfully."""
    conduct = "{act: [facilitate_entry], object: [non_national], circumstance: [entry_unlawful], mens_rea: [intent]"
    provisions = [
        f"  - {{id: {name}, pillar: SOM, statute: S, section: '1', label: helping to enter, source: s, "
        f"source_kind: none, evidence: verified, versions: [{{conduct: [{conduct}{benefit}}}]}}]}}\n"
        for name in names
    ]
    (folder / "law.yaml").write_text("area: TST\nname: Test\nprovisions:\n" + "".join(provisions), encoding="utf-8")


@pytest.mark.parametrize(
    ("asserted", "benefit", "computed"),
    [
        ("exact", "", "broader"),
        ("narrower", "", "broader"),
        ("broader", ", benefit: [financial_or_material_benefit]", "exact"),
    ],
)
def test_an_assertion_against_the_computation(tmp_path: Path, asserted: str, benefit: str, computed: str) -> None:
    row = detail("A1", "SOM_ENTRY", provisions="TST_1", relation=asserted)
    folder = source([CASES], [row]).write_mapping(tmp_path)
    write_law(tmp_path / "tst", "TST_1", benefit=benefit)
    [finding] = mistakes(folder)
    assert (finding.rule, finding.row, finding.suggestion) == ("relation-contradicted", 2, computed)
    assert f"asserts that A1 is {asserted} to SOM_ENTRY, but by its provisions it is {computed}" in finding.message
    if computed == "broader":
        assert "no financial or other material benefit required" in finding.message


def test_an_assertion_that_the_computation_bears_out(tmp_path: Path) -> None:
    folder = source([CASES], [detail("A1", "SOM_ENTRY", provisions="TST_1", relation="broader")]).write_mapping(
        tmp_path
    )
    write_law(tmp_path / "tst", "TST_1")
    assert str(load_mapping(folder).codes[0].relation) == "broader"


@pytest.mark.parametrize("at_home", [True, False])
def test_provisions_must_exist(tmp_path: Path, at_home: bool) -> None:
    world = source([CASES], [detail("A1", provisions="TST_1 TST_2"), detail("A2", provisions="TST_11")])
    folder = world.write_mapping(tmp_path)
    if at_home:
        write_law(tmp_path / "tst", "TST_1", "TST_10")
    found = {(f.row, f.message.split(",")[0]): f.suggestion for f in mistakes(folder)}
    missing = {(2, "cites the provision TST_2"), (3, "cites the provision TST_11")}
    assert set(found) == (missing if at_home else missing | {(2, "cites the provision TST_1")})
    assert all(f.file == str(folder / CODES) for f in mistakes(folder))
    if at_home:
        assert "TST_10" in found[3, "cites the provision TST_11"]


def test_provisions_that_exist_are_no_mistake(tmp_path: Path) -> None:
    folder = source([CASES], [detail("A1", provisions="TST_1")]).write_mapping(tmp_path)
    write_law(tmp_path / "tst", "TST_1")
    assert load_mapping(folder).codes[0].provisions == ("TST_1",)


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [("S2 A1", "S1 A2", "contain each other"), ("S2 A1", "A1 A2", "the sum key S1 holds S2 and also its members")],
)
def test_overlapping_sum_keys(tmp_path: Path, one: str, other: str, message: str) -> None:
    keys = [
        detail(name, "") | {"role": "sum_key", "members": members} for name, members in (("S1", one), ("S2", other))
    ]
    folder = source([CASES], [detail("A1"), detail("A2"), *keys]).write_mapping(tmp_path)
    found = [f for f in mistakes(folder) if message in f.message]
    assert found[0].row == 4
    assert found[0].file == str(folder / CODES)


def test_members_that_are_not_known_are_no_mistake(tmp_path: Path) -> None:
    """`*` stands for them, in both of two sum keys."""
    keys = [detail(f"S{at}", "") | {"role": "sum_key", "members": f"A{at} *"} for at in (1, 2)]
    folder = source([CASES], [detail("A1"), detail("A2"), *keys]).write_mapping(tmp_path)
    assert [row.members for row in load_mapping(folder).codes[2:]] == [("A1", "*"), ("A2", "*")]


def test_an_unknown_form(tmp_path: Path) -> None:
    folder = source([CASES], [detail("A1", form="OTHR")]).write_mapping(tmp_path)
    [finding] = mistakes(folder)
    assert (finding.row, finding.message) == (2, "there is no form OTHR")
    assert "OTHER" in finding.suggestion


def test_a_missing_table(tmp_path: Path) -> None:
    folder = copied(tmp_path, GLOTIP)
    changed(folder, YAML, "table: territory_names", "table: territory_nams")
    [finding] = mistakes(folder)
    assert finding.file == str(folder / "territory_nams.csv")


@pytest.mark.parametrize("file", [YAML, CODES])
def test_a_missing_file(tmp_path: Path, file: str) -> None:
    folder = copied(tmp_path, SERIES)
    (folder / file).unlink()
    [finding] = mistakes(folder)
    assert (finding.rule, finding.file) == ("mapping-unreadable", str(folder / file))


def test_codes_in_another_encoding(tmp_path: Path) -> None:
    folder = copied(tmp_path, SERIES)
    text = (folder / CODES).read_text(encoding="utf-8")
    (folder / CODES).write_bytes(text.encode("latin-1", errors="replace"))
    [finding] = mistakes(folder)
    assert (finding.rule, finding.file) == ("mapping-unreadable", str(folder / CODES))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda text: text.replace(",", ";").encode("utf-8-sig"), "separated by `;`, and not by commas"),
        (lambda text: text.encode("utf-16"), "is encoded as UTF-16"),
        (lambda text: text[:0].encode(), "is empty: expected a header (code, label, role ...)"),
        (lambda text: text.splitlines()[0].encode(), "has a header and no row below it"),
    ],
)
def test_codes_as_a_spreadsheet_may_save_them(
    tmp_path: Path, make: Callable[[str], bytes], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied(tmp_path, SERIES)
    (folder / CODES).write_bytes(make((folder / CODES).read_text(encoding="utf-8")))
    [finding] = mistakes(folder)
    assert (finding.rule, finding.file) == ("mapping-unreadable", str(folder / CODES))
    assert message in finding.message
    assert finding.suggestion
    assert main(["mappings", SERIES, "--mappings", str(tmp_path)]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text\n", ""])
def test_no_mapping_at_all(tmp_path: Path, text: str) -> None:
    folder = copied(tmp_path, SERIES)
    (folder / YAML).write_text(text)
    [finding] = mistakes(folder)
    assert "is not a mapping of keys to values" in finding.message


@pytest.mark.parametrize(("name", "folder"), list(mapping_folders()), ids=[name for name, _ in mapping_folders()])
def test_what_ships_has_no_mistake(name: str, folder: Path) -> None:
    assert load_mapping(folder).id == name


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (detail("A1", "SOM SOM"), "`offences` names an offence twice"),
        (detail("A1", "SOM SOM_AGG", relation="exact"), "`exact` to one common offence at most"),
        (detail("A1", "SOM FTD", relation="broader"), "which are never added to each other"),
        (detail("A1", "SOM IRR_ENTRY"), "which are never added to each other"),
        (detail("A1", "SOM SOM_AGG", relation="broader"), ""),
        (detail("A1", "TIP SOM", relation="broader", status="W"), ""),
    ],
)
def test_what_a_category_counts_towards(tmp_path: Path, code: dict[str, str], message: str) -> None:
    folder = source([CASES], [code]).write_mapping(tmp_path)
    if message:
        [found] = mistakes(folder)
        assert message in found.message
        assert (found.file, found.row) == (str(folder / CODES), 2)
    else:
        load_mapping(folder)


@pytest.mark.parametrize(
    ("indicator", "unit", "units"),
    [("PERSONS_SUSPECTED", "offence", "person"), ("OFFENCES_RECORDED", "person", "offence"), ("", "", "")],
)
def test_the_unit_is_one_of_the_indicator(tmp_path: Path, indicator: str, unit: str, units: str) -> None:
    counted = {"indicator": indicator, "unit": unit} if indicator else CASES["measure"]
    folder = source([{**CASES, "measure": counted}], [detail("A1")]).write_mapping(tmp_path)
    if indicator:
        [found] = mistakes(folder)
        assert f"{indicator} is not counted in the unit {unit}" in found.message
        assert found.suggestion == units
    else:
        load_mapping(folder)


def test_what_has_a_line_is_not_counted_elsewhere(tmp_path: Path) -> None:
    elsewhere = {
        "offence": "SOM", "indicator": "OFFENCES_RECORDED", "unit": "case",
        "included_in": "others", "reason": "no line", "first_year": 2018,
    }  # fmt: skip
    code = detail("A1", valid_to="2017")
    load_mapping(source([CASES], [code], not_published=[elsewhere]).write_mapping(tmp_path / "before"))
    code = detail("A1", valid_to="2018")
    [found] = mistakes(source([CASES], [code], not_published=[elsewhere]).write_mapping(tmp_path / "both"))
    assert "`not_published` says that SOM has no line of its own, and codes.csv has one: A1" in found.message


def test_months_have_numbers(tmp_path: Path) -> None:
    period = {"from": "year", "pattern": "(?P<year>.{4})(?P<month>.+)", "kind": "month", "months": {"Feb": 13}}
    [found] = mistakes(source([CASES], [detail("A1")], period=period).write_mapping(tmp_path))
    assert "expected 12 or less, found '13'" in found.message


@pytest.mark.parametrize(("stated", "is_added"), [({}, False), ({"add_over_codes": True}, True)])
def test_persons_are_added_over_codes_only_where_the_mapping_says_so(
    tmp_path: Path, stated: dict[str, bool], is_added: bool
) -> None:
    """One person may be counted under two codes (PKS: echte Tatverdaechtigenzaehlung)."""
    values = {"header": "Persons", "measure": {"indicator": "PERSONS_SUSPECTED", "unit": "person", **stated}}
    world = source([values], [detail("A1"), detail("A2")])
    world.rows = [["0", "A1", "2018", "5"], ["1", "A2", "2018", "3"]]
    world.write_mapping(tmp_path)
    [row] = run([world.write_file(tmp_path / "f.csv")], mapping="tst/src", mappings=tmp_path).table.to_dicts()
    assert (row["value"], row["lower"], row["upper"]) == ((8, 8, 8) if is_added else (None, 5, 8))
    assert ("L" in row["obs_status"]) is not is_added
