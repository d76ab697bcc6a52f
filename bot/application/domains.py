"""Themes of the centre as pages speak of them: their words, and occupations in which one of them is practised every day."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from bot.application.errands_jobs import chance
from bot.application.recommendations import capital
from careers import fit
from careers.because import name
from careers.catalogue import Catalogue
from careers.model import Domain, Occupation

SHOWN = 3  # occupations guessed at after a lab


def label(catalogue: Catalogue, key: str) -> str:
    """A theme as it stands on a button."""
    known = catalogue.domains.get(key)
    return known.label if known is not None else key.replace("_", " ").capitalize()


def inside(catalogue: Catalogue, key: str) -> str:
    """A theme inside a sentence (« ton lab animation »); what is written in capitals stays so."""
    said = label(catalogue, key)
    return said if said[1:2].isupper() else said[:1].lower() + said[1:]


def offered(catalogue: Catalogue) -> list[Domain]:
    """The themes that may be chosen: those not known to be closed; all of them when every one is."""
    known = list(catalogue.domains.values())
    return [one for one in known if one.open is not False] or known


def practised(catalogue: Catalogue, key: str, seed: str) -> list[Occupation]:
    """Three occupations in which a theme is practised, one of them unexpected, never three of one drive; same seed, same three.

    Unexpected: what leads in it is not what the theme calls on most. Without a theme of ours: three of different drives.
    """
    expected = _called_on(catalogue.domains.get(key))
    here = [o for o in catalogue.occupations.values() if key in o.tumo_domains]
    pool = sorted(here or catalogue.occupations.values(), key=lambda o: chance(seed, key, o.id))
    chosen = [max(pool, key=lambda o: _beyond(o, expected))]
    for one in pool:
        if len(chosen) < SHOWN and one not in chosen and not _all_alike([*chosen, one], expected):
            chosen.append(one)
    return sorted(chosen, key=lambda o: chance(seed, "order", key, o.id))


def lead(occupation: Occupation, expected: AbstractSet[str]) -> str:
    """The drive that leads in an occupation; of equal ones, that which is not expected."""
    drives = fit.first_drives(occupation)
    return next((drive for drive in drives if drive not in expected), drives[0])


def _beyond(occupation: Occupation, expected: AbstractSet[str]) -> int:
    """How unexpected an occupation is: 2 when what leads in it all is, 1 when something that leads is, else 0."""
    drives = set(fit.first_drives(occupation))
    return 0 if drives <= expected else 1 if drives & expected else 2


def named(occupation: Occupation) -> str:
    """An occupation on a button, in both genders."""
    return capital(name(occupation))


def _called_on(domain: Domain | None) -> AbstractSet[str]:
    """The drives that a theme calls on most."""
    if domain is None:
        return frozenset()
    most = max(domain.weights.values(), default=0)
    return {drive for drive, weight in domain.weights.items() if weight == most}


def _all_alike(chosen: Sequence[Occupation], expected: AbstractSet[str]) -> bool:
    """Whether three of them would have the same drive in the lead."""
    return len(chosen) == SHOWN and len({lead(one, expected) for one in chosen}) == 1
