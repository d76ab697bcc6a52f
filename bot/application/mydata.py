"""The learner's own data, for the learner alone: see, correct, export, erase one thing or everything."""

import base64
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.application import leaving
from bot.application.inwords import Words
from bot.application.services import BRUSSELS, Services
from careers.catalogue import Catalogue
from dialogues.library import Library
from dialogues.profile import VARIABLES, Kind, fits
from dialogues.render import french_date
from storage import agenda, conversations, erasure, people, products, pushes, uploads
from storage.unit_of_work import UnitOfWork

SERVICES = {
    "googleapis": "Chrome ou semblable",
    "mozilla": "Firefox",
    "apple": "Safari",
    "windows": "Edge",
}
LONGEST = 400  # characters of a correction
CORRECTABLE = (Kind.WORD, Kind.TEXT, Kind.ENUM)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing kept: the key to erase it by, what it is in French, and its value as readable text."""

    key: str
    label: str
    value: str
    correctable: bool = False


def overview(services: Services, person_id: str) -> tuple[Item, ...]:
    """Everything kept about this person that they told us, in words they can read. LookupError for nobody."""
    with services.database.read() as uow:
        held = conversations.load(uow, person_id)
        kept = products.of_person(uow, person_id)
        pictures = uploads.of_person(uow, person_id)
        woken = pushes.of_person(uow, person_id)
    cards = (Item(f"product:{one.id}", "Carte", one.title) for one in kept)
    images = (Item(f"upload:{one.id}", "Image", one.alt or "sans légende") for one in pictures)
    signals = (
        Item(f"push:{one.id}", "Un appareil où je te fais signe", _since(services, one)) for one in woken
    )
    return (*overview_of(held.profile, services.library, services.catalogue), *cards, *images, *signals)


def _since(services: Services, browser: pushes.Subscription) -> str:
    """Which service a browser is woken by, and since when: enough to tell an old telephone from a new one."""
    service = urlsplit(browser.endpoint).hostname or ""
    name = next((name for part, name in SERVICES.items() if part in service), service)
    day = browser.created_at.astimezone(BRUSSELS).date()
    return f"{name}, depuis {french_date(day, services.local_now().date())}"


def overview_of(profile: Mapping[str, Any], library: Library, catalogue: Catalogue) -> tuple[Item, ...]:
    """The answers of a profile as items, in the order of the register; what has no value is left out."""
    words = Words(library, catalogue)
    order = {name: place for place, name in enumerate(VARIABLES)}
    names = sorted(profile, key=lambda one: order.get(one, len(order)))
    return tuple(
        Item(name, words.label(name), words.value(name, profile[name]), _correctable(name))
        for name in names
        if profile[name] not in (None, "", [], {}) and name != "progress.open"
    )


def _correctable(name: str) -> bool:
    declared = VARIABLES.get(name)
    return declared is not None and declared.kind in CORRECTABLE and not declared.system


def correct(services: Services, person_id: str, key: str, value: Any) -> bool:
    """Put another value in one item; False when it does not fit the variable."""
    declared = VARIABLES.get(key)
    said = str(value).strip()
    if declared is None or declared.system or declared.kind not in CORRECTABLE:
        return False
    if not said or len(said) > LONGEST or not fits(key, said):
        return False
    with services.database.begin() as uow:
        if people.get(uow, person_id, lock=True) is None:
            return False
        conversations.note(uow, person_id, {key: said})
    return True


def export(services: Services, person_id: str) -> bytes:
    """A zip: donnees.json, a readable page, the pictures. LookupError for nobody."""
    with services.database.read() as uow:
        everything = erasure.export(uow, person_id)
    items = overview(services, person_id)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "donnees.json", json.dumps(_without_content(everything), ensure_ascii=False, indent=2)
        )
        archive.writestr("a-lire.txt", "\n".join(f"{one.label} : {one.value}" for one in items) + "\n")
        for row in everything.get("uploads", ()):
            ending = "png" if row["media_type"] == "image/png" else "jpg"
            archive.writestr(f"images/{row['id']}.{ending}", base64.b64decode(row["content"]))
    return out.getvalue()


def _without_content(everything: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The pictures stand beside the file, not in it."""
    return {
        table: [{k: v for k, v in row.items() if not (table == "uploads" and k == "content")} for row in rows]
        for table, rows in everything.items()
    }


def erase_item(services: Services, person_id: str, key: str) -> bool:
    """Erase one item for good (its picture too); False when there is no such item."""
    with services.database.begin() as uow:
        if people.get(uow, person_id, lock=True) is None:
            return False
        kind, _, item = key.partition(":")
        if kind == "product" and item:
            return products.discard(uow, person_id, item)
        if kind == "upload" and item:
            return uploads.discard(uow, person_id, item)
        if kind == "push" and item:
            return pushes.forget_id(uow, item, person_id)
        return _erase_answer(uow, person_id, key)


def _erase_answer(uow: UnitOfWork, person_id: str, key: str) -> bool:
    profile = conversations.profile(uow, person_id)
    if key not in profile:
        return False
    for media in _media(profile[key]):
        uploads.discard(uow, person_id, media)
    conversations.note(uow, person_id, {key: None})  # the sealed value is overwritten
    if key == "action.list":
        agenda.cancel(uow, f"action:{person_id}")
    return True


def _media(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            if name == "media_id" and one:
                yield str(one)
            yield from _media(one)
    elif isinstance(value, list):
        for one in value:
            yield from _media(one)


def erase_all(services: Services, person_id: str) -> None:
    """Erase the person and everything of theirs, at once."""
    with services.database.begin() as uow:
        leaving.erase(uow, person_id)
