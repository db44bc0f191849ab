"""Restricting the use of what is held, ending that, and using it all the same by legal duty."""

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.residents.models import Resident, UseLimit
from yiwang.residents.reads.limits import limits_on


@act("residents.limit")
def limit_use(resident: Resident, *, kind: str, field: str, reference: str, by: Actor) -> Resident:
    """From today one field (empty: everything) is stored and not used."""
    UseLimit.objects.create(
        resident=resident, kind=UseLimit.Kind(kind), field=field, reference=reference,
        since=timezone.localdate(moment()),
    )  # fmt: skip
    note(field=field, kind=kind, reference=reference)
    return resident


@act("residents.limit")
def lift_limit(resident: Resident, *, reference: str, by: Actor) -> Resident:
    """What was limited by a request may be used again."""
    rows = UseLimit.objects.filter(resident=resident, reference=reference, ended_on__isnull=True)
    rows.update(ended_on=timezone.localdate(moment()))
    note(reference=reference)
    return resident


@act("residents.override_limit")
def override_limit(
    resident: Resident, *, field: str, reason: str, purpose: str = "", by: Actor
) -> Resident:
    """Use a limited field once because a law asks for it; who, for what and why is journaled and
    told to the person (PIPL 13, 35). Raises Refused: reason_needed, not_limited.
    """
    if limits_on(resident).on(field) is None:
        raise Refused("not_limited", _("这一项没有限制使用。"))
    shortest = int(parameter("residents.reveal_reason_length"))
    if len(reason.strip()) < shortest:
        sentence = _("请写明法定职责和依据，至少 %(shortest)s 个字。") % {"shortest": shortest}
        raise Refused("reason_needed", sentence, {"reason": sentence})
    note(field=field, purpose=purpose)
    return resident
