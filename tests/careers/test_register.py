from datetime import date

import pytest

from careers import catalogue as catalogues
from careers import tables
from careers.catalogue import Catalogue
from careers.overlay import Correction
from careers.sources import register
from careers.sources.protocol import Origin
from tests.careers.conftest import TODAY


def test_every_table_that_is_shipped_has_a_source():
    claimed = {name for one in register.shipped() for name in one.tables}
    there = {path.name for path in tables.DATA.iterdir() if path.name != "SOURCES.md"}

    assert there <= claimed


def test_each_source_says_its_licence_what_it_is_for_and_what_it_lacks():
    shipped = [one for one in register.shipped() if one.here]

    assert len({one.id for one in register.shipped()}) == len(register.shipped())
    for one in shipped:
        assert one.licence, one.id
        assert one.notice, one.id
        assert one.used_for, one.id
        assert one.gaps, one.id
        assert one.seen is None or one.seen <= TODAY, one.id
    assert {"Données postales : GeoNames (CC BY 4.0)", "Source : Le Forem, Open Data, CC BY-SA 4.0"} <= {
        one.notice for one in shipped
    }


def test_what_is_not_imported_has_no_notice_and_what_is_has_the_one_of_its_files():
    before = {one.id: one for one in register.register()}
    origin = Origin("rome", "ROME 4.0", "LO 2.0", "https://rome.be", "Cité comme il faut.", date(2026, 9, 1))
    after = {one.id: one for one in register.register([origin])}

    for name in ("esco", "rome", "onet"):
        assert (before[name].here, before[name].notice) == (False, "")
        assert before[name].used_for
    assert (after["rome"].here, after["rome"].notice) == (True, "Cité comme il faut.")
    assert after["rome"].seen == date(2026, 9, 1)
    assert after["rome"].used_for == before["rome"].used_for
    assert not after["esco"].here


def test_an_import_that_nobody_foresaw_is_listed_too():
    origin = Origin("isco", "ISCO-08", "libre", "https://ilo.org", "Source : OIT.")

    assert register.register([origin])[-1].notice == "Source : OIT."


def test_ages_count_every_row_once(catalogue: Catalogue):
    found = {one.table: one for one in register.ages(catalogue, TODAY)}

    assert found["programmes"].total == 372
    assert found["occupations"].total == len(catalogue.occupations)
    assert (found["programmes"].fresh, found["programmes"].check) == (0, 287)
    taken = next(p.id for p in catalogue.programmes.values() if p.source.seen is None)
    laid = catalogues.load([Correction("programmes", taken, {"seen": "2026-11-20"}, TODAY)])
    again = register.ages(laid, TODAY)[0]
    assert (again.fresh, again.old) == (1, found["programmes"].old - 1)


@pytest.mark.parametrize(("today", "state"), [(date(2026, 2, 26), "fresh"), (date(2026, 2, 27), "check")])
def test_rows_age_on_the_day_that_the_thresholds_say(catalogue: Catalogue, today: date, state: str):
    crawled = sum(p.source.seen == date(2025, 2, 26) for p in catalogue.programmes.values())

    assert crawled > 280
    assert getattr(register.ages(catalogue, today)[0], state) >= crawled
