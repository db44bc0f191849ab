"""The dictionary as acts: published when something has changed; a list of codes changed with it."""

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, moment, note
from yiwang.core.errors import Refused
from yiwang.dictionary.models import DictionaryVersion
from yiwang.dictionary.reads import content_now, current
from yiwang.dictionary.rules import FIRST, changes_between, next_number
from yiwang.divisions.models import Division
from yiwang.residents import actions as register


@act("dictionary.publish")
def publish(city: Division, *, by: Actor) -> DictionaryVersion:
    """Publish what has changed as the next version, with date and list of changes.

    Raises Refused nothing_new.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('yiwang.dictionary'))")
    last, content = current(), content_now()
    changes = changes_between(last.content, content) if last else []
    if last is not None and not changes:
        raise Refused("nothing_new", _("%(number)s 版以来没有变化。") % {"number": last.number})
    number = next_number(last.number, changes) if last else FIRST
    note(number=number, changes=len(changes))
    return DictionaryVersion.objects.create(
        number=number,
        published_on=timezone.localdate(moment()),
        content=content,
        changes=changes,
        by_label=by.label[:160],
    )


@act("residents.codes")
def add_code(
    city: Division, *, table: str, code: str, name: str, name_en: str, basis: str, by: Actor
) -> DictionaryVersion:
    """Add a code to a list, or reword one of the city's, and publish. Raises Refused as
    `residents.actions.save_code` does, and nothing_new.
    """
    _have_a_first(city, by)
    register.save_code(city, field=table, code=code, name=name, name_en=name_en, basis=basis, by=by)
    return publish(city, by=by)


@act("residents.codes")
def withdraw_code(
    city: Division, *, table: str, code: str, reason: str, by: Actor
) -> DictionaryVersion:
    """Offer a code no longer, and publish. Raises Refused."""
    _have_a_first(city, by)
    register.withdraw_code(city, field=table, code=code, reason=reason, by=by)
    return publish(city, by=by)


@act("residents.codes")
def restore_code(city: Division, *, table: str, code: str, by: Actor) -> DictionaryVersion:
    """Offer a withdrawn code again, and publish. Raises Refused."""
    _have_a_first(city, by)
    register.restore_code(city, field=table, code=code, by=by)
    return publish(city, by=by)


def _have_a_first(city: Division, by: Actor) -> None:
    """What is changed before anything was published would not be seen as a change."""
    if current() is None:
        publish(city, by=by)
