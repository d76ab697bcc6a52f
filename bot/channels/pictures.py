"""The picture of a part that goes out: a finished card, drawn now, or a picture that the person sent."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from bot.application import products as making
from bot.application.cards import CardError
from bot.application.services import Services
from bot.application.threads import in_thread
from bot.logs import get_logger
from storage import products, uploads
from storage.errors import CannotDecrypt

log = get_logger(__name__)


async def of_part(services: Services, body: Mapping[str, Any], person_id: str | None) -> bytes | None:
    """The bytes to send for a part of kind `picture`; None when there are none (its words stand for it)."""
    item = body.get("body") or {}
    if item.get("kind") == "picture":
        return await in_thread(services, lambda: _upload(services, str(body.get("reference")), person_id))
    made, media = await in_thread(services, lambda: _product(services, body, person_id))
    if made is None:
        return None
    try:
        return await asyncio.get_running_loop().run_in_executor(None, making.picture, made, media)
    except CardError as error:
        log.warning("card_not_drawn", why=type(error).__name__)
        return None


def _upload(services: Services, upload: str, person_id: str | None) -> bytes | None:
    if person_id is None:
        return None
    with services.database.read() as uow:
        found = uploads.get(uow, upload, person_id)
    return found.content if found else None


def _product(
    services: Services, body: Mapping[str, Any], person_id: str | None
) -> tuple[making.Product | None, bytes | None]:
    sealed = str((body.get("body") or {}).get("sealed") or "")
    if sealed:  # a visit's: the card came along, and nothing is kept
        try:
            return making.Product(**json.loads(services.box.open_text(sealed))), None
        except (CannotDecrypt, TypeError, ValueError):
            return None, None
    if person_id is None:
        return None, None
    with services.database.read() as uow:
        kept = products.get(uow, str(body.get("reference")), person_id)
        if kept is None:
            return None, None
        made = making.Product(kept.name, kept.title, kept.text, kept.values)
        media_id = making.media_id(made)
        media = uploads.get(uow, media_id, person_id) if media_id else None
    return made, media.content if media else None
