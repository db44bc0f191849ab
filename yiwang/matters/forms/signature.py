"""A signature drawn on the screen: the PNG that the pad puts into its field."""

import base64
import binascii

from django.core.files.uploadedfile import SimpleUploadedFile

from yiwang.core.rules.files import file_type

SIGNED = "data:image/png;base64,"


def drawn_png(image: str) -> bytes | None:
    """The PNG of a signature pad; None when nothing was drawn or it is no PNG."""
    if not image.startswith(SIGNED):
        return None
    try:
        body = base64.b64decode(image.removeprefix(SIGNED), validate=True)
    except binascii.Error:
        return None
    return body if file_type(body) == "image/png" else None


def signature_file(image: str) -> SimpleUploadedFile | None:
    """The same as an upload; None when there is none."""
    body = drawn_png(image)
    return SimpleUploadedFile("signature.png", body, "image/png") if body else None
