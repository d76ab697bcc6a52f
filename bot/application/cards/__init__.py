"""Pictures of cards: what the font cannot draw is taken out, a child process draws, the last ones are remembered."""

import base64
import hashlib
import json
import subprocess  # nosec B404  # one program of ours, no shell
import sys
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

SECONDS = 15  # a card takes a tenth of one
REMEMBERED = 64  # pictures; a few hundred kilobytes each
WORKERS = 2  # child processes at a time


class CardError(Exception):
    """The card cannot be drawn; its text equivalent stands."""


_drawn: OrderedDict[str, bytes] = OrderedDict()
_lock = threading.Lock()
_places = threading.BoundedSemaphore(WORKERS)


def draw(template: str, values: Mapping[str, Any], media: bytes | None = None) -> bytes:
    """The PNG of a template (a file of this folder) filled with these values. CardError when it cannot be drawn."""
    order = {"template": template, "fonts": str(fonts()), "picture": "", "ending": ""}
    filled = dict(values)
    if media is not None:
        order |= {"picture": base64.b64encode(media).decode(), "ending": _ending(media)}
        filled["picture"] = f"picture.{order['ending']}"
    order["data"] = json.dumps(drawable(filled), ensure_ascii=False)
    asked = json.dumps(order).encode()
    key = hashlib.sha256(asked).hexdigest()
    with _lock:
        if key in _drawn:
            _drawn.move_to_end(key)
            return _drawn[key]
    made = _child(asked)
    with _lock:
        _drawn[key] = made
        while len(_drawn) > REMEMBERED:
            _drawn.popitem(last=False)
    return made


def _child(asked: bytes) -> bytes:
    command = [sys.executable, "-m", "bot.application.drawing"]
    try:
        with _places:
            done = subprocess.run(command, input=asked, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603  # nosec B603
    except (subprocess.SubprocessError, OSError) as error:
        raise CardError(type(error).__name__) from None  # its words may hold the learner's
    if not done.stdout.startswith(b"\x89PNG"):
        raise CardError("no picture")
    return done.stdout


def _ending(media: bytes) -> str:
    return "png" if media.startswith(b"\x89PNG") else "jpg"


@cache
def fonts() -> Path:
    """The folder of the font files that come with the font's package."""
    return Path(str(files("font_hanken_grotesk").joinpath("files")))


@cache
def _known() -> Any:
    regular = next(path for path in sorted(fonts().iterdir()) if "Regular" in path.name)
    from PIL import ImageFont  # noqa: PLC0415 -- Pillow, only when a card is drawn

    return ImageFont.truetype(str(regular), 20)


@cache
def _blank() -> bytes:
    return bytes(_known().getmask("\U0010fffd"))


@cache
def _has(letter: str) -> bool:
    """Whether the font draws this letter (not the box of a missing one)."""
    return letter.isspace() or bytes(_known().getmask(letter)) != _blank()


def drawable(value: Any) -> Any:
    """The same value with what the font lacks taken out of its texts (emoji, other scripts), nothing else."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return {key: drawable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [drawable(one) for one in value]
    return value


def _text(text: str) -> str:
    """Letters that the font lacks become their plain form, or nothing."""
    kept = []
    for letter in unicodedata.normalize("NFC", text):
        if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn") and letter != "\n":
            continue
        if _has(letter):
            kept.append(letter)
        else:
            kept += [one for one in unicodedata.normalize("NFKD", letter) if one.isascii()]
    return " ".join("".join(kept).replace("'", "’").split())
