"""Two or three programmes to compare: those that lead towards what was kept, those that words name, three at most."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from bot.application import programme_facts as facts
from bot.application import recommendations
from bot.application.errands_shortlist import OTHER, OWN, listed, mapping, records
from bot.application.recommendations import capital, lowered
from bot.application.services import Services
from careers import because, nearby, places, pointers, refusals, text
from careers.catalogue import Catalogue
from careers.model import Occupation, Place, Pointer, Programme
from dialogues.render import joined

MOST = 3
_OFFERED, _FOUND, _SAME = 6, 5, 2  # programmes on a screen, found for a word, of the same title at most
YOUNG = (
    "s1_s2",
    "s3",
    "s4",
)  # what is found at school comes first, and the ways of the third year to who chooses them
_CHOOSING = "s1_s2"
_WAYS = ("transition", "qualification", "professional")
_MATCH = 0.6  # share of the learner's words that a title, a school and a town must hold together
_CLOSE = 0.9  # share of the best score from which a second occupation is meant as well
_ROOT = 4  # letters
_SHORTEST_TOWN = 2  # letters: "Ans" and "Huy" are towns, "an" is a word
_KIND = "alternation"
_SMALL = frozenset(
    ("a", "au", "aux", "de", "des", "du", "en", "et", "la", "le", "les", "un", "une", "pour", "dans", "ecole", "etudes",
     "formation", "faire", "chez")
)  # fmt: skip


def offer(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """Programmes for the occupations kept, nearest and best first; options of the third year for the youngest."""
    kept, place = kept_by(profile, services), place_of(profile)
    young = profile.get("user.school_stage") in YOUNG
    found = [*_loved(profile, services), *_leading(kept, profile, services, place)]
    if young:
        found.sort(key=lambda programme: programme.years != 0.0)
    found = [one for one in found if not one.later and not nearby.after_bachelor(one)] or found
    shown = _distinct(found, _OFFERED)
    choosing = profile.get("user.school_stage") == _CHOOSING
    beside = _alternation(kept, services)
    if not shown and not beside and not (choosing and kept):
        return "none", {"compare.offered": [], "compare.about": _no_programme(kept, services)}
    say = services.library.microcopy.say
    ways = [{"id": f"{OWN}{name}", "title": name} for name in _ways(services)] if choosing else []
    jobs = joined([f"« {because.name(o)} »" for o in kept[:MOST]])
    about = say("compare.about", jobs=jobs) if jobs else say("compare.about_loved")
    near = f" {say('compare.around', place=place.name)}" if place else ""
    here: list[facts.Item] = [*shown, *beside]
    cards = [
        *(_card(one, services) for one in here),
        *ways,
        {"id": OTHER, "title": say("compare.other")},
    ]
    return "some", {"compare.offered": cards, "compare.about": f"{about}{near}"}


def _no_programme(kept: Sequence[Occupation], services: Services) -> str:
    """That nothing is known for what was kept, with the way by steps that its sheet tells."""
    if not kept:
        return ""
    way = next((way for way in kept[0].ways if way.gradual), kept[0].ways[0])
    return services.library.microcopy.say(
        "compare.about_none", occupation=because.name(kept[0]), way=lowered(way.text.rstrip("."))
    )


def _alternation(kept: Sequence[Occupation], services: Services) -> list[Pointer]:
    """Where one learns in a firm and at school, for the occupations that can be learnt so; not worded "plus tard"."""
    found = (one for o in kept[:MOST] for one in pointers.towards(o, services.catalogue.pointers))
    return list({one.id: one for one in found if one.kind == _KIND and not one.later}.values())


def _ways(services: Services) -> list[str]:
    return [services.library.microcopy.say(f"compare.way.{way}") for way in _WAYS]


def kept_by(profile: Mapping[str, Any], services: Services) -> list[Occupation]:
    """The shortlist first, then what the project was linked to, then what spoke to the learner."""
    known = services.catalogue.occupations
    shortlist = [str(one.get("job")) for one in records(profile.get("job.shortlist"))]
    loved = [job for job, said in mapping(profile.get("job.reactions")).items() if _appeals(said)]
    ids = [*shortlist, *map(str, listed(profile.get("project.kept"))), *loved]
    return [known[one] for one in dict.fromkeys(ids) if one in known]


def _appeals(said: Any) -> bool:
    return mapping(said).get("appeal") == "love"


def _loved(profile: Mapping[str, Any], services: Services) -> Iterator[Programme]:
    for key, said in mapping(profile.get("near.reactions")).items():
        kind, _, programme_id = str(key).partition(":")
        programme = services.catalogue.programmes.get(programme_id)
        if kind == "programme" and said == "love" and programme:
            yield programme


def _leading(
    kept: Sequence[Occupation], profile: Mapping[str, Any], services: Services, place: Place | None
) -> list[Programme]:
    """The best programme of each occupation in turn, so that none takes the whole screen."""
    known = recommendations.interests(profile, services.library, place=place)
    limits = refusals.limits(known, services.catalogue, {})
    today, origin = services.local_now().date(), place or places.LIEGE
    heaps = [
        [
            find.item
            for find in nearby.programmes(
                [o], services.catalogue, limits, origin, today, asked=place is not None
            )
        ]
        for o in kept[: MOST * 2]
    ]
    found: list[Programme] = []
    while any(heaps) and len(found) < _OFFERED * 4:
        found += [one for heap in heaps if heap and isinstance(one := heap.pop(0), Programme)]
    return found


def _distinct(found: Sequence[Programme], most: int) -> list[Programme]:
    """Each once, few of the same title, and one way by steps when there is one."""
    chosen: list[Programme] = []
    for one in dict.fromkeys(found):
        if sum(other.title == one.title for other in chosen) < _SAME and len(chosen) < most:
            chosen.append(one)
    steps = next((one for one in found if one.years == 0.0 and not one.later), None)
    if len(chosen) == most and steps and not any(one.years == 0.0 for one in chosen):
        chosen[-1] = steps
    return chosen


def place_of(profile: Mapping[str, Any]) -> Place | None:
    """The place that the learner named, if it is one."""
    asked = str(profile.get("near.place") or "")
    return places.find(asked) if asked else None


def find(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """Programmes that the learner's words name: by title, school and town, else by the occupation they mean."""
    said, town = _apart(str(profile.get("compare.word") or ""))
    place = town or place_of(profile)
    found = _named(said, services, place or places.LIEGE)
    if not found:
        linked = services.linker.link(said)
        known = services.catalogue.occupations
        best = max((c.score for c in linked.candidates), default=0.0)
        close = [c for c in linked.candidates if c.score >= best * _CLOSE and c.occupation_id in known]
        sure = [known[c.occupation_id] for c in close[:MOST]] if linked.verdict == "found" else []
        found = _leading(sure, profile, services, place)
    shown = _distinct(found, _FOUND)
    other = {"id": OTHER, "title": services.library.microcopy.say("compare.other")}
    cards = [*(_card(one, services) for one in shown), other]
    return ("found", {"compare.found": cards}) if shown else ("unknown", {"compare.found": []})


def _apart(said: str) -> tuple[str, Place | None]:
    """The words without the town they name, unless they name nothing else, and that town."""
    words = [
        (word, places.find(word.strip(",.")) if len(word) > _SHORTEST_TOWN else None) for word in said.split()
    ]
    town = next((place for _, place in words if place), None)
    rest = " ".join(word for word, place in words if not place)
    return (rest if any(one not in _SMALL for one in text.words(rest)) else said), town


def _named(said: str, services: Services, origin: Place) -> list[Programme]:
    words = {text.stem(word) for word in text.words(said) if word not in _SMALL}
    wanted = [_alike(word, services.catalogue) for word in words]
    scored = []
    for programme, there in _stems(services.catalogue):
        share = sum(not one.isdisjoint(there) for one in wanted) / len(wanted) if wanted else 0.0
        if share >= _MATCH:
            km = refusals.of_programme(programme, origin)
            scored.append((-share, programme.later, 999.0 if km is None else km, programme.id, programme))
    return [one[-1] for one in sorted(scored, key=lambda one: one[:-1])]


def _alike(word: str, catalogue: Catalogue) -> frozenset[str]:
    """The word itself, and those that begin it or that it begins ("soudage", "soudeur")."""
    alike = {
        other
        for other in _vocabulary(catalogue)
        if min(len(word), len(other)) >= _ROOT and (word.startswith(other) or other.startswith(word))
    }
    return frozenset({word, *alike})


@lru_cache(maxsize=2)
def _vocabulary(catalogue: Catalogue) -> frozenset[str]:
    """Every stem of every programme."""
    return frozenset().union(*(there for _, there in _stems(catalogue)))


@lru_cache(maxsize=2)  # says nothing of any learner
def _stems(catalogue: Catalogue) -> tuple[tuple[Programme, frozenset[str]], ...]:
    """Every programme with the stems of its title, its school, its town and its level."""
    said = (
        (one, f"{one.title} {one.institution.name} {one.campus} {one.level}")
        for one in catalogue.programmes.values()
    )
    return tuple((one, frozenset(text.stem(word) for word in text.words(words))) for one, words in said)


def gather(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """The programmes to compare, three at most; ratings given earlier to the same ones are kept."""
    picked = [str(one) for one in listed(profile.get("compare.chosen")) if one != OTHER]
    owns = [str(one) for one in listed(profile.get("compare.owns")) if one != OTHER]
    keys = list(dict.fromkeys([*picked, *owns]))
    few = [str(one) for one in listed(profile.get("compare.few"))]
    cards = [_named_card(key, services) for key in keys]
    if profile.get("compare.asked_many"):
        cards = [one for one in cards if one["id"] in few][:MOST] or cards[:MOST]
    if len(cards) > MOST:
        return "many", {"compare.all": cards, "compare.alone": ""}
    before = {str(one.get("id")): one for one in records(profile.get("programme.compared"))}
    compared = [
        {
            "id": one["id"],
            "name": one["title"],
            "ratings": dict(mapping(before.get(one["id"], {}).get("ratings"))),
        }
        for one in cards
    ]
    values = {"compare.all": cards, "compare.alone": "yes" if len(cards) == 1 else ""}
    return ("ready", {**values, "compare.kept": compared}) if cards else ("none", values)


def _named_card(key: str, services: Services) -> dict[str, Any]:
    item = facts.find(key, services)
    if item is not None:
        return _card(item, services)
    return {"id": key if key.startswith(OWN) else f"{OWN}{key}", "title": capital(key.removeprefix(OWN))}


def _card(item: facts.Item, services: Services) -> dict[str, Any]:
    key = item.id if isinstance(item, Programme) else f"{facts.POINTER}{item.id}"
    return {"id": key, "title": facts.label(item, services), "kind": "programme"}
