"""Quotas that keep a list of occupations open (content specification §3.7), the same for everybody."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import ceil

from careers.model import Nearness, Occupation

PER_TEN = {Nearness.NEAR: 5, Nearness.BESIDE: 3, Nearness.SURPRISE: 2}
LEVELS, BY_PRACTICE, NOT_DIGITAL, ONE_SECTOR = 3, 2, 2, 0.4
_FULL = 10
_POOL = 30  # of each nearness, so many of the best are tried, and the best of each kind that a quota asks for
_ROUNDS = 30
_BROKEN = 10.0  # what a broken quota costs, far above any fit


@dataclass(frozen=True, slots=True, eq=False)  # one object each: comparing them field by field is slow
class Option:
    """An occupation that may enter a list; `kept` ones, named by the learner, are never swapped out."""

    occupation: Occupation
    nearness: Nearness
    score: float
    kept: bool = False
    opening: bool = False  # came in to hold a quota


def by_practice(occupation: Occupation) -> bool:
    """Reachable through a qualification or an apprenticeship."""
    return any(way.kind in ("qualification", "apprenticeship") for way in occupation.ways)


def sector_cap(limit: int) -> int:
    return max(1, int(ONE_SECTOR * limit))


def share(limit: int) -> dict[Nearness, int]:
    """How many of each nearness in a list of `limit`: 5, 3 and 2 of ten."""
    surprises = round(PER_TEN[Nearness.SURPRISE] * limit / _FULL)
    beside = round(PER_TEN[Nearness.BESIDE] * limit / _FULL)
    return {Nearness.NEAR: limit - beside - surprises, Nearness.BESIDE: beside, Nearness.SURPRISE: surprises}


def broken(chosen: Sequence[Occupation], available: Mapping[str, bool]) -> int:
    """How far a list is from its quotas; `available` says which kinds of people-today exist in the catalogue."""
    size = len(chosen)

    sectors = Counter(o.sector for o in chosen)
    missing = max(0, _least(LEVELS, size) - len({o.prep_level for o in chosen}))
    missing += max(0, _least(BY_PRACTICE, size) - sum(map(by_practice, chosen)))
    missing += max(0, _least(NOT_DIGITAL, size) - sum(not o.digital for o in chosen))
    cap = sector_cap(size)
    missing += sum(count - cap for count in sectors.values() if count > cap)
    for today in ("mostly_women", "mostly_men") if size >= _FULL // 2 else ():
        missing += bool(available.get(today)) and not any(o.today == today for o in chosen)
    return missing


@cache
def _least(quota: int, size: int) -> int:
    """The quota of a longer list in proportion; of a shorter one only its whole part, so that the best stays first."""
    return ceil(quota * size / _FULL) if size >= _FULL else quota * size // _FULL


def choose(options: Iterable[Option], limit: int) -> list[Option]:
    """The best `limit` options within the quotas, as far as the options allow."""
    ranked = sorted(options, key=lambda option: (-option.kept, -option.score, option.occupation.id))
    chosen = _first(ranked, limit)
    available = {option.occupation.today: True for option in ranked}
    if not broken([option.occupation for option in chosen], available):
        return chosen
    pool = _pool(ranked, chosen)
    for _ in range(_ROUNDS):
        best = _best_swap(chosen, pool, available)
        if best is None:
            break
        place, option = best
        pool.append(chosen[place])
        pool.remove(option)
        chosen[place] = replace(option, opening=True)
    return chosen


def _first(ranked: Sequence[Option], limit: int) -> list[Option]:
    chosen: list[Option] = []
    sectors: Counter[str] = Counter()
    room = share(limit)
    for strict in (True, False):  # then, whatever nearness is left, as long as no sector takes over
        for option in ranked:
            if len(chosen) >= limit:
                return chosen
            fits = not strict or room[option.nearness] > 0
            if not fits or option in chosen:
                continue
            if sectors[option.occupation.sector] < sector_cap(limit):
                chosen.append(option)
                sectors[option.occupation.sector] += 1
                room[option.nearness] -= 1
    return chosen


def _pool(ranked: Sequence[Option], chosen: Sequence[Option]) -> list[Option]:
    counts: Counter[object] = Counter()
    pool: list[Option] = []
    for option in ranked:
        o = option.occupation
        kinds = (o.today, o.prep_level, by_practice(o), o.digital, o.sector)
        useful = any(counts[option.nearness, n, kind] < 2 for n, kind in enumerate(kinds))  # noqa: PLR2004 - a spare one
        if option in chosen or not (useful or counts[option.nearness] < _POOL):
            continue
        counts[option.nearness] += 1
        counts.update((option.nearness, n, kind) for n, kind in enumerate(kinds))
        pool.append(option)
    return pool


def _best_swap(
    chosen: Sequence[Option], pool: Sequence[Option], available: Mapping[str, bool]
) -> tuple[int, Option] | None:
    now = broken([option.occupation for option in chosen], available)
    if not now:
        return None
    best, found = 0.0, None
    for place, old in enumerate(chosen):
        if old.kept:
            continue
        for new in pool:
            if new.nearness != old.nearness:
                continue
            after = [
                *(o.occupation for o in chosen[:place]),
                new.occupation,
                *(o.occupation for o in chosen[place + 1 :]),
            ]
            mended = now - broken(after, available)
            gain = _BROKEN * mended + new.score - old.score
            if mended > 0 and gain > best:
                best, found = gain, (place, new)
    return found
