"""The programme of a fair on paper: where each stand is, what one finds there, and lines for one's own notes; A4, folded to A5."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.application import agenda_words as words
from bot.application.cards import fonts
from careers.text import fold
from storage.gatherings import Gathering
from storage.stands import Stand

TEMPLATE = Path(__file__).with_name("cards") / "programme.typ"
ANYWHERE = "Sans emplacement indiqué"
_CONTROL = dict.fromkeys([*range(32), 127])


def pdf(
    gathering: Gathering, stands: Sequence[Stand], domains: Mapping[str, str], centre: str, today: date
) -> bytes:
    """The programme as a tagged PDF. `domains`: id -> label of the themes. Takes about a second: not in the event loop."""
    import typst  # noqa: PLC0415 -- heavy, on first use

    told = json.dumps(content(gathering, stands, domains, centre, today), ensure_ascii=False)
    made = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        font_paths=[str(fonts())],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": told},
    )
    return bytes(made)


def content(
    gathering: Gathering, stands: Sequence[Stand], domains: Mapping[str, str], centre: str, today: date
) -> dict[str, Any]:
    """What stands on the paper, in the order in which one walks through the hall."""
    details = gathering.details
    unsure = words.checked(gathering, today)
    facts = [
        ("Quand", words.when(gathering, today)),
        ("Où", details.place),
        ("Pour venir", details.route),
        ("À savoir", unsure),
    ]
    return {
        "title": _plain(words.title(gathering)),
        "centre": _plain(centre),
        "cancelled": not gathering.planned,
        "about": _plain(details.about),
        "facts": [{"label": label, "text": _plain(text)} for label, text in facts if text],
        "places": [
            {"spot": spot or ANYWHERE, "stands": [_stand(one, domains) for one in listed]}
            for spot, listed in by_spot(stands)
        ],
    }


def by_spot(stands: Sequence[Stand]) -> list[tuple[str, list[Stand]]]:
    """The stands of each place: « A2 » before « A10 », those without a place last."""
    held: dict[str, list[Stand]] = {}
    for one in sorted(stands, key=lambda each: fold(each.name)):
        held.setdefault(one.spot.strip(), []).append(one)
    return sorted(held.items(), key=lambda pair: (not pair[0], _natural(pair[0])))


def _natural(spot: str) -> list[tuple[int, int, str]]:
    """A key that puts numbers in their order."""
    parts = re.findall(r"\d+|[^\W\d]+", fold(spot))
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def _stand(stand: Stand, domains: Mapping[str, str]) -> dict[str, Any]:
    named = [domains[one] for one in stand.domains.split() if one in domains]
    return {"name": _plain(stand.name), "about": _plain(stand.about), "themes": ", ".join(named)}


def _plain(text: str) -> str:
    return text.replace("\n", " ").translate(_CONTROL)
