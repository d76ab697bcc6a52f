"""Tries every address of the catalogue on the network and reports by institution."""

import time
from collections import Counter, defaultdict

import httpx

from bot.cli.catalogue_desk import held
from bot.cli.say import fail, say
from careers.catalogue import Catalogue
from careers.sources import links, register

RULES, POINTERS, SOURCES = "Règles", "Adresses utiles", "Sources"


def addresses(catalogue: Catalogue, institution: str = "") -> dict[str, dict[str, list[str]]]:
    """Address → what it belongs to → the rows that have it."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for school in catalogue.institutions.values():
        found[school.url][school.name].append(f"etablissement {school.id}")
    for programme in catalogue.programmes.values():
        found[programme.url][programme.institution.name].append(f"programme {programme.id}")
    for rule in catalogue.rules.values():
        found[rule.source.url][RULES].append(f"regle {rule.id}")
    for pointer in catalogue.pointers.values():
        found[pointer.url][POINTERS].append(f"adresse {pointer.id}")
    for origin in register.shipped():
        found[origin.address][SOURCES].append(origin.id)
    found.pop("", None)
    if not institution:
        return found
    only = catalogue.institutions.get(institution)
    if only is None:
        fail(f"Aucun établissement n’a l’id « {institution} ». « boussole catalogue show MOTS » les trouve.")
    return {url: groups for url, groups in found.items() if only.name in groups}


def run(institution: str, pause: float) -> int:
    """Ask, tell each address that needs a person as it comes, then a line for each institution; 1 when one is dead."""
    catalogue = held().catalogue
    wanted = addresses(catalogue, institution)
    say(f"{len(wanted)} adresses, au plus une demande par site toutes les {pause:g} s. Ctrl+C arrête.")
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    dead = 0
    with httpx.Client(
        timeout=links.TIMEOUT, headers={"User-Agent": links.AGENT}, follow_redirects=False
    ) as client:
        for outcome in links.check(wanted, client, time.sleep, time.monotonic, max(pause, 0.0)):
            dead += outcome.dead
            _tell(outcome, wanted[outcome.url])
            for group in wanted[outcome.url]:
                tally[group][outcome.state] += 1
    _summary(tally)
    say(f"{dead} adresse(s) à réparer sur {len(wanted)}.")
    return 1 if dead else 0


def _tell(outcome: links.Outcome, groups: dict[str, list[str]]) -> None:
    if outcome.state == "fine":
        return
    status = f" ({outcome.status})" if outcome.status else ""
    say(f"{outcome.url} {links.STATES[outcome.state]}{status}")
    if outcome.leads_to:
        say(f"    mène à {outcome.leads_to}")
    rows = [row for group in groups.values() for row in group]
    say(f"    {', '.join(rows[:5])}{f' et {len(rows) - 5} autres' if len(rows) > 5 else ''}")  # noqa: PLR2004 -- enough to find them


def _summary(tally: dict[str, Counter[str]]) -> None:
    say()
    for group in sorted(tally):
        counts = tally[group]
        bad = sum(counts[state] for state in links.DEAD)
        parts = [f"{counts['fine']} bonnes"]
        parts += [f"{counts['moved']} déplacées"] if counts["moved"] else []
        parts += [f"{counts['refused']} à ouvrir à la main"] if counts["refused"] else []
        parts += [f"{bad} à réparer"] if bad else []
        say(f"{group} : {', '.join(parts)}")
