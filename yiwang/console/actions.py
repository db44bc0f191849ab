"""Marking notices as read: the only thing the console writes itself."""

from datetime import datetime

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, note

from .models import Look


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
