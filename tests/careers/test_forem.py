"""Rows of Le Forem's dataset become offers: words, places, dates, kinds and ages."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from careers.sources import forem_rows, forem_words
from careers.sources.forem import ORIGIN
from careers.sources.sample import sample_vacancies

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "forem" / "samples" / "odwb_records_samples.json"
NOMENCLATURES = SAMPLES.parents[1] / "nomenclatures"
TODAY = date(2026, 10, 10)
SERAING = (50.5962, 5.5049)


def row(number: object, **changes: object) -> dict[str, object]:
    """A row with the shape of the dataset; the values are made up."""
    return {
        "numerooffreforem": number,
        "titreoffre": "Infirmier / Infirmière (H/F/X)",
        "nomemployeur": "EXEMPLE - EXEMPLE",
        "lieuxtravaillocalite": ["SERAING"],
        "lieuxtravailcodepostal": ["4100"],
        "lieuxtravailregionnuts": ["BE", "BE33"],
        "lieuxtravailgeo": [{"lon": 5.5, "lat": 50.58}],
        "typecontrat": "Durée indéterminée",
        "regimetravail": "Temps plein",
        "niveauxetudes": ["Baccalauréat universitaire ou équivalent"],
        "langues": ["Français"],
        "experiencerequise": None,
        "permisdeconduire": ["B"],
        "metier": "Infirmier / Infirmière",
        "metiercodedimeco": "J150601-1",
        "url": f"https://www.leforem.be/recherche-offres/offre-detail/{number}",
        "datedebutdiffusion": "2026-10-01",
        "datefindiffusion": "2026-11-01",
        **changes,
    }


def test_a_row_becomes_an_offer():
    offer = forem_rows.parse_record(row(12), seen=TODAY)

    assert (offer.id, offer.title, offer.employer) == ("forem-12", "Infirmier / Infirmière", "EXEMPLE")
    assert (offer.locality, offer.postcode) == ("Seraing", "4100")
    assert (offer.latitude, offer.longitude) == (50.58, 5.5)
    assert (offer.contract, offer.regime, offer.levels) == (
        "CDI (durée indéterminée)",
        "Temps plein",
        ("Bachelier",),
    )
    assert offer.permits == ("B",)
    assert offer.source.licence == "CC BY-SA 4.0"
    assert ORIGIN.notice == "Source : Le Forem, Open Data, CC BY-SA 4.0"
    assert not offer.sample


@pytest.mark.parametrize("number", ["2087373", 2087373, 2087373.0, ["2087373"], " 2087373 "])
def test_a_number_may_be_a_text_or_a_number(number: object):
    assert forem_rows.parse_record(row(number)).id == "forem-2087373"


@pytest.mark.parametrize("number", [None, "", True, {"a": 1}, "../../etc", "a b", "9" * 41])
def test_what_is_no_number_is_none(number: object):
    with pytest.raises(ValueError, match="sans numéro"):
        forem_rows.parse_record(row(number))


def test_what_a_database_or_a_page_could_stumble_on_is_taken_out():
    offer = forem_rows.parse_record(
        row(
            1,
            titreoffre="Sou\x00deur \u202efils\u200b (H/F/X)",
            metiercodedimeco="M180501-1" * 9,
            url="https://ailleurs.example/offre-detail/1",
        )
    )

    assert offer.title == "Sou deur fils"
    assert offer.dimeco == "J150601-1"  # of its label
    assert offer.url == forem_rows.OFFER_PAGE + "1"


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("Data Engineer Health Sector (H/F/X)", "Data Engineer Health Sector"),
        ("Vendeur M/F/X", "Vendeur"),
        ("Infirmier - h/f", "Infirmier"),
        ("Domain Architect /x) (H/F/X)", "Domain Architect"),
        ("Chef / Cheffe de rang (m/v/x)", "Chef / Cheffe de rang"),
        ("Ouvrier F/H/X - Liège", "Ouvrier - Liège"),
        ("Magasinier (hfx)", "Magasinier"),
        ("Soudeur H / F / X", "Soudeur"),
        ("Boulanger [M-F-X]", "Boulanger"),
        ("(H/F) Aide-comptable", "Aide-comptable"),
        ("TECHNICIEN - TECHNICIENNE DE SURFACE (H/F/X)", "Technicien - technicienne de surface"),
        ("TECHNICIEN IT ET RH EN CNC", "Technicien IT et RH en CNC"),
        ("CHAUFFEUR CE", "Chauffeur CE"),
        ("VENDEUR B2B (H/F/X)", "Vendeur B2B"),
        ("Développeur C/C++ (M/F/D)", "Développeur C/C++"),
        ("Assistant RH", "Assistant RH"),
        ("Chauffeur D/E", "Chauffeur D/E"),
        ("Technicien HVAC (F/M/X) – Namur", "Technicien HVAC – Namur"),
    ],
)
def test_gender_suffixes_are_stripped(given: str, title: str):
    assert forem_rows.parse_record(row(1, titreoffre=given)).title == title


@pytest.mark.parametrize(
    ("changes", "kind", "ages_from"),
    [
        ({"typecontrat": "Etudiant"}, "student", 15),
        ({"typecontrat": "Étudiant"}, "student", 15),
        ({"typecontrat": "Intérimaire", "titreoffre": "Job étudiant : réassort (H/F/X)"}, "student", 15),
        ({"titreoffre": "Coach pour étudiants (H/F/X)"}, "job", 18),
        ({"typecontrat": "Contrat d'apprentissage"}, "apprenticeship", 15),
        ({"typecontrat": "Contrat d’apprentissage"}, "apprenticeship", 15),
        ({"typecontrat": "Stage rémunéré"}, "apprenticeship", 15),
        ({"typecontrat": "Flexi-Jobs"}, "flexi", 18),
        ({"typecontrat": "Flexi-jobs"}, "flexi", 18),
        ({"niveauxetudes": ["Enseignement secondaire (deuxième cycle)"]}, "first_job", 18),
        ({"niveauxetudes": ["Primaire"], "experiencerequise": "Maçon"}, "job", 18),
        ({"niveauxetudes": []}, "job", 18),
        ({}, "job", 18),
    ],
)
def test_offers_are_told_apart_and_say_from_what_age(changes: dict[str, object], kind: str, ages_from: int):
    offer = forem_rows.parse_record(row(1, **changes))

    assert (offer.kind, offer.ages_from) == (kind, ages_from)
    assert offer.later_for(14)
    assert offer.later_for(16) is (kind not in ("student", "apprenticeship"))


def test_capitals_and_cases_of_the_vocabularies_do_not_matter():
    for written in ("Durée indéterminée", "Durée Indéterminée", "DURÉE INDÉTERMINÉE"):
        assert forem_rows.parse_record(row(1, typecontrat=written)).contract == "CDI (durée indéterminée)"


def test_an_unknown_value_is_kept_and_counted():
    unknown: Counter[str] = Counter()
    for number in range(3):
        offer = forem_rows.parse_record(
            row(number, typecontrat="Contrat lunaire", regimetravail="Temps rêvé", niveauxetudes=["Sagesse"]),
            unknown=unknown,
        )

    assert (offer.contract, offer.regime, offer.levels) == ("Contrat lunaire", "Temps rêvé", ("Sagesse",))
    assert unknown == {
        "typecontrat : Contrat lunaire": 3,
        "regimetravail : Temps rêvé": 3,
        "niveauxetudes : Sagesse": 3,
    }


@pytest.mark.parametrize(
    ("changes", "locality", "postcode", "place"),
    [
        ({"lieuxtravailgeo": []}, "Seraing", "4100", SERAING),
        ({"lieuxtravailgeo": None}, "Seraing", "4100", SERAING),
        ({"lieuxtravailgeo": [{"lon": 0, "lat": 0}]}, "Seraing", "4100", SERAING),
        ({"lieuxtravailgeo": [{"lon": 50.58, "lat": 5.5}]}, "Seraing", "4100", SERAING),  # swapped
        ({"lieuxtravailgeo": [{"lon": 2.7, "lat": 51.5}]}, "Seraing", "4100", SERAING),  # in the sea
        ({"lieuxtravailgeo": [{"lon": "x", "lat": None}]}, "Seraing", "4100", SERAING),
        ({"lieuxtravailgeo": {"lon": 5.5, "lat": 50.58}}, "Seraing", "4100", (50.58, 5.5)),
        (
            {"lieuxtravailgeo": [{"lon": 4.35, "lat": 50.85}, {"lon": 5.51, "lat": 50.6}]},
            "Seraing",
            "4100",
            (50.6, 5.51),  # the one that is near its postcode
        ),
        (
            {"lieuxtravailcodepostal": None, "lieuxtravailgeo": []},
            "Seraing",
            "4100",
            SERAING,
        ),
        (
            {
                "lieuxtravaillocalite": ["ANTWERPEN"],
                "lieuxtravailcodepostal": ["2000"],
                "lieuxtravailgeo": [],
            },
            "Antwerpen",
            "2000",
            None,
        ),
        (
            {
                "lieuxtravaillocalite": ["KNOKKE-HEIST"],
                "lieuxtravailcodepostal": ["8300"],
                "lieuxtravailgeo": [{"lon": 3.0, "lat": 51.45}],
            },
            "Knokke-Heist",
            "8300",
            None,  # off the coast, and no place of ours to stand in
        ),
        (
            {
                "lieuxtravaillocalite": ["LUXEMBOURG"],
                "lieuxtravailcodepostal": None,
                "lieuxtravailregionnuts": ["LU"],
                "lieuxtravailgeo": [{"lon": 6.13, "lat": 49.61}],
            },
            "Luxembourg",
            "",
            (49.61, 6.13),
        ),
    ],
)
def test_where_an_offer_is(
    changes: dict[str, object], locality: str, postcode: str, place: tuple[float, float] | None
):
    offer = forem_rows.parse_record(row(1, **changes))

    assert (offer.locality, offer.postcode) == (locality, postcode)
    if place is None:
        assert (offer.latitude, offer.longitude) == (None, None)
    else:
        assert (offer.latitude, offer.longitude) == pytest.approx(place, abs=0.02)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("LIÈGE", "Liège"),
        ("SAINT-GILLES", "Saint-Gilles"),
        ("LA HULPE", "La Hulpe"),
        ("Hannut", "Hannut"),
        ("'S-GRAVENVOEREN", "'S-Gravenvoeren"),
        ("VILLERS-SUR-LESSE", "Villers-sur-Lesse"),
        ("MARCHE-EN-FAMENNE", "Marche-en-Famenne"),
    ],
)
def test_towns_in_capitals_are_written_properly(given: str, written: str):
    offer = forem_rows.parse_record(row(1, lieuxtravaillocalite=[given], lieuxtravailcodepostal=None))

    assert offer.locality == written


@pytest.mark.parametrize(
    ("begins", "ends", "published", "closes"),
    [
        ("2026-10-05", None, date(2026, 10, 5), date(2026, 11, 4)),
        ("2026-10-05", "9999-12-31", date(2026, 10, 5), date(2026, 11, 4)),
        ("9999-01-01", "2026-10-20", None, date(2026, 10, 20)),
        ("1900-01-01", "2026-10-20", None, date(2026, 10, 20)),
        ("pas une date", "2026-13-45", None, date(2026, 11, 9)),
        ("2026-10-05T00:00:00+00:00", "2026-10-31", date(2026, 10, 5), date(2026, 10, 31)),
    ],
)
def test_dates_that_nobody_means_are_left_out(
    begins: object, ends: object, published: date | None, closes: date
):
    offer = forem_rows.parse(row(1, datedebutdiffusion=begins, datefindiffusion=ends), TODAY, Counter())

    assert (offer.published, offer.closes) == (published, closes)


def test_everything_may_be_null_but_number_and_title():
    bare = dict.fromkeys(forem_rows.FIELDS) | {"numerooffreforem": 7, "titreoffre": "Soudeur"}
    offer = forem_rows.parse_record(bare)

    assert offer.url.endswith("/7")
    assert (offer.levels, offer.languages, offer.locality, offer.closes) == ((), (), "", None)
    for name in ("numerooffreforem", "titreoffre"):
        with pytest.raises(ValueError, match="sans numéro ou sans titre"):
            forem_rows.parse_record(bare | {name: None})


def test_a_label_alone_gives_its_code():
    assert forem_rows.parse_record(row(1, metiercodedimeco=None)).dimeco == "J150601-1"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("AURO CLIC - AURO CLIC", "AURO CLIC"),
        ("A - B - A - B", "A - B"),
        ("Smals", "Smals"),
        ("DaJobs - Daoust", "DaJobs - Daoust"),
        ("", ""),
    ],
)
def test_an_employer_is_named_once(given: str, name: str):
    assert forem_words.employer(given) == name


def test_sample_offers_are_marked_and_follow_the_day():
    offers = sample_vacancies(TODAY)

    assert len(offers) >= 60
    assert all(offer.sample and "Exemple" in offer.employer and not offer.url for offer in offers)
    assert all(offer.occupation and offer.latitude for offer in offers)
    assert all(
        offer.published and offer.closes and offer.published <= TODAY < offer.closes for offer in offers
    )
    assert {offer.kind for offer in offers} == {"student", "apprenticeship", "first_job", "job"}
    assert len({offer.dimeco[0] for offer in offers}) >= 9
    assert all(offer.ages_from == forem_words.AGES[offer.kind] for offer in offers)


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="the study material is not beside the project")
def test_real_samples_are_imported():
    raws = json.loads(SAMPLES.read_text("utf-8"))["results"]
    offers = {offer.id: offer for offer in (forem_rows.parse_record(raw) for raw in raws)}

    assert set(offers) == {"forem-1887153", "forem-2030588", "forem-2087373", "forem-0"}
    assert offers["forem-1887153"].locality == "Saint-Gilles"
    assert offers["forem-2030588"].languages == ("Néerlandais", "Anglais", "Français")
    assert offers["forem-2087373"].latitude == pytest.approx(50.85, abs=0.02)  # from its postcode


@pytest.mark.shared
@pytest.mark.skipif(not NOMENCLATURES.exists(), reason="the study material is not beside the project")
@pytest.mark.parametrize(
    ("name", "field"), [("contrattravail", "typecontrat"), ("niveauetude", "niveauxetudes")]
)
def test_the_official_vocabularies_are_all_known(name: str, field: str):
    values = json.loads((NOMENCLATURES / f"{name}.json").read_text("utf-8"))["values"]
    unknown: Counter[str] = Counter()
    for value in values:
        forem_rows.parse_record(row(1, **{field: value["description"]}), unknown=unknown)

    assert not unknown
