"""The e-mail of the morning: how much waits for somebody, and nothing about anybody (EXP-12)."""

import smtplib
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances, moment
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar

from .actions import begin_digest, fail_digest
from .models import Digest
from .reads.digest import digest_lines

MOST: Final = 500
SECONDS: Final = 15


def send_digests() -> int:
    """Send what is due this morning; gives how many went out. Nothing on days without work."""
    today = timezone.localdate(moment())
    if not settings.EMAIL_FROM or not calendar().is_working_day(today):
        return 0
    rows = Digest.objects.exclude(sent_on=today).select_related(
        "user", "post__user", "post__unit", "post__division"
    )
    with circumstances(channel="job"):
        return sum(_sent(one) for one in rows.order_by("pk")[:MOST])


def _sent(digest: Digest) -> int:
    system, today = Actor.system(), timezone.localdate(moment())
    if digest.post.user_id != digest.user_id or not digest.post.is_held(today):
        return 0
    with override(digest.user.language or settings.LANGUAGE_CODE):
        lines = digest_lines(Actor.of(digest.post))
        try:
            digest = begin_digest(digest, on=today, by=system)
        except Refused:
            return 0
        return _mailed(digest, lines, system) if lines else 0


def _mailed(digest: Digest, lines: list[str], by: Actor) -> int:
    letter = EmailMessage(
        _("一网：今天等您办的"),
        "\n".join([*lines, "", f"{settings.PUBLIC_URL}/desk/",
                   _("不想再收到，请在“通知”页取消。")]),
        settings.EMAIL_FROM, [digest.email], headers={"Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    line = get_connection(timeout=SECONDS)
    try:
        line.open()
    except (OSError, smtplib.SMTPException) as fault:
        fail_digest(digest, problem=type(fault).__name__, again=True, by=by)
        return 0
    try:
        line.send_messages([letter])
    except (OSError, smtplib.SMTPException) as fault:
        # Whether the server has it is not known: better once too few than twice.
        fail_digest(digest, problem=type(fault).__name__, again=False, by=by)
        return 0
    finally:
        line.close()
    return 1
