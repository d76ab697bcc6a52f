"""What a Telegram update says: commands, buttons, pictures and oddities, in the words of the application. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.application.keyboard import touched
from bot.application.messages import Body, Hello, Odd, Text
from bot.application.staff_words import is_command

Raw = Mapping[str, Any]

KINDS = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
)  # of updates, all others are not asked for
LARGEST = 5 * 1024 * 1024  # bytes of a picture
WORDS = {  # command -> the words it stands for
    "menu": "menu",
    "pause": "pause",
    "passer": "passer",
    "retour": "retour",
    "simple": "simple",
    "aide": "sos",
    "sos": "sos",
    "humain": "humain",
    "donnees": "mes données",
    "relier": "relier",
    "delier": "délier",
    "ici": "écris-moi ici",
    "stop": "stop",
}
MENU = (  # shown by the app beside the field, in this order
    ("menu", "Tout ce qu’on peut faire ensemble"),
    ("pause", "Faire une pause"),
    ("aide", "Des numéros d’aide, tout de suite"),
    ("humain", "Parler à une personne"),
    ("donnees", "Voir ou effacer mes données"),
    ("relier", "Continuer sur une autre appli"),
    ("ici", "Être prévenu ou prévenue ici"),
    ("delier", "Ne plus être relié ou reliée ici"),
    ("stop", "Ne plus recevoir de rappels"),
)
_ODD = {
    "sticker": "sticker",
    "animation": "sticker",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "location": "location",
    "venue": "location",
    "contact": "contact",
    "poll": "poll",
    "dice": "other",
    "game": "other",
    "story": "other",
    "document": "file",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an update comes from. `address` is the private chat's number; empty for anything but a person in private."""

    address: str = ""
    group: str = ""
    bot: bool = False


def origin(update: Raw) -> Origin:
    """Whose update it is."""
    query = update.get("callback_query")
    part: Raw = query or next((update[kind] for kind in KINDS if update.get(kind)), {})
    sender = part.get("from") or {}
    chat = (query.get("message") or {}).get("chat") if query else part.get("chat")
    kind, number = (chat or {}).get("type"), str((chat or {}).get("id", ""))
    if query and not chat:  # a button of a message too old to be shown with it
        kind, number = "private", str(sender.get("id", ""))
    if sender.get("is_bot"):
        return Origin(bot=True)
    return Origin(address=number) if kind == "private" else Origin(group=number)


def body(update: Raw) -> Body | None:
    """What the person said or touched; None for what calls for nothing. Pictures are not here: see `photo`."""
    if query := update.get("callback_query"):
        touch = touched(str(query.get("data") or ""))
        return touch.body if touch else Text("")
    if edited := update.get("edited_message"):
        return Odd("edited", _words(edited)) if _words(edited) else None
    return _message(update.get("message") or {})


def written_at(update: Raw) -> datetime | None:
    """When it was written; None for a button, of which Telegram does not say."""
    message: Raw = update.get("edited_message") or update.get("message") or {}
    seconds = message.get("edit_date") or message.get("date")
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else None


def photo(update: Raw) -> tuple[str, str] | None:
    """(file id, caption) of a picture that is small enough to be fetched, the largest of its sizes."""
    message = update.get("message") or {}
    caption = str(message.get("caption") or "")
    if _forwarded(message):
        return None
    sizes = [one for one in message.get("photo") or () if int(one.get("file_size") or 0) <= LARGEST]
    if sizes:
        best = max(sizes, key=lambda one: int(one.get("width", 0)) * int(one.get("height", 0)))
        return str(best["file_id"]), caption
    document = message.get("document") or {}
    if _is_image(document) and int(document.get("file_size") or 0) <= LARGEST:
        return str(document["file_id"]), caption
    return None


def _message(message: Raw) -> Body | None:
    words = _words(message)
    if _forwarded(message):
        return Odd("forwarded", words)
    if message.get("photo") or _is_image(message.get("document") or {}):  # or `photo` would have found it
        return Odd("too_big", words)
    for field, kind in _ODD.items():
        if message.get(field):
            return Odd(kind, words)
    if not words:
        return None
    return _command(message, words) or Text(words)


def _command(message: Raw, words: str) -> Body | None:
    first: Raw = next(iter(message.get("entities") or ()), {})
    if first.get("type") != "bot_command" or first.get("offset") != 0:
        return None
    name, _, payload = words[1:].partition(" ")
    name = name.split("@")[0].lower()
    if name == "start":
        return Hello(payload.strip())
    if is_command(words):
        return Text(words)  # whose it is, the application knows
    return Text(WORDS[name]) if name in WORDS else Text("menu")


def _words(message: Raw) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _is_image(document: Raw) -> bool:
    return str(document.get("mime_type", "")).startswith("image/")


def _forwarded(message: Raw) -> bool:
    return bool(message.get("forward_origin"))
