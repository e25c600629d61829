"""Photographs from outside: known by their content, measured before they are opened, made anew.

What is kept is a JPEG of our own making: nothing that stood beside the picture comes with it, no
place, no device, no time, and no second file.
"""

import io
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from backend.core.errors import Invalid

MOST_BYTES = 8 * 1024 * 1024
"""A photograph of a telephone of these years has 2 to 6 MB."""
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
"""A JPEG is opened at an eighth of its size if need be; the others are opened whole, and one of
16 megapixels takes 64 MB of memory."""
LONGEST_SIDE = 1_600
"""What can be read on a photograph of a bill still can."""
QUALITY = 82
CONTENT_TYPE = "image/jpeg"


class BadPicture(Invalid):
    """No photograph that can be used."""

    message = _("This photo cannot be used. Please take one as JPEG or PNG, of at most 8 MB.")


@dataclass(frozen=True)
class Picture:
    """A photograph made anew."""

    content: bytes
    width: int
    height: int


def picture_of(sent: bytes) -> Picture:
    """The photograph in what was sent, whatever its name said that it is.

    Raises:
        BadPicture: too large, in bytes or in pixels, broken, or something else.
    """
    if len(sent) > MOST_BYTES:
        raise _bad("too_large")
    try:
        with (
            warnings.catch_warnings(),
            Image.open(io.BytesIO(sent), formats=list(MOST_PIXELS)) as image,
        ):
            warnings.simplefilter("error")
            if image.width * image.height > MOST_PIXELS[str(image.format)]:
                raise _bad("too_many_pixels")
            return _made_anew(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _bad("too_many_pixels") from error
    except UnidentifiedImageError as error:
        raise _bad("no_picture") from error
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Warning) as error:
        raise _bad("broken") from error


def _made_anew(image: Image.Image) -> Picture:
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", upright.size, "white")
    seen = upright.convert("RGBA")
    plain.paste(seen, mask=seen.getchannel("A"))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), plain.width, plain.height)


def _bad(code: str) -> BadPicture:
    return BadPicture(fields={"photo": [code]})
