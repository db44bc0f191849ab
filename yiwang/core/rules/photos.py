"""A photograph made smaller and silent about where it was taken; place and time only when asked.

Source: EXP-27. EXIF is what cameras write into a picture, GPS position included.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
MOST_PIXELS: Final = 100_000_000
"""No camera makes more; a small file that unfolds to more is an attack."""
_GPS, _EXIF = 0x8825, 0x8769
_TAKEN, _SOUTH_NORTH, _LATITUDE, _WEST_EAST, _LONGITUDE = 0x9003, 1, 2, 3, 4
_ZONE: Final = ZoneInfo("Asia/Shanghai")


class BrokenPhoto(ValueError):
    """The bytes begin like a picture and are none."""


@dataclass(frozen=True)
class Photo:
    """The bytes to keep, and what the camera wrote: moment and degrees, None when unknown."""

    body: bytes
    taken_at: datetime | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None


def lean_photo(body: bytes, kind: str, *, longest: int, quality: int) -> Photo:
    """The picture upright, at most `longest` pixels long, without anything the camera wrote.

    `quality` is that of JPEG and WebP, 1 to 95. Raises BrokenPhoto.
    """
    try:
        with Image.open(io.BytesIO(body), formats=[FORMATS[kind]]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise BrokenPhoto
            exif = opened.getexif()
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((longest, longest))
            kept = upright.convert("RGB") if kind == "image/jpeg" else upright
            return Photo(_written(kept, FORMATS[kind], quality), _moment(exif), *_place(exif))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as fault:
        raise BrokenPhoto from fault


def small_picture(body: bytes, longest: int) -> bytes:
    """A JPEG to look at before the file itself is opened."""
    with Image.open(io.BytesIO(body)) as opened:
        opened.thumbnail((longest, longest))
        return _written(opened.convert("RGB"), "JPEG", 80)


def _written(picture: Image.Image, name: str, quality: int) -> bytes:
    out = io.BytesIO()
    # Copied pixel by pixel into a picture of its own: nothing of the file comes along.
    bare = Image.new(picture.mode, picture.size)
    if picture.mode == "P" and (palette := picture.getpalette()):
        bare.putpalette(palette)
    bare.paste(picture)
    bare.save(out, name, quality=quality, optimize=True)
    return out.getvalue()


def _moment(exif: Image.Exif) -> datetime | None:
    said = exif.get_ifd(_EXIF).get(_TAKEN, "")
    try:
        return datetime.strptime(str(said), "%Y:%m:%d %H:%M:%S").replace(tzinfo=_ZONE)
    except ValueError:
        return None


def _place(exif: Image.Exif) -> tuple[Decimal | None, Decimal | None]:
    said = exif.get_ifd(_GPS)
    try:
        latitude = _degrees(said[_LATITUDE], said[_SOUTH_NORTH] == "S")
        longitude = _degrees(said[_LONGITUDE], said[_WEST_EAST] == "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None, None
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None, None
    return latitude, longitude


def _degrees(parts: Any, negative: bool) -> Decimal:
    degrees, minutes, seconds = (float(one) for one in parts)
    found = degrees + minutes / 60 + seconds / 3600
    return round(Decimal(-found if negative else found), 6)
