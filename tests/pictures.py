"""Real pictures for tests: what is no picture is not taken, and a lean one stays as it is."""

import io
from typing import Any

from PIL import Image

from yiwang.core.rules.photos import lean_photo


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8), **more: Any) -> bytes:
    """The bytes of a picture; `exif` and the like go into it."""
    out = io.BytesIO()
    Image.new("RGB", size, "#7a1f1f").save(out, kind, **more)
    return out.getvalue()


PNG = lean_photo(picture(), "image/png", longest=2560, quality=85).body
