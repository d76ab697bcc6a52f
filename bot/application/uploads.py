"""Pictures that learners send: what is accepted, what is refused and why."""

import warnings
from dataclasses import dataclass
from enum import StrEnum

MAX_BYTES = 5 * 1024 * 1024
MAX_SIDE = 1600  # pixels, after
MAX_PIXELS = 40_000_000  # before: what a phone may send; a 20,000 x 20,000 PNG took 1.3 GB
MAX_COUNT = 20  # per person
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


class Fault(StrEnum):
    """What is wrong with an upload; the microcopy has a sentence `upload.<fault>` for each."""

    UNREADABLE = "unreadable"
    TOO_BIG = "too_big"
    TOO_MANY = "too_many"
    NOT_A_PICTURE = "not_a_picture"


class UploadError(Exception):
    """The picture is refused; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Accepted:
    """A picture drawn again by us: nothing of the sender's file is left in it."""

    content: bytes
    media_type: str
    width: int
    height: int


def accept(content: bytes, already: int) -> Accepted:
    """Check and re-encode a picture of somebody who has `already` kept that many. UploadError otherwise."""
    if already >= MAX_COUNT:
        raise UploadError(Fault.TOO_MANY)
    if len(content) > MAX_BYTES:
        raise UploadError(Fault.TOO_BIG)
    from bot.application import redrawing  # noqa: PLC0415 -- Pillow, only when somebody sends a picture

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd EXIF and palette remarks; the limit on pixels is our own
        return redrawing.encode(redrawing.decode(content))
