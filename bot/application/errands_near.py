"""From the learner's own project to occupations, and from there to what there is around their place."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.application import card_facts, quoting, recommendations
from bot.application.recommendations import capital
from bot.application.services import Services
from careers import because, matcher, nearby, places
from careers.because import name
from careers.model import Interests, Occupation, Place, Vacancy
from dialogues.events import Context
from storage import vacancies
from storage.unit_of_work import UnitOfWork

WORDS_KEPT = 3
SHOWN = 4
FEW = 2
MOST_SAID = 2  # changes told in one bubble
ROME = 5  # characters of a DIMECO code that name its ROME trade


def link_project(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """Occupations that the learner's words make one think of, as cards that quote the words."""
    linked = services.linker.link(recommendations.project_text(profile))
    known = services.catalogue.occupations
    found = [(known[c.occupation_id], c.words) for c in linked.candidates if c.occupation_id in known]
    if linked.verdict == "unknown" or not found:
        return "unknown", {"project.occupations": [], "project.first": ""}
    said = recommendations.project_text(profile)
    cards = [_project_card(occupation, words, said, services) for occupation, words in found]
    return linked.verdict, {"project.occupations": cards, "project.first": cards[0]["title"]}


def _project_card(
    occupation: Occupation, words: Sequence[str], told: str, services: Services
) -> dict[str, Any]:
    say = services.library.microcopy.say
    quoted = quoting.quoted(words, told, WORDS_KEPT) if words else ""
    return {
        "id": occupation.id,
        "title": capital(name(occupation)),
        "kind": "occupation",
        "lines": [occupation.one_line, *card_facts.lines(occupation, services.catalogue, services.library)],
        "reasons": [say("reason.project", words=quoted)] if quoted else [],
        "doubt": recommendations.said("doubt", because.doubt(occupation), services.library),
        "source": recommendations.source(occupation, services.library, services.local_now().date()),
        "url": "",
    }


def suggest(
    profile: Mapping[str, Any], services: Services, uow: UnitOfWork | None, context: Context
) -> tuple[str, dict[str, Any]]:
    """Programmes, offers and a widening occupation around the place that the learner named."""
    asked = str(profile.get("near.place") or "")
    place = places.find(asked) if asked else places.of_postcode(services.settings.centre_postcode)
    kept = [str(one) for one in profile.get("project.kept") or ()]
    offers = _offers(kept, place or places.LIEGE, services, uow, context)
    known = recommendations.interests(profile, services.library, place=place if asked else None)
    found = matcher.near(
        kept,
        known,
        services.catalogue,
        list(offers.values()),
        context.now.date(),
        SHOWN,
        context.seed,
        words=services.linker,
        age=recommendations.age_from(profile.get("user.age_band")),
    )
    found = [quoting.reworded(one, profile, WORDS_KEPT) for one in found]
    cards = recommendations.cards(found, services.catalogue, offers, services.library, context.now.date())
    outcome = "none" if not cards else "few" if len(cards) < FEW else "some"
    named = place.name if asked and place else _around_centre(services) if not asked else ""
    return outcome, {
        "near.cards": cards,
        "near.place_name": named,
        "near.changed": _changed(profile, known, services, cards),
    }


def _around_centre(services: Services) -> str:
    place = places.of_postcode(services.settings.centre_postcode)
    return place.name if place else ""


def _offers(
    kept: Sequence[str], place: Place, services: Services, uow: UnitOfWork | None, context: Context
) -> dict[str, Vacancy]:
    occupations = services.catalogue.occupations
    codes = {code[:ROME] for one in kept if one in occupations for code in occupations[one].dimeco}
    codes |= {code for one in kept if one in occupations for code in occupations[one].rome}
    if not codes:
        return {}
    where = (place.latitude, place.longitude)
    if uow is not None:
        found = vacancies.near(uow, context.now.date(), prefixes=sorted(codes), place=where)
    else:
        with services.database.read() as reading:
            found = vacancies.near(reading, context.now.date(), prefixes=sorted(codes), place=where)
    return {offer.id: offer for offer in found}


def _changed(
    profile: Mapping[str, Any], known: Interests, services: Services, cards: Sequence[Mapping[str, Any]]
) -> str:
    """What the last reactions change, a sentence for each of the two that change most; nothing the first time.

    When nothing nearer or shorter is left, it says so rather than promise it.
    """
    reactions = profile.get("near.reactions")
    if not isinstance(reactions, Mapping) or not reactions:
        return ""
    say = services.library.microcopy.say
    last = list(reactions.items())[-SHOWN:]
    given = [one for one in ("far", "long", "not_me", "love", "seen") if one in dict(last).values()]
    bare = all(card["kind"] == "occupation" for card in cards)
    said = []
    for one in given[:MOST_SAID]:
        kinds = {key.partition(":")[0] for key, reaction in last if reaction == one}
        if one in ("far", "long") and kinds == {"occupation"}:
            said.append(_of_occupations(one, known, services))
        else:
            said.append(f"{one}_none" if bare and one in ("far", "long") else one)
    if len(said) > 1 and said[0].endswith("_none"):
        said = said[:1]  # nothing nearer and nothing shorter: once is enough
    return " ".join(say(f"near_changed.{one}") for one in said or ["same"])


def _of_occupations(refused: str, known: Interests, services: Services) -> str:
    """What "trop loin" or "trop long" means for an occupation: where, or how long, it is learnt."""
    if refused == "far" and not nearby.beyond(known, services.catalogue):
        return "far_close"
    return f"{refused}_occupation"
