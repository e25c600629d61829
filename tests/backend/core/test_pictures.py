"""Photographs from outside: bombs are refused, and nothing comes with the picture."""

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.core import pictures
from backend.core.pictures import BadPicture, picture_of

PLACE = {1: "N", 2: (31.0, 34.0, 12.0), 3: "E", 4: (120.0, 18.0, 0.0)}


def a_photo(
    kind: str = "JPEG", *, size: tuple[int, int] = (40, 30), with_exif: bool = False
) -> bytes:
    """A photograph of a telephone, with where and by what it was taken."""
    image = Image.new("RGB", size, "red")
    exif = Image.Exif()
    if with_exif:
        exif[0x010F] = "SecretPhone"
        exif[0x0112] = 6  # lies on its side
        exif.get_ifd(0x8825).update(PLACE)
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def a_png_that_says(width: int, height: int) -> bytes:
    """A few bytes that unfold to as many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_made_anew_without_place_or_device(kind: str) -> None:
    sent = a_photo(kind, with_exif=True)
    assert b"SecretPhone" in sent

    kept = picture_of(sent)

    assert b"SecretPhone" not in kept.content
    with Image.open(io.BytesIO(kept.content)) as image:
        assert image.format == "JPEG"
        assert not image.getexif()
        assert (image.width, image.height) == (30, 40) == (kept.width, kept.height)


def test_what_was_hidden_behind_the_picture_is_left_behind() -> None:
    kept = picture_of(a_photo() + b"<script>alert(1)</script>PK\x03\x04")
    assert b"script" not in kept.content
    assert b"PK\x03\x04" not in kept.content


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (a_png_that_says(50_000, 50_000), "too_many_pixels"),
        (a_png_that_says(5_000, 4_000), "too_many_pixels"),
        (a_png_that_says(4_000, 3_000), "broken"),
        (a_photo()[:200], "broken"),
        (b"GIF89a\x01\x00\x01\x00", "no_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no_picture"),
        (b"%PDF-1.7", "no_picture"),
        (b"MZ", "no_picture"),
        (b"", "no_picture"),
        (b"\xff\xd8\xff" + bytes(pictures.MOST_BYTES), "too_large"),
    ],
)
def test_bombs_and_other_things_are_refused(sent: bytes, code: str) -> None:
    with pytest.raises(BadPicture) as refused:
        picture_of(sent)
    assert refused.value.data["fields"] == {"photo": [code]}


def test_a_large_photo_is_made_small() -> None:
    kept = picture_of(a_photo(size=(4000, 3000)))
    assert (kept.width, kept.height) == (1600, 1200)


@given(cut=st.integers(0, 600), noise=st.binary(max_size=30))
@settings(max_examples=40, deadline=None)
def test_a_damaged_photo_is_a_picture_or_refused(cut: int, noise: bytes) -> None:
    photo = a_photo("PNG")
    with contextlib.suppress(BadPicture):
        kept = picture_of(photo[:cut] + noise + photo[cut + len(noise) :])
        assert kept.content.startswith(b"\xff\xd8\xff")
