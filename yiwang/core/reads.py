"""Parameters in force, the working calendar, and the proof that the journal is whole."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from .memory import remember
from .models import CalendarDay, JournalLine, JournalSeal, KeptFile, Scan, TaskRun
from .models.law import all_parameters
from .rules.calendar import Calendar, parse_hours
from .rules.files import FileLimits
from .scanner import ScannerDown, scanner

NO_SEAL = b"\0" * 32


def parameter(rule_id: str, *, on: date | None = None, division: int | None = None) -> Any:
    """The value of a rule on a day in a place: the nearest jurisdiction that sets it.

    Order: the division itself, its parents up to the province, the nation (`CN`), the default.
    Raises LookupError when no row is in force, because a number must never be guessed.
    """
    day = on or timezone.localdate()
    rows = all_parameters().get(rule_id, [])
    in_force = {
        row["jurisdiction"]: row["value"]
        for row in rows
        if row["effective_from"] <= day and (not row["effective_to"] or day <= row["effective_to"])
    }
    for place in _jurisdictions(division or settings.CITY):
        if place in in_force:
            return in_force[place]
    raise LookupError(_("参数 %(rule)s 在 %(day)s 没有数值。") % {"rule": rule_id, "day": day})


def _jurisdictions(key: int) -> list[str]:
    text = f"{key:012d}"
    cuts = [text[:n].ljust(12, "0") for n in (12, 9, 6, 4, 2)]
    return [*dict.fromkeys(cuts), "CN", ""]


def file_limits() -> FileLimits:
    """What holds for every uploaded file (EXP-27)."""
    return FileLimits(
        int(parameter("matters.attachment_megabytes")),
        int(parameter("core.photo_pixels")),
        int(parameter("core.photo_quality")),
    )


def calendar() -> Calendar:
    """The working calendar of the installation, remembered for a minute."""
    return remember("core.law.calendar", 60, _read_calendar)


def _read_calendar() -> Calendar:
    first, last = (date.fromisoformat(day) for day in parameter("core.calendar_range"))
    rows = CalendarDay.objects.values_list("date", "kind", "name", "provisional")
    hours = parse_hours(parameter("core.working_hours"))
    return Calendar.of(rows, first, last, hours, parameter("core.end_of_day"))


@dataclass(frozen=True)
class JournalReport:
    """What verifying found: how much was checked and the first line that is not as sealed."""

    seals: int
    lines: int
    unsealed: int
    broken_line: int | None
    problem: str
    head: str

    @property
    def sound(self) -> bool:
        return self.broken_line is None and not self.problem


def line_digest(line: JournalLine) -> bytes:
    """32 bytes over one line as it was sealed."""
    body = json.dumps(line.digest_body(), sort_keys=True, ensure_ascii=False).encode()
    return hashlib.sha256(body).digest()


def seal_digest(previous: bytes, lines: list[int], digests: bytes) -> bytes:
    """The keyed digest of a seal: who lacks the key cannot make a changed chain look whole."""
    key = bytes.fromhex(settings.KEYS["journal"])
    body = previous + json.dumps(lines).encode() + digests
    return hmac.new(key, body, hashlib.sha256).digest()


def verify_journal() -> JournalReport:
    """Walk every seal from the first and name the first line that was changed or removed."""
    previous, seals, lines = NO_SEAL, 0, 0
    for seal in JournalSeal.objects.order_by("pk").iterator(chunk_size=50):
        broken = _broken_line(seal)
        if broken is not None:
            return JournalReport(seals, lines, 0, broken, _("日志行与封存时不一致"), "")
        if not _chained(seal, previous):
            return JournalReport(seals, lines, 0, seal.lines[0], _("封印链断开"), "")
        previous, seals, lines = bytes(seal.digest), seals + 1, lines + len(seal.lines)
    total = JournalLine.objects.count()
    return JournalReport(seals, lines, total - lines, None, "", previous.hex())


def _chained(seal: JournalSeal, previous: bytes) -> bool:
    expected = seal_digest(previous, seal.lines, bytes(seal.digests))
    return bytes(seal.previous) == previous and hmac.compare_digest(bytes(seal.digest), expected)


def _broken_line(seal: JournalSeal) -> int | None:
    found = JournalLine.objects.in_bulk(seal.lines)
    for pk, expected in zip(seal.lines, _split(bytes(seal.digests)), strict=False):
        line = found.get(pk)
        if line is None or line_digest(line) != expected:
            return int(pk)
    return None


def _split(digests: bytes) -> Iterator[bytes]:
    return (digests[at : at + 32] for at in range(0, len(digests), 32))


@dataclass(frozen=True)
class SealState:
    """How far the journal is sealed: lines waiting, and the age of the oldest in seconds."""

    sealed_at: datetime | None
    unsealed: int
    lag_seconds: int


def seal_state() -> SealState:
    """Read from the newest seal and the lines after it; quick whatever the journal's length."""
    last = JournalSeal.objects.order_by("-pk").first()
    after = max(last.lines) if last else 0
    waiting = JournalLine.objects.filter(pk__gt=after).order_by("pk")
    oldest = waiting.values_list("at", flat=True).first()
    lag = int((timezone.now() - oldest).total_seconds()) if oldest else 0
    return SealState(last.at if last else None, waiting.count(), max(lag, 0))


def model_name(label: str) -> str:
    """What a kind of record is called, from its label in the journal; else the label itself."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


@dataclass(frozen=True)
class ScannerState:
    """Whether uploads are looked at for viruses, by what, and how many files wait for it."""

    wanted: bool
    about: str
    waiting: int

    @property
    def answers(self) -> bool:
        return bool(self.about)


def scanner_state() -> ScannerState:
    """Asks the scanner itself; the files of all apps that wait, however many kinds there are."""
    look = scanner()
    try:
        about = look.about() if look else ""
    except ScannerDown:
        about = ""
    kinds: list[Any] = [one for one in apps.get_models() if issubclass(one, KeptFile)]
    waiting = sum(one.objects.filter(scan=Scan.WAITING).exclude(file="").count() for one in kinds)
    return ScannerState(look is not None, about, waiting)


@dataclass(frozen=True)
class ScheduledTask:
    """A job with its hours, as cron says them; empty for one that an act starts."""

    task: TaskRun
    cron: str


def scheduled_tasks(actor: object) -> list[ScheduledTask]:
    """All jobs the clock starts, and others that have run; those that failed first."""
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    hours = {one.task.name: one.cron for one in app.periodic_registry.periodic_tasks.values()}
    known = {one.code: one for one in TaskRun.objects.visible_to(actor)}
    rows = [
        ScheduledTask(known.get(code) or TaskRun(code=code), hours.get(code, ""))
        for code in {*hours, *known}
    ]
    return sorted(rows, key=lambda row: (row.task.state != "failed", not row.cron, row.task.code))


def count_of(rows: QuerySet[Any]) -> Coalesce:
    """How many rows there are, as part of another statement."""
    alone = rows.order_by().annotate(_all=Value(1)).values("_all")
    counted = alone.annotate(_n=Count("pk")).values("_n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
