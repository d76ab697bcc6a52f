"""Every occupation compared at once with what a learner said: fit, nearness, and how many answers speak for it."""

from collections.abc import Collection, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from careers import fit
from careers.columns import Marks, Numbers, Table
from careers.heard import SPEAKS, Heard
from careers.model import DRIVES, Interests, Nearness


def fits(interests: Interests, table: Table, family: Mapping[str, float]) -> Numbers:
    """From 0 to 1 for each occupation, NaN where nothing that was said can be compared (content specification §3.7).

    Four terms, the missing ones left out. `family` is the mean appeal by sector (`fit.families`).
    """
    total, weights = np.zeros(len(table)), np.zeros(len(table))
    for weight, term in (
        (fit.SHAPE, likeness(interests, table)),
        (fit.REACTIONS, _appeal(interests, table, family)),
        (fit.VALUES, _shared_values(interests, table)),
        (fit.SKILLS, _proven(interests, table)),
    ):
        if term is not None:
            said = ~np.isnan(term)
            total[said] += weight * term[said]
            weights[said] += weight
    found: Numbers = np.divide(total, weights, out=np.full(len(table), np.nan), where=weights > 0)
    return found


def likeness(interests: Interests, table: Table) -> Numbers | None:
    """Correlation of the drives, brought to 0-1; a half where it cannot be worked out."""
    outline = fit.outline(interests.drives)
    if outline is None:
        return None
    theirs = table.drives[:, [DRIVES.index(drive) for drive in outline]]
    theirs = theirs - theirs.mean(axis=1, keepdims=True)
    spread = np.sqrt((theirs**2).mean(axis=1))
    together: Numbers = (theirs * np.array(list(outline.values()))).mean(axis=1)
    alike: Numbers = np.divide(together, spread, out=np.zeros(len(table)), where=spread > 0)
    return (alike + 1) / 2


def _appeal(interests: Interests, table: Table, family: Mapping[str, float]) -> Numbers:
    found = np.full(len(table), np.nan)
    for sector, appeal in family.items():
        found[table.sectors == sector] = appeal
    for occupation_id, reaction in interests.reactions.items():
        if occupation_id in table.place and reaction in fit.APPEAL:
            found[table.place[occupation_id]] = fit.APPEAL[reaction]
    return found


def _shared_values(interests: Interests, table: Table) -> Numbers | None:
    if not interests.values:
        return None
    worth = {value: fit.NEXT_RANK**rank for rank, value in enumerate(interests.values)}
    return _sum(table, (weight * table.value(value) for value, weight in worth.items())) / sum(worth.values())


def _proven(interests: Interests, table: Table) -> Numbers | None:
    proofs = {
        skill: min(n, fit.ENOUGH_PROOFS) / fit.ENOUGH_PROOFS for skill, n in interests.skills.items() if n
    }
    if not proofs:
        return None
    return _sum(table, (share * table.skill(skill) for skill, share in proofs.items())) / table.skill_count


def _sum(table: Table, terms: Iterable[Numbers]) -> Numbers:
    total = np.zeros(len(table))
    for term in terms:
        total += term
    return total


def speaking(interests: Interests, table: Table, heard: Heard) -> Numbers:
    """How many different answers speak for each occupation: those that `because.reasons` would quote."""
    count = _sum(table, (table.value(value) for value in dict.fromkeys(interests.values)))
    for skill, proofs in interests.skills.items():
        if proofs > 0:
            count += table.skill(skill)
    for drive in dict.fromkeys(interests.highlights):
        count += table.calls_on(drive)
    for domain, place in dict.fromkeys(interests.labs):
        count += lab(table, domain, place)
    for marks in _liked(interests, table):
        count += marks
    return count + _declared(interests, table) + _from_texts(table, heard)


def lab(table: Table, domain: str, place: str) -> Marks:
    """Where a theme lived in a lab, and the place liked in it, are found again."""
    here = table.domain(domain)
    return here & table.calls_on(place) if place else here


def _from_texts(table: Table, heard: Heard) -> Numbers:
    count = np.zeros(len(table))
    for ids in (heard.own_words, heard.project):
        count[_rows(ids, table)] += 1
    for condition in heard.wishes.wished:
        count += table.condition(condition)
    kin = np.zeros(len(table), bool)
    for row in _rows(heard.linked, table):
        others = table.akin(row).copy()
        others[row] = False
        kin |= others
    count += kin
    if heard.drives:
        count += np.logical_or.reduce([table.calls_on(drive) for drive in heard.drives])
    return count


def _liked(interests: Interests, table: Table) -> Iterable[Marks]:
    """Where each liked activity calls on a strong drive; an activity of two drives is one answer."""
    by_item: dict[str, Marks] = {}
    for item_id, drive, _ in interests.liked:
        marks = table.calls_on(drive)
        by_item[item_id] = by_item[item_id] | marks if item_id in by_item else marks
    return by_item.values()


def _declared(interests: Interests, table: Table) -> Numbers:
    """How many reactions speak for each occupation: its own, and those to occupations of its family."""
    count = np.zeros(len(table))
    for occupation_id, appeal in interests.reactions.items():
        row = table.place.get(occupation_id)
        if row is None:
            continue
        if appeal in SPEAKS:  # for those akin to it too
            count += table.akin(row)
            count[row] = count[row] if table.strong[row].any() else count[row] + 1
    return count


def _rows(ids: Iterable[str], table: Table) -> list[int]:
    return [table.place[one] for one in ids if one in table.place]


_KINDS = (Nearness.SURPRISE, Nearness.BESIDE, Nearness.NEAR)
_NEAR_SHARE = 0.6  # of what an answer speaks for, when no drive stands out


def nearness(table: Table, lit: Iterable[str], scores: Numbers, spoken: Numbers) -> list[Nearness]:
    """Near: a drive that stands out comes first there. Beside: it is strong there. A surprise has none of them.

    When no drive stands out, what the answers speak for is near, the lower part of it beside, the rest a surprise.
    """
    lights = set(lit)
    kinds = _by_drives(table, lights) if lights else _by_score(scores, spoken)
    return [_KINDS[kind] for kind in kinds.tolist()]


def leaves_room(table: Table, lit: Iterable[str], least: int) -> bool:
    """Whether enough occupations stand beside those drives, and enough have none of them."""
    kinds = _by_drives(table, set(lit))
    return int((kinds == 1).sum()) >= least and int((kinds == 0).sum()) >= least


def _by_drives(table: Table, lit: Collection[str]) -> NDArray[np.int_]:
    shown = np.array([drive in lit for drive in DRIVES])
    touched = (table.strong & shown).any(axis=1)
    kinds: NDArray[np.int_] = touched.astype(int) + (touched & (table.first & shown).any(axis=1))
    return kinds


def _by_score(scores: Numbers, spoken: Numbers) -> NDArray[np.int_]:
    kinds = np.zeros(len(scores), int)
    rows = np.flatnonzero(spoken > 0)
    ranked = rows[np.argsort(-scores[rows], kind="stable")]
    kinds[ranked] = 1
    kinds[ranked[: int(len(ranked) * _NEAR_SHARE)]] = 2
    if len(ranked) == len(scores):  # something must be left to surprise with
        kinds[ranked[-len(ranked) // 5 :]] = 0
    return kinds
