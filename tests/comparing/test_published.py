"""What countries publish: the table, and the section of the country pages."""

from __future__ import annotations

from functools import cache

import pytest

import harmonize as hz
from harmonize.checking.statistics import every_statistics
from harmonize.comparing.pages import pages

UNVERIFIED = "**(unverified)**"


@cache
def written() -> dict[str, str]:
    return dict(pages())


def test_one_row_per_publication_and_per_thing_missing() -> None:
    frame = hz.published()
    said = [
        (area, pillar)
        for area, one in every_statistics().items()
        for publication in one.publications
        for pillar in publication.pillars
    ]
    lacking = [area for area, one in every_statistics().items() for lacks in one.missing.values() for _ in lacks]
    assert len(frame) == len(said) + len(lacking)
    assert set(frame["pillar"]) == {"SOM", "TIP", "FTD"}
    assert set(frame["fit"]) == {"own_line", "shared_line", "no_line", "missing"}
    assert not frame.drop(columns=["first_year", "last_year"]).isna().any().any()


def test_what_three_countries_say() -> None:
    frame = hz.published(["DEU", "JPN", "AUS"])
    germany = frame[(frame["area"] == "DEU") & (frame["pillar"] == "SOM")]
    cases = germany[germany["indicators"].str.contains("OFFENCES_RECORDED")]
    assert cases["read_by"].tolist() == ["deu/pks_time_series deu/pks_grundtabelle"]
    assert cases["input_or_output"].tolist() == ["output"]
    assert cases["first_year"].tolist() == [1987]
    (japan,) = frame[(frame["area"] == "JPN") & (frame["pillar"] == "TIP")].to_dict("records")
    assert japan["read_by"] == ""
    assert "not read: the figures stand in texts" in japan["note"]
    assert set(frame[frame["area"] == "AUS"]["fit"]) == {"missing"}


def test_background_knowledge_keeps_its_mark() -> None:
    frame = hz.published(["GBR"])
    court = frame[frame["publisher"] == "Ministry of Justice"]
    assert set(court["evidence"]) == {"unverified"}
    police = frame[frame["publication"].str.startswith("Police recorded crime")]
    assert set(police["unverified"]) == {"attempts_included"}


def test_an_area_of_which_nothing_is_written_down() -> None:
    with pytest.raises(hz.Problem, match="nothing is written down of what DUE publishes") as caught:
        hz.published(["DUE"])
    assert "DEU" in caught.value.findings[0].suggestion


def test_every_statement_stands_on_the_page_of_its_country() -> None:
    for area, statistics in every_statistics().items():
        page = written()[f"countries/{area}.md"]
        for one in statistics.publications:
            (line,) = (line for line in page.splitlines() if line.startswith(f"| {one.title} ({one.publisher})"))
            marks = 1 if one.evidence == "unverified" else len(one.unverified)
            assert line.count(UNVERIFIED) == marks, (area, one.id)
            for answer in one.pillars.values():
                assert answer.categories.replace("|", "\\|") in page
        for lacks in statistics.missing.values():
            for lack in lacks:
                mark = f" {UNVERIFIED}" if lack.evidence == "unverified" else ""
                assert f"- {lack.what}: {lack.why}{mark}." in page


def test_a_country_without_law_has_a_page() -> None:
    assert "Its law was not read." in written()["countries/KOR.md"]
    assert "[KOR](countries/KOR.md)" in written()["law.md"]
