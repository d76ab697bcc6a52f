"""Three occupations to dig into: what to choose from, the learner's own words, each track in turn, and their order."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.application import recommendations
from bot.application.recommendations import capital, lowered
from bot.application.services import Services
from careers import because, matcher, text
from careers.catalogue import Catalogue
from careers.model import Nearness, Occupation, Suggestion
from dialogues.events import Context
from dialogues.render import joined

OTHER, NONE, OWN = "other", "none", "own:"
MOST = 3  # tracks
_MET = 8  # occupations already met that may be chosen from
_NEW, _NEW_AT_FIRST = 3, 4  # suggestions beside them, and when nothing was met yet
_LIST = 10  # suggestions that hold the widening quotas
_LINKED = 4  # occupations shown for a word
_CLEAR = 0.75  # share of the best score from which one may be what the word means
_APPEAL = {"love": 0, "maybe": 1, "": 2, "meh": 3}
_PARTS = ("why", "doubt", "check")
_FAMILY = r"(?:parents?|pere|mere|papa|maman|famille|oncle|tante|daron\w*|grands? \w+)"
_FORCED = re.compile(r"\b(?:oblige\w*|force\w*|impose\w*|pas le choix)\b")
_WANTED = re.compile(
    rf"\b{_FAMILY}\b.{{0,20}}\b(?:veut|veulent|voudrai\w*|dit|disent|exige\w*|ont choisi|a choisi)\b"
)


def propose(profile: Mapping[str, Any], services: Services, context: Context) -> tuple[str, dict[str, Any]]:
    """Occupations met, dearest first, with new ones from near, beside and far; and one far away to dare."""
    met = _met(profile, services.catalogue)
    known = recommendations.interests(profile, services.library)
    found = matcher.occupations(known, services.catalogue, context.seed, _LIST, services.linker)
    new = [one for one in found if one.id not in {o.id for o in met}]
    wild = _wild(new, services.catalogue, context)
    count = _NEW if met else _NEW_AT_FIRST
    shown = [services.catalogue.occupations[one.id] for one in _spread(new, wild.id, count)]
    say = services.library.microcopy.say
    offered = [*map(_card, met), *map(_card, shown), {"id": OTHER, "title": say("shortlist.other")}]
    lines = [f"{_name(o)} ({_inside(o.one_line)})" for o in shown]
    return "some" if met or known.usable() else "fresh", {
        "shortlist.offered": offered,
        "shortlist.unseen": "".join(f"\n– {line}" for line in lines),
        "shortlist.wild_id": wild.id,
        "shortlist.wild": _name(wild),
        "shortlist.wild_line": _inside(wild.one_line),
    }


def _met(profile: Mapping[str, Any], catalogue: Catalogue) -> list[Occupation]:
    """What was met or kept and not refused: what speaks to the learner first, then the newest."""
    reactions = mapping(profile.get("job.reactions"))
    appeal = {job: str(mapping(said).get("appeal") or "") for job, said in reactions.items()}
    near = mapping(profile.get("near.reactions"))
    appeal |= {key.partition(":")[2]: "love" for key, said in near.items() if said == "love"}
    gone = {key.partition(":")[2] for key, said in near.items() if said == "not_me"}
    gone |= {job for job, said in appeal.items() if said == "no"}
    kept = [str(one) for one in listed(profile.get("project.kept"))]
    appeal = dict.fromkeys(kept, "maybe") | appeal
    order = [*reversed(listed(profile.get("job.seen"))), *kept, *appeal]
    found = [
        job for job in dict.fromkeys(map(str, order)) if job in catalogue.occupations and job not in gone
    ]
    found.sort(key=lambda job: _APPEAL.get(appeal.get(job, ""), _APPEAL[""]))
    return [catalogue.occupations[job] for job in found[:_MET]]


def _wild(new: Sequence[Suggestion], catalogue: Catalogue, context: Context) -> Occupation:
    """A surprise of the list; without one, the last of it; without a list, one by chance."""
    far = [one for one in new if one.nearness is Nearness.SURPRISE] or list(new)
    if far:
        return catalogue.occupations[far[-1].id]
    everything = sorted(catalogue.occupations)
    return catalogue.occupations[everything[sum(context.seed.encode()) % len(everything)]]


def _spread(new: Sequence[Suggestion], wild: str, count: int) -> list[Suggestion]:
    """One of each nearness in turn, so that the choice is never only among the nearest."""
    heaps = [[one for one in new if one.nearness is kind and one.id != wild] for kind in Nearness]
    chosen: list[Suggestion] = []
    while len(chosen) < count and any(heaps):
        chosen += [heap.pop(0) for heap in heaps if heap]
    return chosen[:count]


def link(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """Occupations that the learner's own word may mean, with a way to say that it is none of them."""
    known = services.catalogue.occupations
    linked = services.linker.link(str(profile.get("shortlist.own_word") or ""))
    least = max((c.score for c in linked.candidates), default=0.0) * _CLEAR
    meant = [c.occupation_id for c in linked.candidates if c.score >= least]
    found = [known[one] for one in meant if one in known][:_LINKED]
    if linked.verdict == "unknown" or not found:
        return "unknown", {"shortlist.linked": []}
    none = {"id": NONE, "title": services.library.microcopy.say("shortlist.none_of_them")}
    return "found", {"shortlist.linked": [*map(_card, found), none]}


def gather(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """The tracks: what was picked, the learner's own words and the joker, three at most."""
    joker = profile.get("shortlist.joker")
    picked = [str(one) for one in listed(profile.get("shortlist.picked")) if one != OTHER]
    owns = [str(one) for one in listed(profile.get("shortlist.owns"))]
    wild = [str(profile.get("shortlist.wild_id"))] if joker == "keep" else []
    daring = owns[-1:] if joker == OTHER else wild
    keys = list(dict.fromkeys([*picked, *owns, *wild]))
    tracks = [_track(key, services.catalogue, joker=key in daring) for key in keys]
    tracks = [one for one in tracks if one["id"] != profile.get("shortlist.dropped")]
    if len(tracks) > MOST and profile.get("shortlist.asked_many"):  # passed: the last ones picked wait
        rest = [one for one in tracks if one["joker"]]
        tracks = [*[one for one in tracks if not one["joker"]][: MOST - len(rest)], *rest]
    outcome = "none" if not tracks else "many" if len(tracks) > MOST else "tracks"
    return outcome, {"shortlist.tracks": tracks, "shortlist.count": len(tracks)}


def _track(key: str, catalogue: Catalogue, *, joker: bool) -> dict[str, Any]:
    occupation = catalogue.occupations.get(key)
    if occupation is not None:
        return {**_card(occupation), "job": key, "joker": joker}
    return {"id": f"{OWN}{key}", "title": key, "kind": "own", "job": "", "joker": joker}


def following(profile: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The next track without a record; `blank` once, when nothing was said of the one before."""
    tracks = records(profile.get("shortlist.tracks"))
    told = records(profile.get("job.shortlist"))
    left = [one for one in tracks if not any(_same(one, record) for record in told)]
    empty = {"track.job": "", "track.name": "", "track.before": ""}
    if told and not profile.get("shortlist.blank_said") and not any(told[-1].get(part) for part in _PARTS):
        return "blank", empty
    if not left:
        return "all", empty
    before = next((one for one in records(profile.get("shortlist.before")) if _same(left[0], one)), {})
    return "track", {
        "track.job": left[0].get("job") or "",
        "track.name": left[0]["title"],
        "track.before": before.get("why") or "",
    }


def _same(track: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether a record speaks of that track: by its occupation, or by its words when they are the learner's."""
    return (bool(record.get("job")) and record.get("job") == track.get("job")) or (
        not record.get("job") and not track.get("job") and record.get("name") == track.get("title")
    )


def keep(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """The shortlist in the learner's order. What was said earlier of a track stays where nothing new was said."""
    told = records(profile.get("job.shortlist"))
    tracks = records(profile.get("shortlist.tracks"))
    if tracks:
        told = [
            _record(one, told, records(profile.get("shortlist.before"))) for one in _ranked(tracks, profile)
        ]
    told = told[:MOST]
    names = [lowered(str(one.get("name"))) for one in told]
    checks = [lowered(str(one["check"]).strip(" .?!")) for one in told if one.get("check")]
    nothing = services.library.microcopy.say("shortlist.nothing_to_check")
    return ("none", "one", "two", "three")[len(told)], {
        "shortlist.kept": told,
        "shortlist.list": joined(names),
        "shortlist.checks": " ; ".join(checks) or nothing,
        "shortlist.pressed": "yes" if _pressed(told) else "",
    }


def _pressed(told: Sequence[Mapping[str, Any]]) -> bool:
    """Whether every track seems to be somebody else's wish, in the learner's own words: a question is asked then."""
    whys = [" ".join(text.words(str(one.get("why") or ""))) for one in told]
    return bool(whys) and all(_FORCED.search(why) or _WANTED.search(why) for why in whys)


def _ranked(tracks: Sequence[Mapping[str, Any]], profile: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    order = listed(profile.get("shortlist.order"))
    return sorted(tracks, key=lambda one: order.index(one["id"]) if one["id"] in order else len(order))


def _record(
    track: Mapping[str, Any], told: Iterable[Mapping[str, Any]], before: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    now = next((one for one in told if _same(track, one)), {})
    earlier = next((one for one in before if _same(track, one)), {})
    said = {part: now.get(part) or earlier.get(part) for part in _PARTS}
    made = {"job": track.get("job") or "", "name": track["title"], **{k: v for k, v in said.items() if v}}
    return {**made, "joker": True} if track.get("joker") else made


def _card(o: Occupation) -> dict[str, Any]:
    return {"id": o.id, "title": _name(o), "kind": "occupation", "lines": [o.one_line]}


def _name(o: Occupation) -> str:
    return capital(because.name(o))


def _inside(text: str) -> str:
    """In the middle of a sentence."""
    return lowered(text.strip().removesuffix("."))


def mapping(value: Any) -> Mapping[str, Any]:
    """A map, whatever was kept."""
    return value if isinstance(value, Mapping) else {}


def listed(value: Any) -> list[Any]:
    """A list, whatever was kept: one thing is a list of one."""
    return list(value) if isinstance(value, list | tuple) else [] if value in (None, "") else [value]


def records(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list, whatever was kept."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
