"""What people say and touch on Discord: plain JSON to keep, and what it means to the application."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.application.keyboard import touched
from bot.application.messages import Body, Hello, Odd, Press, Text
from bot.channels.discord_lib import discord

Raw = Mapping[str, Any]

LARGEST = 5 * 1024 * 1024  # bytes of a picture
ANSWER = "answer"  # the field of the form
LIST, FORM = ".s.", ".w."  # after a screen's id: its list, the button that opens its form
WORDS = {  # command -> the words it stands for; `boussole` is an arrival
    "menu": "menu",
    "pause": "pause",
    "aide": "sos",
    "donnees": "mes données",
    "relier": "relier",
    "delier": "délier",
    "stop": "stop",
}
FOR_TEAM = ("agenda", "equipe")
_ORDINARY = (discord.MessageType.default, discord.MessageType.reply)
_FILES = {"video": "video", "audio": "voice"}  # by the first half of their type


def message(said: discord.Message) -> dict[str, Any] | None:
    """A direct message as it is kept; None for what bots and Discord itself write."""
    if said.guild is not None or said.author.bot or said.type not in _ORDINARY:
        return None
    odd, text = _odd(said)
    pictures = [one.url for one in said.attachments if _is_picture(one)]
    return {
        "is": "message",
        "id": str(said.id),
        "room": str(said.channel.id),
        "text": text,
        "odd": odd,
        "picture": pictures[0] if pictures and not odd else "",
    }


def edited(event: discord.RawMessageUpdateEvent) -> dict[str, Any] | None:
    """A direct message that its author changed; None for anything else (Discord adds previews of links...)."""
    found = message(event.message)
    if found is None or event.message.edited_at is None:
        return None
    when = event.message.edited_at.isoformat()
    return {**found, "odd": "edited", "picture": "", "edited": when}


def acted(interaction: discord.Interaction) -> dict[str, Any]:
    """A button, a list, a form or a command as it is kept, with the token that answers it for fifteen minutes."""
    data: Raw = dict(interaction.data or {})
    found: dict[str, Any] = {
        "id": str(interaction.id),
        "app": str(interaction.application_id),
        "token": interaction.token,
    }
    if interaction.type is discord.InteractionType.application_command:
        given = {str(one["name"]): str(one.get("value", "")) for one in data.get("options") or ()}
        return {
            **found,
            "is": "slash",
            "name": data.get("name", ""),
            "code": given.get("code", ""),
            "words": given.get("texte", ""),
        }
    if interaction.type is discord.InteractionType.modal_submit:
        text = next(_filled(data.get("components") or ()), "")
        return {**found, "is": "form", "data": data.get("custom_id", ""), "text": text}
    values = [str(one) for one in data.get("values") or ()]
    return {**found, "is": "press", "data": data.get("custom_id", ""), "values": values}


def body(payload: Raw) -> Body | None:
    """What a kept payload means; None for what calls for nothing. Pictures are fetched by the adapter."""
    match payload["is"]:
        case "slash":
            code = str(payload["code"]).strip()
            if payload["name"] in FOR_TEAM:  # whose it is, the application knows
                return Text(f"/{payload['name']} {payload.get('words', '')}".strip())
            word = WORDS.get(str(payload["name"]))
            return Hello(code) if word is None else Text(code if word == "relier" and code else word)
        case "form":
            return Text(str(payload["text"]), screen_of(payload))
        case "press":
            return _pressed(payload)
        case _:
            text = str(payload["text"])
            if payload["odd"]:
                return None if payload["odd"] == "edited" and not text else Odd(payload["odd"], text)
            return Text(text) if text.strip() else None


def written_at(payload: Raw) -> datetime:
    """When it was written or touched."""
    if "edited" in payload:
        return datetime.fromisoformat(str(payload["edited"]))
    return discord.utils.snowflake_time(int(payload["id"]))


def screen_of(payload: Raw) -> str:
    """The screen that a touched part belongs to, as its id claims."""
    return str(payload.get("data") or "").partition(".")[0]


def _pressed(payload: Raw) -> Body:
    data = str(payload["data"])
    if data.endswith(LIST):
        digits = [int(one) if one.isdecimal() else -1 for one in payload["values"]]
        return Press(screen_of(payload), tuple(digits))
    touch = touched(data)
    # What no board of ours carries belongs to no screen: the application says where things are.
    return touch.body if touch is not None and touch.body is not None else Press("", ())


def _odd(said: discord.Message) -> tuple[str, str]:
    """The kind of oddity, "" for none, and the words in it."""
    if said.message_snapshots:
        return "forwarded", "\n".join(
            [said.content, *(one.content for one in said.message_snapshots)]
        ).strip()
    if said.poll is not None:
        return "poll", f"{said.content}\n{said.poll.question}".strip()
    if said.stickers:
        return "sticker", said.content
    if said.flags.voice:
        return "voice", said.content
    if said.attachments and not any(_is_picture(one) for one in said.attachments):
        return _odd_file(said.attachments), said.content
    return "", said.content


def _odd_file(attached: Sequence[discord.Attachment]) -> str:
    if any(_is_image(one) for one in attached):
        return "too_big"
    return _FILES.get((attached[0].content_type or "").partition("/")[0], "file")


def _is_picture(attached: discord.Attachment) -> bool:
    return _is_image(attached) and attached.size <= LARGEST


def _is_image(attached: discord.Attachment) -> bool:
    return (attached.content_type or "").startswith("image/")


def _filled(components: Any) -> Iterator[str]:
    """The words in the form, in whichever box Discord puts its field."""
    for one in components:
        if one.get("custom_id") == ANSWER:
            yield str(one.get("value") or "")
        yield from _filled(one.get("components") or ())
        yield from _filled([one["component"]] if one.get("component") else ())
