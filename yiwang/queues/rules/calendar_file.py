"""An appointment as an iCalendar file (RFC 5545), for the calendar of a telephone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

MOST: Final = 75
"""Octets of a line; what is longer is folded."""


@dataclass(frozen=True)
class Entry:
    """One event: `uid` names it for ever, `changed` counts its versions; `off` when cancelled."""

    uid: str
    title: str
    place: str
    text: str
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    changed_at: datetime
    off: bool = False


def calendar_file(one: Entry) -> bytes:
    """The file, with CRLF and folded lines."""
    sequence = int((one.changed_at - one.made_at).total_seconds())
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Yiwang//Appointments//ZH",
        f"METHOD:{'CANCEL' if one.off else 'PUBLISH'}", "BEGIN:VEVENT", f"UID:{one.uid}",
        f"DTSTAMP:{_utc(one.changed_at)}", f"SEQUENCE:{sequence}",
        f"STATUS:{'CANCELLED' if one.off else 'CONFIRMED'}",
        f"DTSTART:{_utc(one.starts_at)}", f"DTEND:{_utc(one.ends_at)}",
        f"SUMMARY:{_text(one.title)}", f"LOCATION:{_text(one.place)}",
        f"DESCRIPTION:{_text(one.text)}", "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT1H",
        f"DESCRIPTION:{_text(one.title)}", "END:VALARM", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return b"".join(_folded(line) for line in lines)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(said: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        said = said.replace(plain, escaped)
    return said


def _folded(line: str) -> bytes:
    """Broken before 75 octets and never inside a character; the rest begins with a space."""
    parts: list[bytes] = []
    held = b""
    for char in line:
        octets = char.encode()
        if len(held) + len(octets) > (MOST if not parts else MOST - 1):
            parts.append(held)
            held = b""
        held += octets
    return b"\r\n ".join([*parts, held]) + b"\r\n"
