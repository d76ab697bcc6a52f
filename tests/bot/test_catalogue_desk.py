"""What staff do with the catalogue, typed as they type it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

GAME = "hepl-transition-jeu-video-bac"
WHO = ("--by", "Inès", "--why", "Vu au salon")
LIST = "annee;code;intitule;type;source\n2025;M180501-1;;pénurie;https://www.leforem.be/liste\n"


def test_check_counts_what_is_old_and_finds_no_error(ready):
    said = ready("catalogue", "check")

    assert "0 erreur(s)" in said
    assert "à revérifier" in said
    assert "trop vieux ou sans date" in said
    assert "372 programmes" in said


def test_check_looks_at_the_shipped_catalogue_where_there_is_no_database(boussole, tmp_path):
    boussole("keys", "make")
    assert "seul le catalogue livré est regardé" in boussole("catalogue", "check")
    assert "boussole migrate" in boussole(
        "catalogue", "correct", "programme", GAME, "entry=x", *WHO, status=1
    )
    assert [path.name for path in tmp_path.rglob("*.db")] == []


def test_a_row_is_found_by_words_and_shown_with_its_fields(ready):
    assert f"programme {GAME} : Bachelier de transition en Jeu vidéo" in ready(
        "catalogue", "show", "jeu", "video"
    )
    said = ready("catalogue", "show", GAME)
    assert "entry = CESS (ou équivalent)" in said
    assert "institution = hepl" in said
    assert "confiance A" in said
    assert "Rien pour « zorglub »" in ready("catalogue", "show", "zorglub", status=1)


def test_a_correction_is_kept_listed_shown_and_taken_back(ready):
    ready(
        "catalogue",
        "correct",
        "programme",
        GAME,
        "entry=CESS et entretien",
        *WHO,
        "--source",
        "https://hepl.be/x",
    )

    assert "entry = CESS et entretien" in ready("catalogue", "show", GAME)
    listed = ready("catalogue", "corrections")
    assert f"Inès : programmes/{GAME} : entry = CESS et entretien" in listed
    assert "Vu au salon https://hepl.be/x" in listed
    ready("catalogue", "undo", "1", "--by", "Sam")
    assert "repris le" in ready("catalogue", "corrections")
    assert "entry = CESS (ou équivalent)" in ready("catalogue", "show", GAME)
    assert "déjà reprise" in ready("catalogue", "undo", "1", "--by", "Sam", status=1)


def test_several_rows_are_corrected_together_or_not_at_all(ready):
    other = "heaj-jeu-video-bac"
    ready("catalogue", "correct", "programmes", f"{GAME}, {other}", "seen=aujourd'hui", *WHO)
    for row in (GAME, other):
        assert "relu par l’équipe du centre" in ready("catalogue", "show", row)
    said = ready("catalogue", "correct", "programme", f"{GAME},nowhere", "entry=x", *WHO, status=1)
    assert "programmes/nowhere : cette ligne n’existe pas" in said
    assert said.endswith("Rien n’a changé.")
    assert "entry = x" not in ready("catalogue", "show", GAME)


@pytest.mark.parametrize("kind", ["programme", "Programmes", "PROGRAMME", "programmes"])
def test_kinds_are_said_as_people_say_them(ready, kind: str):
    ready("catalogue", "correct", kind, GAME, "entry=x", *WHO)
    assert "entry = x" in ready("catalogue", "show", GAME)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("licorne", GAME, "entry=x", *WHO),
            "Sorte inconnue : « licorne ». Il y a : programme, etablissement",
        ),
        (("programme", GAME, "entry", *WHO), "« entry » : écrivez CHAMP=VALEUR"),
        (("programme", GAME, "entree=x", *WHO), "champ inconnu : entree. Peut-être entry ?"),
        (("programme", GAME, "entry=x", *WHO, "--source", "au salon"), "n’est pas une adresse"),
        (("programme", GAME, "entry=x", "--by", "", "--why", "x"), "Dites qui corrige"),
        (("métier", "game_programmer", "prep_level=9", *WHO), "prep_level : de 1 à 5"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(ready, words: tuple[str, ...], said: str):
    assert said in ready("catalogue", "correct", *words, status=1)
    assert ready("catalogue", "corrections").startswith("Rien n’a été corrigé")


def test_who_and_why_must_be_given(ready):
    ready("catalogue", "correct", "programme", GAME, "entry=x", status=2)


def test_a_row_is_hidden_and_comes_back(ready):
    ready("catalogue", "correct", "etablissement", "helmo", "hidden=oui", *WHO)
    assert "48 établissements" in ready("catalogue", "check")
    ready("catalogue", "correct", "etablissement", "helmo", "hidden=non", *WHO)
    assert "49 établissements" in ready("catalogue", "check")


def test_the_general_check_looks_at_the_corrections_too(ready):
    assert "372 programmes lus" in ready("check")
    ready("catalogue", "correct", "programme", GAME, "hidden=oui", *WHO)
    assert "371 programmes lus" in ready("check")


def test_themes_are_to_confirm_until_somebody_says(ready):
    assert ready("catalogue", "domains").count("à confirmer") == 12
    assert "« à confirmer »" in ready("catalogue", "check")
    ready("catalogue", "domains", "open", "robotics", "music")
    said = ready("catalogue", "domains", "close", "drawing")
    assert (said.count(" ouvert "), said.count(" fermé "), said.count("à confirmer")) == (2, 1, 9)
    assert "« à confirmer »" not in ready("catalogue", "check")
    assert "domains/robotique : cette ligne n’existe pas" in ready(
        "catalogue", "domains", "open", "robotique", status=1
    )
    assert "Écrivez" in ready("catalogue", "domains", "ouvrir", "music", status=1)
    ready("catalogue", "correct", "theme", "robotics", "make=1", *WHO)
    assert "Robotique ouvert make=1" in ready("catalogue", "domains")
    assert "de 0 à 3" in ready("catalogue", "correct", "theme", "robotics", "make=4", *WHO, status=1)


def test_a_list_is_taken_and_a_broken_one_changes_nothing(ready, tmp_path):
    good, bad = tmp_path / "2025.csv", tmp_path / "faux.csv"
    good.write_text(LIST, "utf-8-sig")
    bad.write_text(LIST.replace("pénurie", "rare"), "utf-8")

    assert "Liste 2025 : 1 métiers, 0 ligne(s) laissée(s)." in ready("catalogue", "shortage", str(good))
    said = ready("catalogue", "shortage", str(bad), status=1)
    assert "faux.csv, ligne 2 : type « rare »" in said
    assert "la liste d’avant reste" in said
    assert "Liste 2025 : 1 métiers à la place de 1" in ready("catalogue", "shortage", str(good))
    early = tmp_path / "2099.csv"
    early.write_text(LIST.replace("2025", "2099"), "utf-8")
    assert "2099 n’est pas encore là" in ready("catalogue", "shortage", str(early), status=1)
    missing = ready("catalogue", "shortage", str(tmp_path / "rien.csv"), status=1)
    assert "rien.csv manque" in missing


# ---------------------------------------------------------------- links


@pytest.fixture
def site() -> Iterator[str]:
    """A site with one page that is there and one that is not."""

    class Pages(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.send_response({"/page": 200, "/old": 301}.get(self.path, 404))
            self.send_header("Location", "/page")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD = _answer  # noqa: N815 -- names of http.server

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_address[1]}"
    made.shutdown()
    made.server_close()
    thread.join()


def test_links_are_reported_by_institution_with_an_exit_status(ready, site: str):
    school = ("nouvelle", "name=École Neuve", "kind=haute_ecole", f"url={site}/old")
    ready("catalogue", "correct", "etablissement", *school, *WHO, "--new")
    asked = ("catalogue", "check", "--links", "--institution", "nouvelle", "--pause", "0")

    said = ready(*asked)
    assert f"{site}/old a changé d’adresse (200) mène à {site}/page etablissement nouvelle" in said
    assert "École Neuve : 0 bonnes, 1 déplacées" in said
    assert "0 adresse(s) à réparer sur 1." in said

    ready("catalogue", "correct", "etablissement", "nouvelle", f"url={site}/gone", *WHO)
    said = ready(*asked, status=1)
    assert f"{site}/gone n’existe plus (404) etablissement nouvelle" in said
    assert "École Neuve : 0 bonnes, 1 à réparer" in said

    ready("catalogue", "correct", "etablissement", "nouvelle", f"url={site}/page", *WHO)
    assert "École Neuve : 1 bonnes" in ready(*asked)
    assert "Aucun établissement n’a l’id" in ready(
        "catalogue", "check", "--links", "--institution", "x", status=1
    )
