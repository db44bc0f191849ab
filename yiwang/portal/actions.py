"""The portal's only own writes: tries at numbers and codes that do not exist."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_digits
from yiwang.matters.reads.results import Verified, result_by_code, verified
from yiwang.organizations.models import Application
from yiwang.queues.actions import forget_wrong_digits, note_wrong_digits
from yiwang.queues.models import Appointment
from yiwang.queues.reads.booking import by_number

from .models import Guess
from .reads.applying import application_of
from .reads.tracking import guess_of

__all__ = ["note_application", "note_guess", "note_wrong_code"]

# Kept longer than anybody waits between two tries, then swept out with the next.
KEPT = timedelta(days=90)


@act("portal.guess")
def note_guess(guess: Guess, *, by: Actor) -> Guess:
    """Count a wrong try at an unknown number; at the limit it is locked for a while.

    `guess` may be unsaved: its digest says which number. Tries and minutes are those of a matter.
    """
    return _counted(
        guess, int(parameter("matters.tracking_tries")), int(parameter("matters.tracking_lock"))
    )


@act("portal.guess")
def note_wrong_code(guess: Guess, *, by: Actor) -> Guess:
    """Count a wrong verification code from one place; at the limit it is locked for a while."""
    return _counted(
        guess, int(parameter("portal.verify_tries")), int(parameter("portal.verify_lock"))
    )


@act("portal.guess")
def note_application(guess: Guess, *, by: Actor) -> Guess:
    """Count an application sent from one place; at the limit no more are taken for a while."""
    return _counted(guess, int(parameter("portal.apply_most")), int(parameter("portal.apply_lock")))


def _counted(guess: Guess, tries: int, minutes: int) -> Guess:
    now = moment()
    Guess.objects.filter(updated_at__lt=now - KEPT).delete()
    kept, _new = Guess.objects.get_or_create(digest=guess.digest)
    lock(kept)
    kept.lock_at(tries, now + timedelta(minutes=minutes))
    kept.save()
    return kept


def checked(code: str, tries: Guess) -> Verified | None:
    """What stands behind a code; a wrong one is counted."""
    result = result_by_code(code)
    if result is None:
        note_wrong_code(tries, by=Actor.public("portal.guess"))
        return None
    return verified(result)


def proved_appointment(number: str, last_four: str) -> Appointment:
    """The appointment when number and digits agree; a wrong try is counted, unknown or not alike.

    Raises Refused: wrong, locked.
    """
    found, now = by_number(number), moment()
    guess = guess_of(f"book {number}")
    until = found.locked_until if found else guess.locked_until
    if until is not None and until > now:
        at = timezone.localtime(until).strftime("%H:%M")
        sentence = _("对不上的次数太多，这个预约号 %(time)s 以后才能再查。您也可以打电话询问。")
        raise Refused("locked", sentence % {"time": at})
    if found is not None and found.resident.phone_last4_matches(last_four):
        if found.failures:
            forget_wrong_digits(found, by=Actor.public("queues.find"))
        return found
    if found is not None:
        note_wrong_digits(found, by=Actor.public("queues.find"))
    else:
        note_guess(guess, by=Actor.public("portal.guess"))
    raise Refused("wrong", _("预约号和手机号末四位对不上，请核对后再试。"))


def take_application_from(address: str) -> None:
    """Count one more application from a place before it is looked at. Raises Refused too_many."""
    sent = guess_of(f"apply from {address}")
    if sent.locked_until is not None and sent.locked_until > moment():
        at = timezone.localtime(sent.locked_until).strftime("%H:%M")
        sentence = _("从这里提交的申请太多，请 %(time)s 以后再试，或者打电话询问。")
        raise Refused("too_many", sentence % {"time": at})
    note_application(sent, by=Actor.public("portal.guess"))


def proved_application(number: str, last_four: str) -> Application:
    """The application when number and digits agree; a wrong try is counted, unknown or not alike.

    Raises Refused: wrong, locked.
    """
    number = clean_digits(number)
    tried = guess_of(f"apply S{number}")
    if tried.locked_until is not None and tried.locked_until > moment():
        at = timezone.localtime(tried.locked_until).strftime("%H:%M")
        sentence = _("对不上的次数太多，这个编号 %(time)s 以后才能再查。您也可以打电话询问。")
        raise Refused("locked", sentence % {"time": at})
    found = application_of(f"S{number}")
    if found is not None and found.phone_matches(clean_digits(last_four)):
        return found
    note_guess(tried, by=Actor.public("portal.guess"))
    raise Refused("wrong", _("申请编号和联系电话末四位对不上，请核对后再试。"))
