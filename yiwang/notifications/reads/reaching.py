"""Whether a person may be written to, and which ways lead there."""

from django.conf import settings
from django.utils.translation import gettext as _

from yiwang.notifications.models import Choice, Message
from yiwang.notifications.rules.kinds import Channel, Kind
from yiwang.notifications.rules.ways import Reach, ways
from yiwang.residents.models import Resident
from yiwang.residents.reads import EVERYTHING, limits_on, living


def choice_of(resident: Resident | None) -> Choice | None:
    """What the person chose last, in this record or one merged into it."""
    if resident is None:
        return None
    rows = Choice.objects.filter(resident__in=resident.records())
    return rows.order_by("-pk").first()


def may_be_written(resident: Resident | None) -> str:
    """Why somebody is not written to, in words; empty when one may (EXP-50, PIPL 44-47)."""
    if resident is None:  # who applied without an account left the telephone to be told
        return ""
    if resident.pk not in living([resident.pk]):
        return _("本人已去世、迁出或档案已注销。")
    limits = limits_on(resident)
    if EVERYTHING in limits.by_field:
        return _("%(why)s：全部信息。") % {"why": limits.why(EVERYTHING)}
    return ""


def open_ways(resident: Resident, choice: Choice | None) -> set[Channel]:
    """The ways that are set up here, lead to this person and may be used."""
    limits = limits_on(resident)
    address = resident.dwelling.address if resident.dwelling else ""
    open_ = {
        Channel.SMS: settings.SMS_URL and resident.phone and not limits.on("phone"),
        Channel.EMAIL: settings.EMAIL_FROM and choice and choice.email,
        Channel.PRINT: address and not limits.on("home_address"),
    }
    return {way for way, found in open_.items() if found}


def reach_of(resident: Resident, choice: Choice | None) -> Reach:
    """What the person chose and what leads there, for the rule that decides."""
    return Reach(
        chosen=choice.channel if choice else "",
        optional=choice.optional if choice else True,
        open=open_ways(resident, choice),
    )


def ways_of(message: Message, choice: Choice | None) -> list[Channel]:
    """The ways a message takes; to who is no resident a text message alone."""
    if message.resident is None:
        return [Channel.SMS] if settings.SMS_URL and message.to_phone else []
    return ways(Kind(message.kind), reach_of(message.resident, choice))
