"""What somebody does by hand: send again, print instead, say that letters went out."""

from uuid import uuid4

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.notifications.models import Delivery
from yiwang.notifications.reads import choice_of, may_be_written, open_ways, words_in_force
from yiwang.notifications.rules.kinds import DEAD, Channel, State

from .sending import shown_address, when_open


@act("notifications.send")
def send_again(delivery: Delivery, *, by: Actor) -> Delivery:
    """Send a dead letter once more, under a new key: somebody has looked and wants it.

    Refused: not_dead, forbidden.
    """
    _must_be_dead(delivery)
    if why := may_be_written(delivery.message.resident):
        raise Refused("forbidden", why)
    now = moment()
    note(earlier=str(delivery.key), problem=delivery.problem)
    delivery.move_to(
        State.WAITING, now, key=uuid4(), attempts=0, problem="", next_at=when_open(now)
    )
    return delivery


@act("notifications.send")
def print_instead(delivery: Delivery, *, by: Actor) -> Delivery:
    """Put a letter into the queue of the printer for what did not arrive. Gives the letter.

    Refused: not_dead, forbidden, no_address, has_letter.
    """
    _must_be_dead(delivery)
    message, person = delivery.message, delivery.message.resident
    if why := may_be_written(person):
        raise Refused("forbidden", why)
    if person is None or Channel.PRINT not in open_ways(person, None):
        raise Refused("no_address", _("没有可用的住址，不能寄信。"))
    if Delivery.objects.filter(message=message, channel=Channel.PRINT).exists():
        raise Refused("has_letter", _("已经有一封信。"))
    return Delivery.objects.create(
        message=message,
        channel=Channel.PRINT,
        language=delivery.language,
        version=words_in_force(message.kind, Channel.PRINT).version,
        shown_to=shown_address(message, Channel.PRINT, choice_of(person)),
    )


def _must_be_dead(delivery: Delivery) -> None:
    lock(delivery)
    if delivery.state not in DEAD:
        raise Refused("not_dead", _("只有没有送到的通知才用再发。"))


@act("notifications.print")
def mark_printed(delivery: Delivery, *, by: Actor) -> Delivery:
    """Say that a letter was printed and sent. Refused: no_letter, sent, forbidden."""
    lock(delivery)
    if delivery.channel != Channel.PRINT:
        raise Refused("no_letter", _("这不是信件。"))
    if delivery.state != State.WAITING:
        raise Refused("sent", _("这封信已经处理。"))
    if why := may_be_written(delivery.message.resident):
        raise Refused("forbidden", why)
    delivery.move_to(State.SENT, moment(), attempts=1)
    return delivery
