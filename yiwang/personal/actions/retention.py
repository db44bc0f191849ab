"""Retention rules at work: lists drawn, approved, carried out; each on record (EXP-22)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.notifications.models import Delivery, Message
from yiwang.personal.models import (
    AccessCode,
    Attempt,
    Consent,
    DestructionItem,
    DestructionList,
    ResidentSession,
    RetentionRule,
    RightsRequest,
)
from yiwang.personal.reads.retention import due_of
from yiwang.residents.models import ImportFile, Resident

from .erasure import anonymise_resident

State, Action = DestructionList.State, RetentionRule.Action


@act("personal.retention")
def draw_list(rule: RetentionRule, *, on: date, by: Actor) -> RetentionRule:
    """List what fell due under a rule; a rule that runs by itself is carried out at once.

    Nothing due: no list. A second call on the same day finds only what is new.
    """
    most = int(parameter("personal.destruction_rows"))
    rows = list(due_of(rule, on).values_list("pk", "began")[:most])
    if not rows:
        return rule
    drawn = DestructionList.objects.create(rule=rule, drawn_on=on, count=len(rows))
    DestructionItem.objects.bulk_create(
        DestructionItem(list=drawn, subject_id=pk, began_on=began) for pk, began in rows
    )
    if rule.by_itself:
        _settle(drawn, State.DONE, _("规则自动执行"), by)
        _destroy(drawn, by)
    note(data_class=rule.data_class, list=drawn.pk, count=drawn.count, state=drawn.state)
    return rule


@act("personal.retention")
def decide_list(
    drawn: DestructionList,
    *,
    destroy: bool,
    why: str = "",
    keep: Iterable[int] = (),
    by: Actor,
) -> DestructionList:
    """Approve a list, without the items kept, or keep all of it with a reason.

    Raises Refused: decided, reason_needed.
    """
    lock(drawn)
    if drawn.state != State.WAITING:
        raise Refused("decided", _("这份清单已经处理。"))
    reason = clean_text(why)[:300]
    spared = drawn.items.filter(pk__in=list(keep)) if destroy else drawn.items.all()
    spared_count = spared.update(kept=True)
    if spared_count and not reason:
        sentence = _("保留的，请写明理由。")
        raise Refused("reason_needed", sentence, {"why": sentence})
    _settle(drawn, State.DONE if destroy else State.KEPT, reason, by)
    if destroy:
        _destroy(drawn, by)
    note(data_class=drawn.rule.data_class, count=drawn.count, kept=spared_count, destroy=destroy)
    return drawn


def _settle(drawn: DestructionList, state: str, why: str, by: Actor) -> None:
    drawn.state, drawn.why = state, why
    drawn.decided_by, drawn.decided_at = by.label[:160], moment()
    drawn.save()


def _destroy(drawn: DestructionList, by: Actor) -> None:
    """Carry a list out; what is no longer due because it changed meanwhile is left alone."""
    rule = drawn.rule
    if rule.action == Action.REVIEW:
        return
    ids = list(drawn.items.filter(kept=False).values_list("subject_id", flat=True))
    _WAYS[rule.data_class](ids, _("保存期限届满，清单 %(number)s") % {"number": drawn.pk}, by)


def _anonymise_people(ids: list[int], reason: str, by: Actor) -> None:
    inside = by.within_act("personal.erase")
    for person in Resident.objects.filter(pk__in=ids).order_by("pk"):
        try:
            with transaction.atomic():
                anonymise_resident(person, reason=reason, by=inside)
        except Refused:
            # Back in the register since the list was drawn: her record is in use again.
            continue


def _empty_files(ids: list[int], reason: str, by: Actor) -> None:
    ImportFile.objects.filter(pk__in=ids).update(sealed_content=None, sealed_errors=None)


def _empty_requests(ids: list[int], reason: str, by: Actor) -> None:
    RightsRequest.objects.filter(pk__in=ids).update(words=None, proposed=None, answer=None)


def _delete_codes(ids: list[int], reason: str, by: Actor) -> None:
    AccessCode.objects.filter(pk__in=ids).delete()


def _delete_sessions(ids: list[int], reason: str, by: Actor) -> None:
    ResidentSession.objects.filter(pk__in=ids).delete()


def _delete_attempts(ids: list[int], reason: str, by: Actor) -> None:
    Attempt.objects.filter(pk__in=ids).delete()


def _delete_consents(ids: list[int], reason: str, by: Actor) -> None:
    Consent.objects.filter(pk__in=ids, withdrawn_at__isnull=False).delete()


def _delete_messages(ids: list[int], reason: str, by: Actor) -> None:
    Delivery.objects.filter(message__in=ids).delete()
    Message.objects.filter(pk__in=ids).delete()


_WAYS: Final[Mapping[str, Callable[[list[int], str, Actor], None]]] = MappingProxyType(
    {
        "resident_deceased": _anonymise_people,
        "resident_moved_out": _anonymise_people,
        "resident_withdrawn": _anonymise_people,
        "import_file": _empty_files,
        "access_code": _delete_codes,
        "resident_session": _delete_sessions,
        "attempt": _delete_attempts,
        "rights_request": _empty_requests,
        "consent_withdrawn": _delete_consents,
        "message": _delete_messages,
    }
)


@act("personal.retention")
def publish_rule(
    rule: RetentionRule, *, days: int, by_itself: bool, source: str, starts_on: date, by: Actor
) -> RetentionRule:
    """A class of data is kept for another time from a day on; the rule before ends the day before.

    Raises Refused: days_needed, source_needed, past, ended.
    """
    lock(rule)
    ground = clean_text(source)[:300]
    if days < 1:
        raise Refused("days_needed", _("天数应大于零。"), {"days": _("天数应大于零。")})
    if not ground:
        raise Refused("source_needed", _("请写明依据。"), {"source": _("请写明依据。")})
    if rule.ends_on is not None:
        raise Refused("ended", _("这条规则已经废止。"))
    if starts_on <= rule.starts_on or starts_on < timezone.localdate(moment()):
        sentence = _("施行日期不能早于今天，也不能早于现行规则。")
        raise Refused("past", sentence, {"starts_on": sentence})
    rule.ends_on = starts_on - timedelta(days=1)
    rule.save()
    note(data_class=rule.data_class, days=[rule.days, days])
    return RetentionRule.objects.create(
        data_class=rule.data_class, days=days, action=rule.action, by_itself=by_itself,
        source=ground, starts_on=starts_on,
    )  # fmt: skip
