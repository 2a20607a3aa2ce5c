"""Sweden: a table without header, a total beside its purposes, labels cut at 80 characters."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Built

from .changed import built_from, copied, replaced, stops
from .raw import csv_rows, pick, statuses

MAPPING = "swe/bra_handled_offences"
Paths = Callable[[str], list[Path]]


@pytest.fixture(scope="module")
def obs(built: Built) -> pd.DataFrame:
    return built(MAPPING).observations


@pytest.fixture(scope="module")
def handled(paths: Paths) -> dict[tuple[str, str], int]:
    """Handled offences by statute (its first words) and type (its first words)."""
    rows = [row for _, row in csv_rows(paths(MAPPING)[0], "utf-8", "\t")]
    figures = {(row[0].strip(), " ".join(row[1].split())): row[2].replace(" ", "").replace("-", "0") for row in rows}
    return {key: int(figure) for key, figure in figures.items()}


def of(handled: dict[tuple[str, str], int], statute: str, kind: str = "") -> int:
    """The one row whose statute and type begin so."""
    (figure,) = (n for (one, other), n in handled.items() if one.startswith(statute) and other.startswith(kind))
    return figure


def test_every_figure(obs: pd.DataFrame, handled: dict[tuple[str, str], int]) -> None:
    entry = of(handled, "UtlL 20 kap. 8 §") + of(handled, "UtlL 20 kap. 9 §")
    stay = of(handled, "UtlL 20 kap. 7 §")
    trafficking = {name: handled["4 kap. 1 a § BrB Människohandel", name] for name in (
        "Människohandel, totalt", "För sexuella ändamål", "För tvångsarbete", "För organhandel", "För tiggeri",
        "För krigstjänst", "För övriga ändamål",
    )}  # fmt: skip
    total, sexual, labour, organ, *other = trafficking.values()
    misuse = of(handled, "15 kap. 11, 12 §", "Missbruk")
    expected = {
        "SOM": [entry + stay], "SOM_ENTRY": [entry], "SOM_STAY": [stay], "TIP": [total], "TIP_SEX": [sexual],
        "TIP_LABOUR": [labour], "TIP_ORGAN": [organ], "TIP_OTHER": [sum(other)], "FTD_USE": [misuse],
        "FTD": [of(handled, "14 kap. 1-4", "Handling som") + misuse, of(handled, "14 kap. 1-4", "Övrig legitimation")],
        "IRR_STAY": [of(handled, "UtlL 20 kap. 2 §")], "SLAVERY_EXPLOIT": [of(handled, "4 kap. 1 b §", "Människoexp")],
    }  # fmt: skip
    found = {offence: sorted(rows["value"], reverse=True) for offence, rows in obs.groupby("offence")}
    assert found == expected
    assert (entry, stay, total, misuse) == (147, 7, 239, 549)
    assert set(obs["indicator"]) == {"OFFENCES_RECORDED"}


def test_parts_make_the_publishers_own_totals(handled: dict[tuple[str, str], int]) -> None:
    """Why a dash is nil, and why the total and its purposes are never added."""
    act = [n for (statute, _), n in handled.items() if statute.startswith("UtlL 20 kap.")]
    assert sum(act) == of(handled, "Utlänningslag (2005:716)") == 1_333
    purposes = [n for (statute, kind), n in handled.items() if "1 a § BrB" in statute and kind.startswith("För ")]
    assert (
        sum(n for (s, k), n in handled.items() if "1 a § BrB" in s and k.startswith("För ") and " med " not in k) == 239
    )
    assert sum(purposes) == 2 * 239
    papers = [of(handled, "14 kap. 1-4", kind) for kind in ("Handling som", "Övrig legitimation", "Legitimation")]
    assert papers[0] + papers[1] == papers[2] == 915


def test_other_years_by_their_name(paths: Paths, tmp_path: Path) -> None:
    shutil.copy(paths(MAPPING)[0], tmp_path / "bra_handlagda_brott_2018.tsv")
    obs = built_from(tmp_path / "bra_handlagda_brott_2018.tsv")
    assert set(obs["time_period"]) == {"2018"}
    assert "B" in statuses(pick(obs, offence="TIP"))["2018"]
    shutil.copy(paths(MAPPING)[0], tmp_path / "brott.tsv")
    stops(tmp_path / "brott.tsv", "period-format", "brott.tsv")


@pytest.mark.parametrize(
    ("old", "new", "rule", "word"),
    [
        ("Människosmuggling\tMänniskosmuggling", "Människosmuggling\tGrov människosmuggling", "unknown-code", "Grov"),
        ("\tFör tiggeri\t", "\tFör aktivt tiggeri\t", "unknown-code", "aktivt"),
        ("SAMTLIGA BROTT\tSAMTLIGA", "Lagrum\tSAMTLIGA", "(edition|file)-unknown", ""),
        ("\t 136 \t", "\t 1 36 \t", "number-format", "1 36"),
        ("\t 136 \t", "\t.. \t", "number-format", ".."),
        ("\t 24 \t 21 ", "\t 24 \t 21 \t 7", "row-ragged", ""),
    ],
)
def test_what_is_not_known_stops(paths: Paths, tmp_path: Path, old: str, new: str, rule: str, word: str) -> None:
    stops(copied(paths(MAPPING)[0], tmp_path, replaced(old, new)), rule, word)


@pytest.mark.parametrize(("one", "other"), [(2, 3), (2, 4)])
def test_columns_that_changed_their_places_are_refused(paths: Paths, tmp_path: Path, one: int, other: int) -> None:
    """Without a header only the publisher's own sum tells them apart: handled are investigated and dismissed ones."""

    def exchanged(text: str) -> str:
        rows = [line.split("\t") for line in text.splitlines()]
        for row in rows:
            row[one], row[other] = row[other], row[one]
        return "".join("\t".join(row) + "\n" for row in rows)

    copy = copied(paths(MAPPING)[0], tmp_path, exchanged)
    stops(copy, "row-sum-differs", "is not utredda + direktavskrivna (", "which the publisher adds up")
