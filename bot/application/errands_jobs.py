"""An occupation to meet: from a domain, a drive, a word, a saved card, or far from the learner's habits."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from bot.application.recommendations import capital, lowered
from bot.application.services import Services
from careers.because import name
from careers.catalogue import Catalogue
from careers.model import DRIVES, Domain, Occupation
from dialogues.events import Context
from dialogues.understand import fold

STRONG = 2  # a drive that an occupation really calls on
SURE = "found"
THEMES = 3  # shown at once


def domains(profile: Mapping[str, Any], catalogue: Catalogue, context: Context) -> tuple[str, str, str]:
    """Two domains close to the learner's drives and a surprise from the lower half; by chance without drives."""
    known = list(catalogue.domains.values())
    offered = [domain for domain in known if domain.open is not False]
    if len(offered) < THEMES:  # a theme that is not taught here may still open a view on occupations
        offered = known
    scores = _scores(profile)
    ranked = sorted(
        offered, key=lambda one: (-_affinity(one, scores), chance(context.seed, _day(context), one.id))
    )
    surprise = min(
        ranked[max(2, len(ranked) // 2) :], key=lambda one: chance(context.seed, _day(context), "s", one.id)
    )
    return ranked[0].label, ranked[1].label, surprise.label


def _affinity(domain: Domain, scores: Mapping[str, float]) -> float:
    weights = {drive: weight for drive, weight in domain.weights.items() if drive in scores}
    total = sum(weights.values())
    return sum(weight * scores[drive] for drive, weight in weights.items()) / total if total else 0.0


def pick(profile: Mapping[str, Any], services: Services, context: Context) -> tuple[str, dict[str, Any]]:
    """One occupation never shown before, with its outcome: found, unsure (a guess to confirm) or unknown."""
    outcome, candidates = _candidates(profile, services, context)
    entry = profile.get("job.entry")
    seen = set() if entry in ("saved", "lab") else _seen(profile)
    fresh = [one for one in candidates if one.id not in seen]
    if not fresh:
        return "unknown", _nothing(profile, context)
    return outcome, _sheet(fresh[0], profile, context)


def _candidates(
    profile: Mapping[str, Any], services: Services, context: Context
) -> tuple[str, Sequence[Occupation]]:
    catalogue, everything = services.catalogue, list(services.catalogue.occupations.values())
    match profile.get("job.entry"):
        case "word":
            return _linked(str(profile.get("job.word") or ""), services)
        case "domain":
            domain = _domain(str(profile.get("job.domain") or ""), catalogue)
            if domain is None:
                return _linked(str(profile.get("job.domain") or ""), services)
            return SURE, _shuffled([o for o in everything if domain.id in o.tumo_domains], profile, context)
        case "drive":
            drive = str(profile.get("job.drive") or "")
            lit = [o for o in everything if o.drives.get(drive, 0) == max(o.drives.values()) >= STRONG]
            return SURE, _shuffled(lit, profile, context)
        case "lab" | "saved" as entry:
            return SURE, _guessed(profile, catalogue) if entry == "lab" else _saved(profile, catalogue)
        case _:
            return SURE, _shuffled(_far(everything, profile), profile, context)


def _linked(said: str, services: Services) -> tuple[str, Sequence[Occupation]]:
    linked = services.linker.link(said)
    known = services.catalogue.occupations
    return linked.verdict, [known[c.occupation_id] for c in linked.candidates if c.occupation_id in known]


def _domain(said: str, catalogue: Catalogue) -> Domain | None:
    wanted = fold(said)
    return next((d for d in catalogue.domains.values() if wanted in (fold(d.label), fold(d.id))), None)


def _guessed(profile: Mapping[str, Any], catalogue: Catalogue) -> list[Occupation]:
    """The occupation that was guessed at after a lab."""
    found = catalogue.occupations.get(str(profile.get("job.next") or ""))
    return [found] if found else []


def _saved(profile: Mapping[str, Any], catalogue: Catalogue) -> list[Occupation]:
    """What spoke to the learner first, then what they saw, newest first; the last one shown comes last."""
    seen = [str(one) for one in reversed(profile.get("job.seen") or [])]
    appeal = {job: said.get("appeal") for job, said in (profile.get("job.reactions") or {}).items()}
    order = {"love": 0, "maybe": 1, None: 2, "meh": 3, "no": 4}
    ranked = sorted(seen[1:] + seen[:1], key=lambda job: order.get(appeal.get(job), 2))
    return [catalogue.occupations[job] for job in ranked if job in catalogue.occupations]


def _far(everything: Sequence[Occupation], profile: Mapping[str, Any]) -> list[Occupation]:
    """None of the highlighted drives among the strong ones; without highlights, anything."""
    lit = set(profile.get("interest.highlights") or ())
    far = [o for o in everything if not lit & {d for d, weight in o.drives.items() if weight >= STRONG}]
    return far or list(everything)


def _shuffled(found: Sequence[Occupation], profile: Mapping[str, Any], context: Context) -> list[Occupation]:
    """An order of this learner's own; the preparation level plays no part."""
    turn = str(len(profile.get("job.seen") or ()))
    return sorted(found, key=lambda o: chance(context.seed, turn, o.id))


def _sheet(o: Occupation, profile: Mapping[str, Any], context: Context) -> dict[str, Any]:
    gradual = next((way for way in o.ways if way.gradual), o.ways[-1])
    other = next((way for way in o.ways if way is not gradual), gradual)
    return {
        "job.id": o.id,
        "job.name": capital(name(o)),
        "job.one_line": _inside(o.one_line),
        "job.day": _inside(o.day),
        "job.people": _inside(o.people),
        "job.plus": _inside(o.plus),
        "job.minus": _inside(o.minus),
        "job.path_a": f"{_inside(other.text)},",  # a way is long and has commas of its own: "a, ou b"
        "job.path_b": _inside(gradual.text),
        "job.model": "",  # only somebody whom staff entered and who agreed (issue of the console)
        "job.shown_today": _shown_today(profile, context) + 1,
    }


def _nothing(profile: Mapping[str, Any], context: Context) -> dict[str, Any]:
    return {"job.shown_today": _shown_today(profile, context)}


def _shown_today(profile: Mapping[str, Any], context: Context) -> int:
    """Occupations met today, from the pages lived since midnight: after three, the page proposes a pause."""
    today = _day(context)
    done = profile.get("progress.done") or []
    return sum(
        one.get("page") == "job_discovery" and str(one.get("at", ""))[:10] == today
        for one in done
        if isinstance(one, Mapping)
    )


def _seen(profile: Mapping[str, Any]) -> set[str]:
    return {*map(str, profile.get("job.seen") or ()), *map(str, profile.get("job.reactions") or ())}


def _scores(profile: Mapping[str, Any]) -> dict[str, float]:
    scores = profile.get("interest.scores") or {}
    return {d: float(scores[d]) for d in DRIVES if isinstance(scores.get(d), int | float)}


def _bare(text: str) -> str:
    return text.strip().removesuffix(".")


def _inside(text: str) -> str:
    """In the middle of a sentence."""
    return lowered(_bare(text))


def _day(context: Context) -> str:
    return context.now.date().isoformat()


def chance(*parts: str) -> float:
    """A number from 0 to 1 that is always the same for the same parts."""
    return int.from_bytes(sha256("|".join(parts).encode()).digest()[:6], "big") / 2**48
