"""Looks at settings, keys, database, pages and catalogue, and says in plain words what is wrong and how to mend it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot import bootstrap
from bot.application import catalogues, planning
from bot.application.clock import Clock
from bot.application.offers_state import State
from bot.channels import push_key
from bot.cli.checking_offers import looks as offers_looks
from bot.cli.checking_team import TeamState
from bot.cli.checking_team import looks as team_looks
from bot.cli.say import STORAGE, say
from bot.settings import Settings, SettingsError, load
from careers import catalogue, reference
from careers.catalogue import Catalogue
from careers.problems import problems as problems_of
from dialogues import library
from dialogues.library import LibraryError
from storage import meta
from storage.errors import StorageError

OK, LOOK, BAD = "bien", "à voir", "à réparer"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    state: str
    text: str


def run() -> int:
    """Print every finding; 1 when something must be mended."""
    try:
        settings = load()
    except SettingsError as error:
        for problem in error.problems:
            say(f"[{BAD}] {problem}")
        return 1
    findings = [finding for look in LOOKS for finding in look(settings)]
    for finding in findings:
        say(f"[{finding.state}] {finding.text}")
    bad = sum(finding.state == BAD for finding in findings)
    say("Tout est prêt." if not bad else f"{bad} chose(s) à réparer avant d’ouvrir.")
    return 1 if bad else 0


def _settings(settings: Settings) -> Iterator[Finding]:
    yield Finding(OK, f"Réglages lus. Données dans {settings.data_dir}.")
    if not settings.centre_contact:
        yield Finding(
            LOOK, "BOUSSOLE_CENTRE_CONTACT est vide : le mot « humain » ne donnera que les numéros d’aide."
        )
    if settings.host not in ("127.0.0.1", "localhost", "::1") and not settings.secure:
        yield Finding(BAD, "Le site écoute au-dehors sans https : mettez BOUSSOLE_BASE_URL=https://…")


def _platforms(settings: Settings) -> Iterator[Finding]:
    """Which chat platforms are served, from which age; the tokens themselves are only tried by `serve`."""
    for name in settings.platforms():
        yield Finding(OK, f"{name.capitalize()} : jeton lu, à partir de {settings.min_age(name)} ans.")
    if not settings.platforms():
        yield Finding(LOOK, "Ni Telegram ni Discord : il n’y a pas de jeton. Le site suffit pour commencer.")
    if settings.telegram_token and settings.min_age_telegram < 18:  # noqa: PLR2004 -- the age in Telegram's terms for the European Union
        yield Finding(
            LOOK,
            "Telegram : ses conditions pour l’Union européenne peuvent demander 18 ans ; relisez-les avant de l’ouvrir.",
        )
    if settings.telegram_webhook_url and not settings.telegram_webhook_url.startswith("https://"):
        yield Finding(
            BAD, "L’adresse de dépôt de Telegram doit être en https (BOUSSOLE_TELEGRAM_WEBHOOK_URL)."
        )


def _signals(settings: Settings) -> Iterator[Finding]:
    """Whether browsers can be woken (Web Push)."""
    try:
        key = push_key.load(settings)
    except SettingsError as error:
        yield from (Finding(BAD, problem) for problem in error.problems)
        return
    if key is None:
        yield Finding(
            LOOK,
            "Pas de signes sur les appareils : « boussole keys push » les rend possibles (docs/rappels-web.md).",
        )
    elif not settings.secure and not settings.demo:
        yield Finding(LOOK, "La clé des signes est là, mais les navigateurs ne les permettent qu’en https.")
    else:
        yield Finding(OK, "Signes sur les appareils : clé lue, offerts à qui accepte les relances.")


def _keys_and_database(settings: Settings) -> Iterator[Finding]:
    try:
        database = bootstrap.open_database(settings, Clock(bootstrap.real_now))
    except SettingsError as error:
        yield from (Finding(BAD, problem) for problem in error.problems)
        return
    except StorageError as error:
        yield Finding(BAD, STORAGE.get(type(error).__name__, str(error)))
        return
    yield Finding(OK, "Clés de chiffrement lues.")
    try:
        if database.path is not None and not database.path.exists():
            yield _still_to_make(database.path)
            return
        database.check()
        with database.read() as uow:
            sample = meta.is_sample(uow)
        yield Finding(OK, "La base de données est à jour et ces clés l’ouvrent.")
        if sample:
            yield Finding(LOOK, "C’est la base de la démonstration : ses personnes sont inventées.")
    except StorageError as error:
        yield Finding(BAD, STORAGE.get(type(error).__name__, str(error)))
    finally:
        database.close()


def _still_to_make(path: Path) -> Finding:
    """Whether a database that is not there yet can be made there."""
    home = next(folder for folder in path.absolute().parents if folder.exists())
    if not home.is_dir() or not os.access(home, os.W_OK | os.X_OK):
        return Finding(
            BAD,
            f"La base de données ne peut pas être créée dans {path.parent} : {home} n’est pas un dossier où écrire. "
            "Vérifiez ses droits, ou changez BOUSSOLE_DATA_DIR.",
        )
    return Finding(
        LOOK, "La base de données n’existe pas encore : « boussole serve » ou « boussole migrate » la crée."
    )


def _pages(_settings: Settings) -> Iterator[Finding]:
    try:
        pages = library.load()
    except LibraryError as error:
        yield from (Finding(BAD, f"Page abîmée — {problem}") for problem in error.problems)
        return
    yield Finding(OK, f"{len(pages.pages)} pages de dialogue lues.")


def _with_corrections(settings: Settings) -> Catalogue:
    """The catalogue as staff left it, or as shipped while the database cannot be read (which is said elsewhere)."""
    try:
        database = bootstrap.open_database(settings, Clock(bootstrap.real_now))
        if database.path is None or database.path.exists():
            return catalogues.load(database).catalogue
    except (SettingsError, StorageError):
        pass
    return catalogue.load()


def _catalogue(settings: Settings) -> Iterator[Finding]:
    shipped = _with_corrections(settings)
    problems = problems_of(shipped, bootstrap.real_now().date())
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in errors:
        yield Finding(BAD, f"Catalogue, {problem.where} : {problem.message_fr}")
    if not errors:
        yield Finding(OK, f"{len(shipped.occupations)} métiers et {len(shipped.programmes)} programmes lus.")
    stale = len(problems) - len(errors)
    if stale:
        yield Finding(
            LOOK, f"{stale} point(s) du catalogue à revérifier : « boussole catalogue check » les montre."
        )


def _vocabularies(settings: Settings) -> Iterator[Finding]:
    """What was imported of ESCO, ROME and O*NET; the shipped catalogue works without."""
    try:
        found = reference.load_if_there(settings.data_dir / reference.FILE)
    except reference.UnusableIndexError as error:
        yield Finding(LOOK, f"{error} En attendant, le bot se sert de son seul catalogue.")
        return
    if found is not None:
        names = ", ".join(origin.name.upper() for origin in found.notices())
        yield Finding(OK, f"Vocabulaires importés le {found.made} : {names}, {len(found.entries)} métiers.")


def _offers(settings: Settings) -> Iterator[Finding]:
    try:
        database = bootstrap.open_database(settings, Clock(bootstrap.real_now))
        with database.read() as uow:
            state = State.read(uow)
        database.close()
    except (SettingsError, StorageError):
        return  # said elsewhere
    for well, said in offers_looks(state, bootstrap.real_now(), on=settings.forem != "off"):
        yield Finding(OK if well else LOOK, said)


def _team(settings: Settings) -> Iterator[Finding]:
    try:
        database = bootstrap.open_database(settings, Clock(bootstrap.real_now))
        if database.path is not None and not database.path.exists():
            return  # said elsewhere
        with database.read() as uow:
            state = TeamState.read(uow)
        database.close()
    except (SettingsError, StorageError):
        return  # said elsewhere
    for well, said in team_looks(state, settings):
        yield Finding(OK if well else LOOK, said)


def _calendar(settings: Settings) -> Iterator[Finding]:
    try:
        database = bootstrap.open_database(settings, Clock(bootstrap.real_now))
        with database.read() as uow:
            known = planning.holidays(uow).periods
    except (SettingsError, StorageError):
        known = ()  # said elsewhere
    if known:
        yield Finding(OK, f"{len(known)} période(s) de congé scolaire encodée(s).")
        return
    yield Finding(
        LOOK,
        "Aucun congé scolaire n’est encodé : chaque jour de semaine compte comme un jour d’école pour les rappels. "
        "« boussole holidays 2026-12-21:2027-01-03 » en ajoute un.",
    )


LOOKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _settings,
    _platforms,
    _signals,
    _keys_and_database,
    _pages,
    _catalogue,
    _vocabularies,
    _offers,
    _team,
    _calendar,
)
