"""At a fair and after: notes of thirty seconds, what stays of the day, and tracks that come or wait."""

import re
from collections.abc import Mapping
from typing import Any

from bot.application import domains, fair_notes
from bot.application.errands_fair import OTHER, stands_of, visits
from bot.application.errands_shortlist import MOST as MOST_TRACKS
from bot.application.errands_shortlist import listed, records
from bot.application.services import Services
from careers import text
from dialogues.events import Context
from dialogues.understand import fold
from storage.unit_of_work import UnitOfWork

SHOWN = 5  # stands to choose from
KEEN = 3  # « Oui », envie d'en savoir plus
NONE = "none"
_LOW = re.compile(
    r"\b(?:decourag\w+|deprim\w+|trop (?:dur|difficile)\w*|pas pour moi|j y arriverai\w* (?:jamais|pas)|"
    r"nulle? part|je (?:suis|me sens) nulle?|perdue?|stresse\w*|panique\w*|peur)\b"
)
_PUSHED = re.compile(
    r"\b(?:forc\w+|insist\w+|oblige\w*|signer|inscrire? (?:tout de suite|maintenant)|mis\w* la pression|pression)\b"
)


def stops(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """The stands of the road map that were not noted yet: `some`, or `none`: then which one is asked in words."""
    seen = {fold(str(one.get("stand"))) for one in visits(profile, str(profile.get("fair.id") or ""))}
    names = [str(one) for one in listed(profile.get("fair.targets")) if fold(str(one)) not in seen][:SHOWN]
    cards = [{"id": f"t{place}", "title": one} for place, one in enumerate(names)]
    other = {"id": OTHER, "title": services.library.microcopy.say("fair.other")}
    return "some" if cards else "none", {"fair.stops": [*cards, other] if cards else []}


def stop(profile: Mapping[str, Any], services: Services, context: Context) -> tuple[str, dict[str, Any]]:
    """The note of a stand as the last of `fair.visits`: `open`, `nothing` when no stand was named, `full` after very many."""
    _ = services
    cards = {str(one.get("id")): str(one.get("title")) for one in records(profile.get("fair.stops"))}
    picked = str(profile.get("fair.at") or "")
    typed = str(profile.get("fair.word") or profile.get("asked.other") or "").strip()
    name = cards[picked] if picked in cards and picked != OTHER else typed
    known = records(profile.get("fair.visits"))
    if not fold(name):
        return "nothing", {}
    if len(known) >= fair_notes.MOST:
        return "full", {}
    number = f"chat-{context.now:%Y%m%d%H%M%S}-{len(known)}"
    record: dict[str, Any] = {"id": number, "stand": name[: fair_notes.STAND], "at": context.now.isoformat()}
    if profile.get("fair.id"):
        record["gathering"] = profile["fair.id"]
    return "open", {
        "fair.before": list(known),
        "fair.noted": [*known, record],
        "fair.stop": record["stand"],
        "fair.stop_id": number,
    }


def shown(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """What was shown at a stand, in its note: a word, or a picture or link."""
    _ = services
    given, own = profile.get("fair.shown"), profile.get("fair.stop_id")
    kept = [dict(one) for one in records(profile.get("fair.visits"))]
    for one in kept:
        if one.get("id") == own and isinstance(given, Mapping):
            one["photo"] = dict(given)
        elif one.get("id") == own and given:
            one["note"] = str(given)
    return "kept", {"fair.noted": kept}


def after(profile: Mapping[str, Any], services: Services, context: Context) -> tuple[str, dict[str, Any]]:
    """What stays of the day as the last record of `fair.visits`; and how many stands one would know more of."""
    _ = services
    known = [dict(one) for one in records(profile.get("fair.visits"))]
    fair_id = str(profile.get("fair.id") or "")
    own = f"after:{fair_id or context.now.date().isoformat()}"
    record = next((one for one in known if one.get("id") == own), {"id": own, "at": context.now.isoformat()})
    if fair_id:
        record["gathering"] = fair_id
    others = [one for one in known if one.get("id") != own]
    keen = [str(one["stand"]) for one in visits(profile, fair_id) if one.get("rating") == KEEN]
    return "open", {
        "fair.before": others,
        "fair.noted": [*others, record],
        "fair.keen": ", ".join(dict.fromkeys(keen[:SHOWN])),
    }


def close(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """What the card of the day says: `said` or `bare`; what to check first; and whether somebody might help."""
    checks = [str(one).strip() for one in listed(profile.get("fair.checks")) if str(one).strip()]
    kept = [dict(one) for one in records(profile.get("fair.visits"))]
    record = kept[-1] if kept else {}
    if checks and kept:
        record["checks"] = checks
    say = services.library.microcopy.say
    parts = [
        say(f"fair.{part}", text=str(record[part]).strip().rstrip(".").strip())
        for part in ("best", "closed", "opened")
        if record.get(part)
    ]
    parts += [say("fair.checks", text=" ; ".join(one.rstrip(".") for one in checks))] if checks else []
    words = " ".join(
        text.words(" ".join([*(str(record.get(p) or "") for p in ("best", "closed", "opened")), *checks]))
    )
    return "said" if parts else "bare", {
        "fair.noted": kept,
        "fair.parts": " ".join(part if part.endswith(("?", "!", "…")) else f"{part}." for part in parts),
        "fair.first_check": checks[0] if checks else say("fair.first_check"),
        "fair.low": "low" if _LOW.search(words) else "pushed" if _PUSHED.search(words) else "",
    }


# ---------------------------------------------------------------- tracks


def aside(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """Once something was left aside in words: which of the tracks it is, if it is one (a deck)."""
    kept = records(profile.get("fair.visits"))
    said = bool(kept and kept[-1].get("closed"))
    tracks = [one for one in records(profile.get("job.shortlist")) if not one.get("aside")]
    if not said or not tracks:
        return "none", {"fair.tracks": []}
    none = {"id": NONE, "title": services.library.microcopy.say("fair.no_track")}
    return "ask", {
        "fair.tracks": [*({"id": _key(one), "title": str(one.get("name"))} for one in tracks), none]
    }


def tracks(
    profile: Mapping[str, Any],
    services: Services,
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """Occupations of the stands that one would know more of, as new tracks.

    `room`: they fit beside those kept; `swap`: one that waits could give its place; `full`: all three are wanted.
    """
    _ = person_id, context
    kept = records(profile.get("job.shortlist"))
    have = {str(one.get("job")) for one in kept}
    fair_id = str(profile.get("fair.id") or "")
    keen = {fold(str(one["stand"])) for one in visits(profile, fair_id) if one.get("rating") == KEEN}
    found = [one for one in stands_of(services, uow, fair_id) if fold(one.name) in keen]
    known = services.catalogue.occupations
    jobs = [job for one in found for job in one.occupations.split() if job in known and job not in have]
    new = [{"id": job, "title": domains.named(known[job])} for job in dict.fromkeys(jobs)][:SHOWN]
    waiting = [str(one.get("name")) for one in kept if one.get("aside")]
    outcome = "none" if not new else "room" if len(kept) < MOST_TRACKS else "swap" if waiting else "full"
    return outcome, {
        "fair.new_tracks": new,
        "fair.room": max(0, MOST_TRACKS - len(kept)),
        "fair.waiting": waiting[0] if waiting else "",
    }


def keep_tracks(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """The tracks as they are now: `changed` or `same`. One that waits leaves only when the learner said so."""
    before = [dict(one) for one in records(profile.get("job.shortlist"))]
    kept = [dict(one) for one in before]
    for one in kept:
        if profile.get("fair.aside") and _key(one) == profile.get("fair.aside"):
            one["aside"] = True
    known = services.catalogue.occupations
    have = {one.get("job") for one in kept}
    added = [job for job in map(str, listed(profile.get("fair.added"))) if job in known and job not in have]
    if profile.get("fair.swap") == "yes" and added and len(kept) >= MOST_TRACKS:
        leaves = next((one for one in kept if one.get("aside")), None)
        kept = [one for one in kept if one is not leaves]
    for job in added[: MOST_TRACKS - len(kept)]:
        kept.append({"job": job, "name": domains.named(known[job]), "about": "fair_companion"})
    return "changed" if kept != before else "same", {
        "fair.shortlist": kept,
        "fair.shortlist_names": ", ".join(str(one.get("name")) for one in kept if not one.get("aside")),
    }


def _key(track: Mapping[str, Any]) -> str:
    return str(track.get("job") or f"own:{track.get('name')}")
