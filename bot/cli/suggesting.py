"""`boussole careers suggest`: what the matcher proposes for a profile in a file, and why, without anybody's account."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import orjson

from bot import bootstrap
from bot.application import recommendations
from bot.application.clock import Clock
from bot.application.recommendations import capital, said
from bot.cli import profile_file
from bot.cli.profile_file import ProfileError
from bot.cli.say import say
from bot.settings import load
from careers import catalogue as catalogues
from careers import explain, matcher, nearby, places, pointers, steps
from careers import reference as references
from careers.because import name
from careers.catalogue import Catalogue
from careers.linker import Linker, linker_of
from careers.model import Interests, Occupation, Place, Pointer, Suggestion, Vacancy
from careers.nearby import Find
from careers.refusals import Limits
from careers.sources.protocol import SourceError
from dialogues import library as libraries
from dialogues.library import Library
from storage import vacancies
from storage.errors import StorageError

SEED = "boussole"  # the same profile gives the same list
EACH = 3  # programmes and offers shown for an occupation
MOST = 50
_ROME = 5  # characters of a DIMECO code that name its ROME trade
_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one list is made from."""

    catalogue: Catalogue
    library: Library
    linker: Linker
    interests: Interests
    limits: Limits
    age: int | None
    today: date


def run(profile: Path, index: Path | None, top: int, why: str, *, as_json: bool) -> None:
    """Print the suggestions for a profile, or with `why` the rules behind one occupation."""
    asked = _asked(profile, index)
    if why:
        _explain(why, asked)
        return
    if not 1 <= top <= MOST:
        _refuse(f"--top : de 1 à {MOST}.")
    found = matcher.occupations(asked.interests, asked.catalogue, SEED, top, asked.linker)
    rows = list(_rows(found, asked))
    if as_json:
        sys.stdout.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        for number, row in enumerate(rows, start=1):
            _told(number, row)


def _refuse(text: str) -> NoReturn:
    """One sentence on standard error, and exit status 2: what was given cannot be used."""
    sys.stderr.write(text + "\n")
    raise SystemExit(2)


def _asked(path: Path, index: Path | None) -> _Asked:
    try:
        profile = profile_file.read(path)
        reference = (
            references.load(index) if index else references.load_if_there(load().data_dir / references.FILE)
        )
    except (ProfileError, SourceError) as error:
        _refuse(str(error))
    town = str(profile.get("town") or "").strip()
    place = places.find(town) if town else None
    if town and place is None:
        _refuse(
            f"{path} : « town » : je ne connais pas « {town[:60]} » ; écrivez une commune ou un code postal."
        )
    shipped, library = catalogues.load(), libraries.load()
    _tell_unknown(profile, shipped)
    known = recommendations.interests(
        profile, library, place=place, project=str(profile.get("project") or "")
    )
    age = profile.get("age", recommendations.age_from(profile.get("user.age_band")))
    limits, today = matcher.limits_of(known, shipped), bootstrap.real_now().date()
    words = linker_of(shipped, reference)
    return _Asked(shipped, library, words, known, limits, age, today)


def _tell_unknown(profile: Mapping[str, Any], shipped: Catalogue) -> None:
    """Occupations that this catalogue does not have are told and left aside: the profile may be an older one's."""
    for key in ("job.reactions", "job.seen"):
        strange = [one for one in profile.get(key) or () if one not in shipped.occupations]
        if strange:
            sys.stderr.write(f"« {key} » : métier inconnu, laissé de côté : {', '.join(strange[:5])}.\n")


def _rows(found: Sequence[Suggestion], asked: _Asked) -> Iterator[dict[str, Any]]:
    known = asked.catalogue.occupations
    offers = _offers([known[one.id] for one in found], asked)
    for one in found:
        yield _row(one, known[one.id], offers, asked)


def _row(one: Suggestion, o: Occupation, offers: Sequence[Vacancy], asked: _Asked) -> dict[str, Any]:
    """One suggestion as it is printed."""
    origin = asked.interests.place or places.LIEGE
    placed = asked.interests.place is not None
    studies = nearby.programmes(
        [o], asked.catalogue, asked.limits, origin, asked.today, asked=placed, age=asked.age
    )
    jobs = nearby.vacancies([o], offers, asked.limits, origin, asked.today, asked.age)
    return {
        "occupation": o.id,
        "label": capital(name(o)),
        "rome": list(o.rome),
        "nearness": one.nearness.value,
        "reasons": [said("reason", reason, asked.library) for reason in one.reasons],
        "doubt": said("doubt", one.doubt, asked.library),
        "ways_in": [_way(text, step, asked) for text, step in _ways(o, asked)],
        "now": _first_step(o, asked),
        "ask": [_pointer(one) for one in pointers.towards(o, asked.catalogue.pointers, asked.age)[:EACH]],
        "programmes": [_programme(find, asked) for find in studies[:EACH]],
        "offers": [_offer(find, asked) for find in jobs[:EACH]],
    }


def _ways(o: Occupation, asked: _Asked) -> Iterator[tuple[str, steps.Step]]:
    return ((way.text, step) for way, step in steps.ways(o, asked.age))


def _way(text: str, step: steps.Step, asked: _Asked) -> str:
    """A way in, with the moment when it opens for that age."""
    return f"{_moment(step, asked)} : {text}" if step.when else text


def _moment(step: steps.Step, asked: _Asked) -> str:
    return asked.library.microcopy.say(f"step.{step.when}", age=str(step.age))


def _path(step: steps.Step, asked: _Asked) -> str:
    """What comes before, in words; nothing when it is open or the age is not known."""
    if not step.path:
        return ""
    say_ = asked.library.microcopy.say
    return say_("step.before", steps=", puis ".join(say_(f"step.before_{one}") for one in step.path))


def _first_step(o: Occupation, asked: _Asked) -> str:
    """Something to do today, whatever the age."""
    say_ = asked.library.microcopy.say
    labs = [asked.catalogue.domains[one] for one in o.tumo_domains if one in asked.catalogue.domains]
    there = next((domain.label for domain in labs if domain.open is not False), "")
    return say_("step.try_lab", domain=there) if there else say_("step.try_meet")


def _pointer(pointer: Pointer) -> dict[str, str]:
    """Where to look or whom to ask, beside what has facts of its own."""
    return {"name": pointer.name, "offers": pointer.offers, "place": pointer.place, "url": pointer.url}


def _programme(find: Find, asked: _Asked) -> dict[str, Any]:
    programme = find.item
    assert not isinstance(programme, Vacancy)  # noqa: S101 -- `nearby.programmes` finds no offers
    step = steps.of_programme(programme, asked.age)
    return {
        "id": programme.id,
        "title": programme.title,
        "institution": programme.institution.name,
        "campus": programme.campus,
        "level": programme.level,
        "length": nearby.spoken_length(programme),
        "distance_km": _km(find.km),
        "when": step.when,
        "from_age": step.age,
        "steps": _path(step, asked),
        "cost": programme.cost,
        "doubt": said(
            "doubt", nearby.doubt(find, asked.interests.place, asked.today, asked.age), asked.library
        ),
        "url": programme.url,
        "source": recommendations.source(programme, asked.library, asked.today),
    }


def _offer(find: Find, asked: _Asked) -> dict[str, Any]:
    offer = find.item
    assert isinstance(offer, Vacancy)  # noqa: S101 -- `nearby.vacancies` finds nothing else
    return {
        "id": offer.id,
        "title": offer.title,
        "employer": offer.employer,
        "locality": offer.locality,
        "distance_km": _km(find.km),
        "contract": offer.contract,
        "kind": offer.kind,
        "from_age": offer.ages_from,
        "closes": offer.closes.isoformat() if offer.closes else None,
        "sample": offer.sample,
        "doubt": said(
            "doubt", nearby.doubt(find, asked.interests.place, asked.today, asked.age), asked.library
        ),
        "url": offer.url,
        "source": recommendations.source(offer, asked.library, asked.today),
    }


def _km(km: float | None) -> float | None:
    return None if km is None else round(km, 1)


def _offers(found: Sequence[Occupation], asked: _Asked) -> list[Vacancy]:
    """Open offers for these occupations from this machine's database; none when there is no database."""
    settings = load()
    if (
        settings.database_url.startswith(_SQLITE)
        and not Path(settings.database_url.removeprefix(_SQLITE)).exists()
    ):
        return []
    codes = {code[:_ROME] for o in found for code in (*o.dimeco, *o.rome)}
    origin: Place = asked.interests.place or places.LIEGE
    try:
        database = bootstrap.open_database(settings, Clock(bootstrap.real_now))
        database.check()
        with database.read() as uow:
            where = (origin.latitude, origin.longitude)
            return vacancies.near(uow, asked.today, prefixes=sorted(codes), place=where)
    except StorageError:
        sys.stderr.write("La base de données ne s’ouvre pas : les offres d’emploi manquent à cette liste.\n")
        return []


def _told(number: int, row: Mapping[str, Any]) -> None:
    """A suggestion as a person reads it."""
    say(f"{number}. {row['label']}  ({row['occupation']}, ROME {', '.join(row['rome'])})")
    for reason in row["reasons"]:
        say(f"   + {reason}")
    say(f"   ? {row['doubt']}")
    for way in row["ways_in"]:
        say(f"   → {way}")
    say(f"   → {row['now']}")
    for one in row["programmes"]:
        where = ", ".join(part for part in (one["institution"], one["campus"]) if part)
        far = "" if one["distance_km"] is None else f", {one['distance_km']:.0f} km"
        say(f"   · {one['title']} ({one['level']}) : {where}{far}. {one['steps']}".rstrip())
    for one in row["offers"]:
        far = "" if one["distance_km"] is None else f", {one['distance_km']:.0f} km"
        say(
            f"   · offre : {one['title']}, {one['employer']}, {one['locality']}{far}. {one['doubt']}".rstrip()
        )


def _explain(occupation_id: str, asked: _Asked) -> None:
    if occupation_id not in asked.catalogue.occupations:
        _refuse(f"--explain : il n’y a pas de métier « {occupation_id[:60]} » dans le catalogue.")
    rules = explain.occupation(occupation_id, asked.interests, asked.catalogue, SEED, asked.linker)
    title = capital(name(asked.catalogue.occupations[occupation_id]))
    say(asked.library.microcopy.say("why.title", title=title))
    for rule in rules:
        say(f"- {said('rule', rule, asked.library)}")
