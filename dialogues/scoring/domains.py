"""What a learner felt in the themes of the centre: one number for each, from the labs they prepared and looked back on.

The rule, published: a lab that was lived says its energy (1 to 5) and the wish for what follows; a lab that was only
prepared says what it was chosen for. What was lived replaces what was declared. The number of a theme is the mean of
what was said of it, from 1 to 5; a theme of which nothing was said has none.
"""

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any

LOWEST, HIGHEST = 1, 5
WISHES = {"deeper": 5, "stop": 1}  # « une pause » and « autre domaine » say nothing against this one
DECLARED = {"tool": 4, "make": 4, "try": 3}  # « avec d'autres », « me surprendre » say nothing of the theme


def felt(log: Any) -> dict[str, float]:
    """Theme -> mean of energies and wishes (1 to 5, one decimal), from `session.log`; whatever is damaged is left out."""
    records = [one for one in log if isinstance(one, Mapping)] if isinstance(log, list) else []
    themes = dict.fromkeys(str(one["domain"]) for one in records if one.get("domain"))
    found = {}
    for theme in themes:
        own = [one for one in records if one.get("domain") == theme]
        said = [value for one in own for value in _lived(one)] or _declared(own)
        if said:
            found[theme] = round(fmean(said), 1)
    return found


def _lived(record: Mapping[str, Any]) -> Iterator[int]:
    energy = record.get("energy")
    if isinstance(energy, int) and not isinstance(energy, bool) and LOWEST <= energy <= HIGHEST:
        yield energy
    wish = WISHES.get(str(record.get("again")))
    if wish is not None:
        yield wish


def _declared(records: Sequence[Mapping[str, Any]]) -> list[int]:
    said = (DECLARED.get(str(one.get("intention"))) for one in records)
    return [one for one in said if one is not None]
