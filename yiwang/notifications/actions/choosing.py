"""What residents do: choose how they are told, and read what was told."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, moment, note
from yiwang.core.errors import Refused
from yiwang.notifications.models import Choice, Message
from yiwang.notifications.rules.kinds import Channel
from yiwang.residents.models import Resident


@act("notifications.choose")
def choose_way(
    resident: Resident, *, channel: str, language: str, optional: bool, email: str = "", by: Actor
) -> Choice:
    """From now on tell me this way. Raises Refused: channel, language, email, no_phone."""
    if channel not in Channel.values:
        raise Refused("channel", _("请选择一种方式。"), {"channel": "choice"})
    if language not in dict(settings.LANGUAGES):
        raise Refused("language", _("请选择一种语言。"), {"language": "choice"})
    if channel == Channel.EMAIL:
        try:
            validate_email(email)
        except ValidationError as fault:
            sentence = _("请填写电子邮箱，例如 name@example.cn。")
            raise Refused("email", sentence, {"email": sentence}) from fault
    if channel == Channel.SMS and not resident.phone:
        sentence = _("您的档案里没有手机号，请先补上，或选择别的方式。")
        raise Refused("no_phone", sentence, {"channel": sentence})
    kept = Choice.objects.create(
        resident=resident,
        channel=channel,
        email=email[:254] or None,
        language=language,
        optional=optional,
        given_by=by.label[:160],
    )
    note(resident=resident.pk, channel=channel, language=language, optional=optional)
    return kept


@act("notifications.choose")
def mark_read(resident: Resident, *, by: Actor) -> Resident:
    """The person has seen what lies in the account."""
    seen = Message.objects.filter(
        resident=resident, deliveries__channel=Channel.APP, read_at__isnull=True
    )
    note(resident=resident.pk, read=seen.update(read_at=moment()))
    return resident
