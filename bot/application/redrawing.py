"""Draws a learner's picture again: checked from its header, without EXIF, made smaller."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.application.uploads import FORMATS, MAX_PIXELS, MAX_SIDE, Accepted, Fault, UploadError


def decode(content: bytes) -> Image.Image:
    """The picture, opened with care. UploadError says what is wrong with it."""
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


def encode(picture: Image.Image) -> Accepted:
    """The picture drawn anew: nothing of the sender's file is left in it."""
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
