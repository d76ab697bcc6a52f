"""Themes of the centre as pages speak of them: their words, and occupations in which one of them is practised every day."""

from collections.abc import Sequence

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

    Unexpected: what it calls on first is not what the theme calls on. Without a theme: three of different drives.
    """
    here = [o for o in catalogue.occupations.values() if key in o.tumo_domains]
    pool = sorted(here or catalogue.occupations.values(), key=lambda o: chance(seed, key, o.id))
    expected = _strong(catalogue.domains.get(key))
    far = [o for o in pool if not expected & set(fit.first_drives(o))]
    chosen = far[:1]
    for one in pool:
        if len(chosen) < SHOWN and one not in chosen and not _all_alike([*chosen, one]):
            chosen.append(one)
    everywhere = sorted(catalogue.occupations.values(), key=lambda o: chance(seed, key, o.id))
    for one in everywhere:  # a theme that few occupations practise: the rest comes from elsewhere
        if len(chosen) < SHOWN and one not in chosen and not _all_alike([*chosen, one]):
            chosen.append(one)
    return sorted(chosen, key=lambda o: chance(seed, "order", key, o.id))


def named(occupation: Occupation) -> str:
    """An occupation on a button, in both genders."""
    return capital(name(occupation))


def _strong(domain: Domain | None) -> set[str]:
    """The drives that a theme calls on most."""
    if domain is None:
        return set()
    most = max(domain.weights.values(), default=0)
    return {drive for drive, weight in domain.weights.items() if weight == most}


def _all_alike(chosen: Sequence[Occupation]) -> bool:
    """Whether three of them would share a first drive."""
    if len(chosen) < SHOWN:
        return False
    drives = [set(fit.first_drives(one)) for one in chosen]
    return bool(set.intersection(*drives))
