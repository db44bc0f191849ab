"""From the outbox to the carrier and back: every step is committed before the next begins."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.masking import mask_address, mask_phone
from yiwang.notifications.models import Choice, Delivery, Message
from yiwang.notifications.reads import choice_of, may_be_written, reach_of, ways_of, words_in_force
from yiwang.notifications.rules.kinds import CARRIED, Channel, State
from yiwang.notifications.rules.ways import after_quiet, next_attempt


@act("notifications.deliver")
def route_message(message: Message, *, by: Actor) -> Message:
    """Find the ways of a message, once. Who may not be written to gets a line that says why."""
    lock(message)
    if message.routed_at is not None:
        raise Refused("routed", _("这条通知已经安排。"))
    message.routed_at = now = moment()
    message.save(update_fields=["routed_at", "updated_at"])
    person = message.resident
    why = may_be_written(person)
    choice = choice_of(person)
    found = [] if why else ways_of(message, choice)
    if not found:
        why = why or (_("本人不要邀请和提醒。") if person else _("没有开通短信，请打电话告知。"))
        Delivery.objects.create(
            message=message, channel=Channel.APP, state=State.WITHHELD, done_at=now, problem=why
        )
    for way in found:
        _delivery(message, way, choice, now).save()
    note(resident=message.resident_id, reference=message.reference, ways=found, withheld=why)
    return message


def _delivery(message: Message, way: Channel, choice: Choice | None, now: datetime) -> Delivery:
    made = Delivery(message=message, channel=way)
    made.language = choice.language if choice else "zh-hans"
    made.version = words_in_force(message.kind, way).version
    made.shown_to = shown_address(message, way, choice)
    if way == Channel.APP:  # it lies there from now on
        made.state, made.done_at = State.SENT, now
    elif way in CARRIED:
        made.next_at = when_open(now)
    return made


def shown_address(message: Message, way: str, choice: Choice | None) -> str:
    """Where it goes, masked, as lists and the matter show it."""
    person = message.resident
    if way == Channel.SMS:
        return mask_phone(message.phone)
    if way == Channel.EMAIL:
        name, _at, host = str(choice.email if choice else "").partition("@")
        return f"{name[:1]}***@{host}"[:60]
    if way == Channel.PRINT and person and person.dwelling:
        return mask_address(person.dwelling.address)[:60]
    return ""


def when_open(at: datetime) -> datetime:
    """Now, or when the quiet hours are over."""
    begins, ends = (int(parameter(f"notifications.quiet_{end}")) for end in ("from", "to"))
    return after_quiet(timezone.localtime(at), begins, ends)


@act("notifications.deliver")
def begin_delivery(delivery: Delivery, *, by: Actor) -> Delivery:
    """Take a sending in hand: from here on a crash leaves `sending` behind, never `waiting`.

    Refused: taken, when another worker has it or it is not due; quiet, in the quiet hours. Who died
    or objected meanwhile is not written to.
    """
    lock(delivery)
    now = moment()
    if delivery.state != State.WAITING or delivery.next_at is None or delivery.next_at > now:
        raise Refused("taken", _("这条通知已由他人发送。"))
    if (opened := when_open(now)) > now:
        delivery.move_to(State.WAITING, now, next_at=opened)
        note(quiet_until=opened)
        return delivery
    if why := _forbidden(delivery):
        delivery.move_to(State.WITHHELD, now, problem=why, next_at=None)
        note(withheld=why)
        return delivery
    delivery.move_to(
        State.SENDING, now, begun_at=now, attempts=delivery.attempts + 1, next_at=None, problem=""
    )
    note(channel=delivery.channel, attempt=delivery.attempts)
    return delivery


def _forbidden(delivery: Delivery) -> str:
    """Why this way may not be used any more."""
    message = delivery.message
    person = message.resident
    if why := may_be_written(person):
        return why
    open_ = reach_of(person, choice_of(person)).open if person else ways_of(message, None)
    if delivery.channel not in open_:
        return _("号码或地址已经没有，或限制使用。")
    return ""


@act("notifications.deliver")
def settle_delivery(
    delivery: Delivery,
    *,
    state: str,
    problem: str = "",
    carrier_id: str = "",
    by: Actor,
) -> Delivery:
    """Write down how a sending ended. `waiting` means: not sent for certain, try again later.

    After the last pause of `notifications.pauses` it is given up and stands among the dead letters.
    """
    lock(delivery)
    if delivery.state != State.SENDING:
        raise Refused("settled", _("这条通知已经有了结果。"))
    now, said = moment(), {"problem": problem[:200], "carrier_id": carrier_id[:80]}
    if state == State.WAITING:
        pause = next_attempt(delivery.attempts, parameter("notifications.pauses"))
        if pause is None:
            delivery.move_to(State.FAILED, now, **said)
        else:
            delivery.move_to(State.WAITING, now, next_at=when_open(now + pause), **said)
    else:
        delivery.move_to(State(state), now, **said)
    note(
        channel=delivery.channel, state=delivery.state, attempt=delivery.attempts,
        problem=problem[:200],
    )  # fmt: skip
    return delivery


@act("notifications.deliver")
def recover_delivery(delivery: Delivery, *, by: Actor) -> Delivery:
    """What a crash left between sending and writing down.

    The carrier of text messages knows the key and answers a second time without sending; it is
    asked again. A mail server knows no key: whether it went out is for somebody to say.
    """
    lock(delivery)
    if delivery.state != State.SENDING:
        raise Refused("settled", _("这条通知已经有了结果。"))
    now = moment()
    if delivery.channel == Channel.SMS:
        delivery.move_to(State.WAITING, now, next_at=when_open(now))
    else:
        delivery.move_to(State.UNSURE, now, problem=_("发送时系统中断。"))
    note(channel=delivery.channel, state=delivery.state)
    return delivery
