"""Pictures that learners send: checked from their header, drawn again without EXIF, made smaller."""

import io
import warnings
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps, UnidentifiedImageError

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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd EXIF and palette remarks; the limit on pixels is our own
        return _encode(_decode(content))


def _decode(content: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)  # reads the header only
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise UploadError(Fault.NOT_A_PICTURE) from error
    if picture.width * picture.height > MAX_PIXELS:
        raise UploadError(Fault.TOO_BIG)
    try:
        if picture.format == "JPEG":
            picture.draft("RGB", (MAX_SIDE, MAX_SIDE))  # decodes at a smaller scale: less memory
        picture.load()
        return ImageOps.exif_transpose(picture)
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        MemoryError,
        IndexError,
        KeyError,
        TypeError,
    ) as error:
        raise UploadError(Fault.UNREADABLE) from error


def _encode(picture: Image.Image) -> Accepted:
    clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    drawn = picture.convert("RGBA" if clear else "RGB")
    drawn.thumbnail((MAX_SIDE, MAX_SIDE))
    fresh = Image.new(drawn.mode, drawn.size)  # a new picture: no info, no EXIF, no comment comes along
    fresh.paste(drawn)
    out = io.BytesIO()
    if clear:
        fresh.save(out, "PNG", optimize=False)
    else:
        fresh.save(out, "JPEG", quality=86)
    return Accepted(out.getvalue(), "image/png" if clear else "image/jpeg", fresh.width, fresh.height)
