"""Contacts of one case (INF-25)."""

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, note
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.matters.models import Event, Matter
from yiwang.matters.rules import Channel, EventKind


@act("matters.note")
def record_contact(matter: Matter, *, channel: str, text: str, by: Actor) -> Matter:
    """Write down that the applicant called, came or wrote about this matter, and what was said."""
    if channel not in Channel.values:
        raise Refused("channel", _("请选一种来源。"), {"channel": "choice"})
    words = clean_text(text, multiline=True)
    if not words:
        raise Refused("text_missing", _("请写下说了什么。"), {"text": "required"})
    Event.tell(matter, EventKind.CONTACTED, by, words, channel=channel)
    note(channel=channel)
    return matter
