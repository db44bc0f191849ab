"""What a file really is, read from its first bytes; a name proves nothing."""

from dataclasses import dataclass

_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)


def file_type(body: bytes) -> str | None:
    """The media type of a photo or a PDF; None for anything else."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _SIGNATURES if body.startswith(start)), None)


@dataclass(frozen=True)
class FileLimits:
    """How large an upload may be, and how long and fine a photo is kept (JPEG quality 1 to 95)."""

    megabytes: int
    pixels: int
    quality: int
