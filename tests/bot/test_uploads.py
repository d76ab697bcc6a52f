import io
import struct
import zlib

import pytest
from PIL import Image

from bot.application import uploads
from bot.application.uploads import Fault, UploadError


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **how) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 120 if mode in ("L", "P") else None).save(out, form, **how)
    return out.getvalue()


def fault(content: bytes, already: int = 0) -> Fault:
    with pytest.raises(UploadError) as caught:
        uploads.accept(content, already)
    return caught.value.fault


def test_a_photo_loses_its_exif_and_its_comment():
    exif = Image.Exif()
    exif[0x010F] = "CANARI"
    exif[0x8825] = {1: "N", 2: (50.0, 38.0, 0.0)}  # where it was taken

    accepted = uploads.accept(picture(exif=exif, comment=b"CANARI"), 0)

    assert b"CANARI" not in accepted.content
    assert b"Exif" not in accepted.content
    assert not Image.open(io.BytesIO(accepted.content)).getexif()


def test_a_photo_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6

    accepted = uploads.accept(picture(size=(60, 40), exif=exif), 0)

    assert (accepted.width, accepted.height) == (40, 60)


def test_a_big_picture_is_made_smaller():
    accepted = uploads.accept(picture(size=(4000, 2000)), 0)

    assert (accepted.width, accepted.height) == (1600, 800)


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("PNG", "RGBA"),
        ("PNG", "LA"),
        ("PNG", "P"),
        ("GIF", "P"),
        ("WEBP", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
    ],
)
def test_usual_pictures_are_taken(form, mode):
    assert uploads.accept(picture(form, mode=mode), 0).media_type in ("image/png", "image/jpeg")


def test_what_is_clear_stays_clear():
    accepted = uploads.accept(picture("PNG", mode="RGBA"), 0)

    assert accepted.media_type == "image/png"


def test_a_bomb_is_refused_from_its_header():
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))

    assert fault(bomb) in (Fault.TOO_BIG, Fault.NOT_A_PICTURE)


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"GIF89a"]
)
def test_what_is_no_picture_is_refused(content):
    assert fault(content) in (Fault.NOT_A_PICTURE, Fault.UNREADABLE)


def test_a_picture_cut_in_the_middle_is_unreadable():
    content = picture(size=(800, 800))

    assert fault(content[: len(content) // 2]) is Fault.UNREADABLE


def test_more_than_five_megabytes_or_twenty_pictures_are_too_much():
    assert fault(b"x" * (uploads.MAX_BYTES + 1)) is Fault.TOO_BIG
    assert fault(picture(), already=20) is Fault.TOO_MANY
