"""What the console writes itself: notices read, and the e-mail of the morning."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused

from .models import Digest, Look


@act("accounts.self")
def mark_notices_read(look: Look, *, up_to: datetime, by: Actor) -> Look:
    """Remember that the notices of a post were read up to a moment; it never goes back.

    `look` names person and post and may be new. Raises PermissionDenied for someone else's.
    """
    kept, made = Look.objects.get_or_create(
        user_id=look.user_id, post_id=look.post_id, defaults={"seen_at": up_to}
    )
    if not made and kept.seen_at < up_to:
        kept.seen_at = up_to
        kept.save(update_fields=["seen_at", "updated_at"])
    note(notices_read_to=kept.seen_at)
    return kept


@act("accounts.self")
def wish_digest(digest: Digest, *, email: str, by: Actor) -> Digest:
    """Have what waits sent to an address each working day; an empty one ends it.

    `digest` names person and post and may be new. Raises Refused email.
    """
    kept = Digest.objects.filter(user_id=digest.user_id, post_id=digest.post_id)
    address = email.strip()
    note(wanted=bool(address))
    if not address:
        kept.delete()
        return digest
    try:
        validate_email(address)
    except ValidationError:
        sentence = _("邮箱格式不对，应像 name@example.cn。")
        raise Refused("email", sentence, {"email": sentence}) from None
    made, _new = Digest.objects.update_or_create(
        user_id=digest.user_id, post_id=digest.post_id, defaults={"email": address, "problem": ""}
    )
    return made


@act("accounts.self")
def begin_digest(digest: Digest, *, on: date, by: Actor) -> Digest:
    """Take it for a day before anything is sent, so that nobody sends it twice.

    Raises Refused sent.
    """
    lock(digest)
    if digest.sent_on == on:
        raise Refused("sent", _("今天已经发过。"))
    digest.sent_on, digest.problem = on, ""
    digest.save(update_fields=["sent_on", "problem", "updated_at"])
    return digest


@act("accounts.self")
def fail_digest(digest: Digest, *, problem: str, again: bool, by: Actor) -> Digest:
    """It did not go out, and why; `again`: it is certain, and the next run tries once more."""
    digest.problem = problem[:120]
    digest.sent_on = None if again else digest.sent_on
    digest.save(update_fields=["sent_on", "problem", "updated_at"])
    return digest
