"""The record of a lab in `session.log`: begun once, looked at again, and what its card says."""

from collections.abc import Mapping
from typing import Any

from bot.application import domains
from bot.application.errands_session import OWN
from bot.application.errands_shortlist import records
from bot.application.services import Services
from dialogues.events import Context
from dialogues.scoring.domains import felt

_PARTS = (("lived", "lived"), ("learned", "learned"), ("self", "link_self"))


def begin(profile: Mapping[str, Any], services: Services, context: Context) -> tuple[str, dict[str, Any]]:
    """The record of this lab as the last of `session.log`, and who does this every day."""
    log = records(profile.get("session.log"))
    own = str(profile.get("lab.id") or "")
    made = {
        "id": own,
        "date": str(profile.get("lab.day") or ""),
        "kind": str(profile.get("lab.kind") or ""),
        "domain": str(profile.get("lab.domain") or ""),
        "title": str(profile.get("lab.title") or ""),
    }
    before = next((one for one in log if one.get("id") == own), {})
    others = [dict(one) for one in log if one.get("id") != own]
    record = {**before, **{key: value for key, value in made.items() if value}}
    found = domains.practised(services.catalogue, made["domain"], f"{context.seed}|{own}")
    jobs = dict(zip("abc", found, strict=False))
    return "open", {
        "lab.others": others,
        "lab.log": [*others, record],
        **{f"lab.job_{letter}": domains.named(one) for letter, one in jobs.items()},
        **{f"lab.job_{letter}_id": one.id for letter, one in jobs.items()},
    }


def watch(profile: Mapping[str, Any], services: Services, context: Context) -> tuple[str, dict[str, Any]]:
    """« Choisis pour moi »: one of the four things to observe, another one from lab to lab."""
    _ = services
    ways = ("energy", "place", "annoy", "hidden")
    done = len(records(profile.get("session.log")))
    return ways[(sum(context.seed.encode()) + done) % len(ways)], {}


def trace(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """What the card of a lab says: all three parts (`whole`), some (`part`) or none (`bare`); and what the theme is worth now."""
    log = records(profile.get("session.log"))
    record = next((one for one in log if one.get("id") == profile.get("lab.id")), log[-1] if log else {})
    said = {name: str(record.get(field) or "").strip().rstrip(".").strip() for name, field in _PARTS}
    say = services.library.microcopy.say
    parts = [say(f"lab.{name}", text=text) for name, text in said.items() if text]
    outcome = "whole" if len(parts) == len(said) else "part" if parts else "bare"
    return outcome, {
        **{f"lab.{name}": text for name, text in said.items()},
        "lab.parts": " ".join(part if part.endswith(("?", "!", "…")) else f"{part}." for part in parts),
        "lab.felt": felt(log),
    }


def looked_back_on(profile: Mapping[str, Any]) -> str:
    """The gathering of this lab once its energy was told: nothing need remind of it any more. Empty before."""
    own = str(profile.get("lab.id") or "")
    told = any(one.get("id") == own and one.get("energy") for one in records(profile.get("session.log")))
    return own if told and not own.startswith(OWN) else ""
