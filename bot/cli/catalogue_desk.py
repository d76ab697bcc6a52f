"""What staff do with the catalogue: look at what is wrong, find a row, correct it, import a list, open themes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot import bootstrap
from bot.application import catalogues
from bot.application.catalogues import Held, RefusedError
from bot.application.clock import Clock
from bot.application.services import BRUSSELS
from bot.cli.say import fail, say
from bot.settings import SettingsError, load
from careers import catalogue as shipped_catalogue
from careers import shortages, text
from careers.because import name
from careers.model import DRIVES, Domain
from careers.overlay import Correction
from careers.problems import problems
from careers.shortages import ShortageError
from storage import corrections as kept
from storage.database import Database
from storage.errors import StorageError, Unreachable

SHOWN = 20  # problems of one kind shown before the rest are only counted
FOUND = 30  # rows found by words
KINDS = {
    "programme": "programmes",
    "etablissement": "institutions",
    "campus": "campuses",
    "cout": "costs",
    "metier": "occupations",
    "theme": "domains",
    "regle": "rules",
    "adresse": "pointers",
}
TODAY = ("aujourd'hui", "today")


def _database() -> Database:
    database = bootstrap.open_database(load(), Clock(bootstrap.real_now))
    if database.path is not None and not database.path.exists():
        raise Unreachable("there is no such file")  # looking would make an empty one
    database.check()
    return database


def _today() -> Any:
    return bootstrap.real_now().astimezone(BRUSSELS).date()


def held() -> Held:
    """The catalogue with what staff changed; without a database, the shipped one, and it says so."""
    try:
        return catalogues.load(_database())
    except (StorageError, SettingsError):
        say("Pas de base de données lisible : seul le catalogue livré est regardé.")
        return Held(shipped_catalogue.load(), "")


def check() -> int:
    """Every problem of the catalogue; 1 when one of them is an error."""
    found_in = held().catalogue
    found = problems(found_in, _today())
    seen: Counter[str] = Counter()
    for problem in found:
        seen[problem.code] += 1
        if seen[problem.code] <= SHOWN:
            say(f"{problem.where}: {problem.code} {problem.message_fr}")
    for code, count in seen.items():
        if count > SHOWN:
            say(f"… et {count - SHOWN} autres {code}")
    errors = [problem for problem in found if problem.severity == "error"]
    say(
        f"{len(found_in.occupations)} métiers, {len(found_in.programmes)} programmes, "
        f"{len(found_in.institutions)} établissements, {len(found_in.rules)} règles, {len(found_in.pointers)} adresses : "
        f"{len(errors)} erreur(s), {len(found) - len(errors)} point(s) à revoir "
        f"({seen['check']} à revérifier, {seen['stale']} trop vieux ou sans date)."
    )
    return 1 if errors else 0


# ---------------------------------------------------------------- one row


def _table(kind: str) -> str:
    wanted = text.fold(kind).rstrip("s")
    found = [table for said, table in KINDS.items() if wanted in (said.rstrip("s"), table.rstrip("s"))]
    if not found:
        fail(f"Sorte inconnue : « {kind} ». Il y a : {', '.join(KINDS)}.")
    return found[0]


def _rows() -> Iterator[tuple[str, str, str, Any]]:
    """Kind, id, title and item of every row that has a title."""
    known = held().catalogue
    yield from (("etablissement", one.id, one.name, one) for one in known.institutions.values())
    yield from (
        ("programme", one.id, f"{one.title} ({one.institution.name})", one)
        for one in known.programmes.values()
    )
    yield from (("metier", one.id, name(one), one) for one in known.occupations.values())
    yield from (("theme", one.id, one.label, one) for one in known.domains.values())
    yield from (("regle", one.id, one.title, one) for one in known.rules.values())
    yield from (("adresse", one.id, one.name, one) for one in known.pointers.values())


def show(words: str) -> None:
    """Rows by id or by words of their title; all the fields when there is only one."""
    rows = list(_rows())
    found = [row for row in rows if row[1] == words]
    wanted = text.fold(words).split()
    found = found or [row for row in rows if all(word in text.fold(f"{row[1]} {row[2]}") for word in wanted)]
    if not found:
        near = get_close_matches(words, [row[1] for row in rows], 3, 0.6)
        hint = f" Peut-être : {', '.join(near)}." if near else ""
        fail(f"Rien pour « {words} ».{hint}")
    for kind, row_id, title, _ in found[:FOUND]:
        say(f"{kind} {row_id} : {title}")
    if len(found) > FOUND:
        say(f"… et {len(found) - FOUND} autres : ajoutez un mot.")
    if len(found) == 1:
        _fields(found[0][3])


def _fields(item: Any) -> None:
    for field in fields(item):
        value = getattr(item, field.name)
        if field.name in ("id", "fixes") or value in ("", None, ()):
            continue
        if field.name == "source":
            value = f"{value.name} {value.url} (vu : {value.seen or 'date inconnue'}, confiance {value.confidence})"
        elif field.name == "ways":
            value = " | ".join(getattr(way, "text", way) for way in value)
        elif isinstance(value, tuple):
            value = " ; ".join(map(str, value))
        elif isinstance(value, Mapping):
            value = ", ".join(f"{key}={amount}" for key, amount in value.items())
        elif field.name == "institution":
            value = value.id
        say(f"  {field.name} = {value}")
    for fix in getattr(item, "fixes", ()):
        say(f"  corrigé : {fix.field}, le {fix.day:%d/%m/%Y} {fix.source}")


def correct(
    kind: str, row: str, changes: Sequence[str], *, author: str, why: str, source: str, new: bool
) -> None:
    """Keep corrections of one row or of several, all or none."""
    table = _table(kind)
    given = dict(_pair(change) for change in changes)
    rows = [one.strip() for one in row.split(",") if one.strip()]
    wanted = [Correction(table, one, given, _today(), source) for one in rows]
    _keep(wanted, author=author, why=why, new=new)


def _pair(change: str) -> tuple[str, str]:
    field, sign, value = change.partition("=")
    if not sign or not field.strip():
        fail(f"« {change} » : écrivez CHAMP=VALEUR.")
    value = value.strip()
    today = value.casefold().replace("’", "'") in TODAY
    return field.strip(), f"{_today():%Y-%m-%d}" if today and field.strip() == "seen" else value


def _keep(wanted: Sequence[Correction], *, author: str, why: str, new: bool = False) -> None:
    try:
        numbers = catalogues.correct(_database(), wanted, _today(), author=author, why=why, new=new)
    except RefusedError as error:
        fail("\n".join([*error.faults, "Rien n’a changé."]))
    for number, one in zip(numbers, wanted, strict=True):
        said = ", ".join(f"{field} = {value}" for field, value in one.changes.items())
        say(f"n° {number} : {one.table}/{one.id} : {said}")
    say("Le bot qui tourne le reprend dans les secondes qui suivent.")


def corrections() -> None:
    """Everything that was corrected, oldest first."""
    with _database().read() as uow:
        found = kept.everything(uow)
    for one in found:
        made = one.at.astimezone(BRUSSELS)
        said = ", ".join(f"{field} = {value}" for field, value in one.correction.changes.items())
        say(
            f"n° {one.number}, {made:%d/%m/%Y %H:%M}, {one.author} : {one.correction.table}/{one.correction.id} : {said}"
        )
        say(f"    {one.why} {one.correction.source}".rstrip())
        if one.undone_at is not None:
            say(f"    repris le {one.undone_at.astimezone(BRUSSELS):%d/%m/%Y} par {one.undone_by}")
    if not found:
        say("Rien n’a été corrigé. « boussole catalogue correct » corrige une ligne.")


def undo(number: int, *, author: str) -> None:
    """Take a correction back."""
    try:
        catalogues.undo(_database(), number, _today(), author=author)
    except LookupError:
        fail(f"La correction n° {number} n’existe pas, ou elle est déjà reprise.")
    except RefusedError as error:
        fail("\n".join([*error.faults, "Rien n’a changé."]))
    say(f"La correction n° {number} est reprise.")


# ---------------------------------------------------------------- lists and themes


def shortage(path: Path, *, skip_unknown: bool) -> None:
    """Put a yearly list in the place of that year's."""
    try:
        listed = shortages.read(path, skip_unknown=skip_unknown)
    except ShortageError as error:
        more = [f"… et {len(error.faults) - SHOWN} autres."] if len(error.faults) > SHOWN else []
        fail("\n".join([*error.faults[:SHOWN], *more, "Rien n’a changé : la liste d’avant reste."]))
    if listed.year > _today().year:
        fail(f"{path.name} : {listed.year} n’est pas encore là. Rien n’a changé : la liste d’avant reste.")
    before = catalogues.take_shortages(_database(), listed.year, listed.rows)
    for line in listed.unknown[:SHOWN]:
        say(f"laissé de côté — {line}")
    instead = f" à la place de {before}" if before else ""
    say(
        f"Liste {listed.year} : {len(listed.rows)} métiers{instead}, {len(listed.unknown)} ligne(s) laissée(s)."
    )
    say("Les cartes des métiers le disent, avec l’année et la source. Les propositions ne changent pas.")


def domains(act: str, themes: Sequence[str], *, author: str) -> None:
    """Show the themes, or say that some are open or closed."""
    if act in ("open", "close") and themes:
        said = {"open": "oui" if act == "open" else "non"}
        why = "Ouvert au centre" if act == "open" else "Fermé au centre"
        _keep([Correction("domains", one, said, _today()) for one in themes], author=author, why=why)
    elif act:
        fail("Écrivez : boussole catalogue domains open THÈMES, ou close THÈMES, ou rien pour voir la liste.")
    for domain in held().catalogue.domains.values():
        say(_theme(domain))


def _theme(domain: Domain) -> str:
    state = {True: "ouvert", False: "fermé", None: "à confirmer"}[domain.open]
    weights = " ".join(f"{drive}={domain.weights.get(drive, '?')}" for drive in DRIVES)
    return f"{domain.id:<18} {domain.label:<20} {state:<12} {weights}"
