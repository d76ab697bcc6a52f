"""Which stands of a fair fit a learner, each with its reason, and one that does not: pure and published.

A stand gains for each of its occupations that the learner keeps (3), built a project around (2) or said yes to (2, or 1 for
« pourquoi pas »); for a school that they compare (2); for a theme in which a lab gave energy (1.5); for a drive that stands
out and that its themes or occupations call on (0.5 each). An occupation that was refused takes 2 away, a theme left aside 1.
Equal stands come in the learner's own order of chance.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.application.errands_jobs import chance
from bot.application.errands_shortlist import listed, mapping, records
from careers import fit
from careers.because import domain_label, label, name
from careers.catalogue import Catalogue
from storage.stands import Stand

SHOWN = 3
LIKED, LEFT_ASIDE = 4.0, 2.0  # of five: what was felt in a theme
_APPEAL = {"love": 2.0, "maybe": 1.0, "no": -2.0}


@dataclass(frozen=True, slots=True)
class Fit:
    """A stand with what speaks for it: the key of a sentence (`stand_why.<key>`) and its word; no key when nothing does."""

    stand: Stand
    score: float
    key: str = ""
    word: str = ""


def rank(stands: Sequence[Stand], profile: Mapping[str, Any], catalogue: Catalogue, seed: str) -> list[Fit]:
    """Every stand, the best first."""
    found = [_fit(one, profile, catalogue) for one in stands]
    return sorted(found, key=lambda one: (-one.score, chance(seed, "stand", one.stand.name)))


def three(ranked: Sequence[Fit]) -> list[Fit]:
    """The three to see: those for which something speaks; the rest by chance, so that there always are three."""
    return list(ranked[:SHOWN])


def unexpected(ranked: Sequence[Fit], seed: str) -> Fit | None:
    """One of the half that fits least, and for which nothing speaks if there is such; None with three stands or fewer."""
    rest = list(ranked[SHOWN:])
    half = rest[len(rest) // 2 :]
    silent = [one for one in half if not one.key and one.score >= 0] or half
    return min(silent, key=lambda one: chance(seed, "wild", one.stand.name), default=None)


def known(ranked: Sequence[Fit]) -> bool:
    """Whether anything at all that the learner said speaks for a stand."""
    return any(one.key for one in ranked)


def _fit(stand: Stand, profile: Mapping[str, Any], catalogue: Catalogue) -> Fit:
    reasons = list(_reasons(stand, profile, catalogue))
    score = sum(weight for weight, _key, _word in reasons)
    best = max((one for one in reasons if one[0] > 0), key=lambda one: one[0], default=(0.0, "", ""))
    return Fit(stand, score, best[1], best[2])


def _reasons(
    stand: Stand, profile: Mapping[str, Any], catalogue: Catalogue
) -> Iterator[tuple[float, str, str]]:
    jobs = [catalogue.occupations[one] for one in stand.occupations.split() if one in catalogue.occupations]
    tracks = {str(one.get("job")) for one in records(profile.get("job.shortlist")) if not one.get("aside")}
    projects = set(map(str, listed(profile.get("project.kept"))))
    said = mapping(profile.get("job.reactions"))
    for job in jobs:
        if job.id in tracks:
            yield 3.0, "shortlist", name(job)
        if job.id in projects:
            yield 2.0, "project", name(job)
        appeal = str(mapping(said.get(job.id)).get("appeal") or "")
        if appeal in _APPEAL:
            yield _APPEAL[appeal], f"reaction_{appeal}", name(job)
    yield from _schools(stand, profile, catalogue)
    yield from _themes(stand, profile)
    lit = list(map(str, listed(profile.get("interest.highlights"))))
    calls = {drive for job in jobs for drive in fit.strong(job)} | set(_of_themes(stand, catalogue))
    for drive in lit:
        if drive in calls:
            yield 0.5, "drive", label("drives", drive)


def _schools(
    stand: Stand, profile: Mapping[str, Any], catalogue: Catalogue
) -> Iterator[tuple[float, str, str]]:
    for one in records(profile.get("programme.compared")):
        programme = catalogue.programmes.get(str(one.get("id")))
        if programme is not None and stand.institution and programme.institution.id == stand.institution:
            yield 2.0, "programme", programme.institution.name
            return


def _themes(stand: Stand, profile: Mapping[str, Any]) -> Iterator[tuple[float, str, str]]:
    felt = mapping(profile.get("domain.reactions"))
    for theme in stand.domains.split():
        value = felt.get(theme)
        if isinstance(value, int | float) and value >= LIKED:
            yield 1.5, "lab", domain_label(theme)
        elif isinstance(value, int | float) and value <= LEFT_ASIDE:
            yield -1.0, "", ""


def _of_themes(stand: Stand, catalogue: Catalogue) -> Iterator[str]:
    for theme in stand.domains.split():
        weights = catalogue.domains[theme].weights if theme in catalogue.domains else {}
        yield from (drive for drive, weight in weights.items() if weight >= fit.STRONG)
