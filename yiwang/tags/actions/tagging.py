"""Tags set, confirmed and ended by hand; exceptions from rules; looking at sensitive tags."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.residents.actions import record_facts
from yiwang.residents.models import Resident
from yiwang.residents.reads import known_fields
from yiwang.tags.models import EndReason, Tag, TagEvent, TagException, TagKind
from yiwang.tags.reads.evidence import held_evidence
from yiwang.tags.rules import months_after

from .reasons import reason_of


@act("tags.set")
def set_tag(
    resident: Resident,
    *,
    kind: TagKind,
    since: date | None = None,
    variant: str = "",
    grade: str = "",
    evidence: str = "",
    valid_until: date | None = None,
    guardian: str = "",
    by: Actor,
) -> Tag:
    """Give a resident a tag by hand. Without `valid_until` the validity of the kind counts.

    Raises Refused: not_live, retired, future, evidence_needed, invalid, ended_before, has_it,
    guardian_needed. Raises PermissionDenied when the kind names other roles.
    """
    must_be_of_the_role(kind, by)
    lock(resident)
    today = timezone.localdate(moment())
    day = since or today
    _must_be_taggable(resident, kind, day, today)
    told = _evidence(resident, kind, evidence, today, by)
    must_be_listed(kind, variant=variant, grade=grade)
    until = _validity(kind, day, valid_until, today)
    _must_be_agreed(resident, kind, guardian, today, by)
    tag = Tag.objects.create(
        resident=resident, division_id=resident.division_id, kind=kind, number=kind.number,
        variant=variant, grade=grade, since=day, valid_until=until, confirmed_on=today,
        evidence=told or None,
    )  # fmt: skip
    _trace(tag, TagEvent.What.SET, today, by)
    return tag


@act("tags.set")
def confirm_tag(tag: Tag, *, evidence: str = "", valid_until: date | None = None, by: Actor) -> Tag:
    """Still right: the review starts anew, the validity goes on from today. Raises Refused."""
    must_be_of_the_role(tag.kind, by)
    lock(tag)
    _must_be_live(tag)
    today = timezone.localdate(moment())
    months = tag.kind.validity_months
    until = valid_until or (months_after(today, months) if months else tag.valid_until)
    if until is not None and until < today:
        sentence = _("有效期不能早于今天。")
        raise Refused("ended_before", sentence, {"valid_until": sentence})
    told = clean_text(evidence)[:200]
    note(valid_until=[tag.valid_until, until])
    tag.confirmed_on, tag.valid_until = today, until
    if told:
        tag.evidence = told
    tag.save(update_fields=["confirmed_on", "valid_until", "evidence", "updated_at"])
    _trace(tag, TagEvent.What.CONFIRMED, today, by)
    return tag


@act("tags.set")
def end_tag(tag: Tag, *, on: date | None = None, reason: str, by: Actor) -> Tag:
    """End a tag by hand. One that a rule has set asks for an exception instead.

    Raises Refused: ended, rule_sets_it, reason_needed, future, ended_before.
    """
    must_be_of_the_role(tag.kind, by)
    lock(tag)
    _must_be_live(tag)
    if tag.automatic:
        raise Refused(
            "rule_sets_it",
            _("这个标签由规则设置，结束了还会再设。规则不合适时，请登记例外。"),
        )
    today = timezone.localdate(moment())
    day = on or today
    why = reason_of(reason)
    if day > today:
        sentence = _("日期还没有到。")
        raise Refused("future", sentence, {"on": sentence})
    if day < tag.since:
        sentence = _("结束日期早于起始日期。")
        raise Refused("ended_before", sentence, {"on": sentence})
    return _end(tag, day, EndReason.BY_HAND, why, by)


@act("tags.set")
def except_from_rule(resident: Resident, *, kind: TagKind, reason: str, by: Actor) -> TagException:
    """The rule is wrong for her: what it has set ends, and it leaves her alone from now on.

    Raises Refused: no_rule, excepted, reason_needed.
    """
    must_be_of_the_role(kind, by)
    lock(resident)
    why = reason_of(reason)
    if not kind.sets_itself:
        raise Refused("no_rule", _("这个标签没有自动规则，直接结束即可。"))
    if TagException.objects.filter(resident=resident, kind=kind, lifted_on=None).exists():
        raise Refused("excepted", _("已经登记过例外。"))
    today = timezone.localdate(moment())
    held = Tag.objects.live().filter(resident=resident, kind=kind, automatic=True).first()
    if held is not None:
        _end(held, today, EndReason.EXCEPTION, why, by)
    note(kind=kind.code)
    return TagException.objects.create(
        resident=resident, kind=kind, reason=why, since=today, by_label=by.label[:160]
    )


@act("tags.set")
def lift_exception(exception: TagException, *, by: Actor) -> TagException:
    """The rule counts for her again, from its next run on. Raises Refused lifted."""
    must_be_of_the_role(exception.kind, by)
    lock(exception)
    if exception.lifted_on is not None:
        raise Refused("lifted", _("这个例外已经取消。"))
    exception.lifted_on = timezone.localdate(moment())
    exception.save(update_fields=["lifted_on", "updated_at"])
    return exception


@act("tags.reveal")
def reveal_tags(resident: Resident, *, reason: str, by: Actor) -> Resident:
    """Look at the sensitive tags of a resident; the journal keeps who looked and why.

    Raises Refused reason_needed.
    """
    why = reason_of(reason)
    seen = Tag.objects.visible_to(by).live().filter(resident=resident, kind__sensitive=True)
    note(kinds=sorted(seen.values_list("kind__code", flat=True)), why=why)
    return resident


# ---------- checks ----------


def must_be_of_the_role(kind: TagKind, by: Actor) -> None:
    seen = TagKind.objects.visible_to(by).filter(pk=kind.pk).exists()
    if not seen or not kind.may_be_set_by(by.role):
        raise PermissionDenied(_("这个标签由别的岗位管理。"))


def _must_be_taggable(resident: Resident, kind: TagKind, day: date, today: date) -> None:
    if not resident.is_live:
        state = resident.get_state_display()
        raise Refused("not_live", _("这份档案已是“%(state)s”，不能再改。") % {"state": state})
    if not kind.active:
        raise Refused("retired", _("这个标签没有启用。"))
    if day > today:
        sentence = _("日期还没有到。")
        raise Refused("future", sentence, {"since": sentence})
    if Tag.objects.live().filter(resident=resident, kind=kind).exists():
        raise Refused("has_it", _("已有这个标签；有变化时先结束再设置，没有变化请复核。"))


def _evidence(resident: Resident, kind: TagKind, text: str, on: date, by: Actor) -> str:
    """What was shown, or what the register holds; what is new goes into the register.

    Raises Refused evidence_needed.
    """
    told, field = clean_text(text)[:200], kind.evidence_field
    if field is not None and not told:
        held = held_evidence(resident, kind, on)
        told = held.value if held else ""
    elif field is not None:
        record_facts(
            resident,
            values={field.code: told},
            source_kind="window",
            by=by.within_act("residents.confirm"),
        )
    if kind.evidence and not told:
        sentence = _("请填写%(what)s：没有依据不能设置这个标签。") % {"what": kind.evidence_label}
        raise Refused("evidence_needed", sentence, {"evidence": sentence})
    return told


def _validity(kind: TagKind, day: date, said: date | None, today: date) -> date | None:
    """Until when: as said, else by the kind from the first day. Raises Refused ended_before."""
    months = kind.validity_months
    until = said or (months_after(day, months) if months else None)
    if until is not None and until < today:
        sentence = _("到 %(day)s 已经过期，请核对起始日期或填写有效期。") % {
            "day": until.isoformat()
        }
        raise Refused("ended_before", sentence, {"valid_until": sentence})
    return until


def must_be_listed(kind: TagKind, *, variant: str, grade: str) -> None:
    """A variant or grade must be one of the kind's, and be said where the kind has any."""
    for name, said, among in (("variant", variant, kind.variants), ("grade", grade, kind.grades)):
        codes = [one["code"] for one in among]
        if (codes and said not in codes) or (said and not codes):
            sentence = _("请从列出的选项中选一项。")
            raise Refused("invalid", sentence, {name: sentence})


def _must_be_agreed(
    resident: Resident, kind: TagKind, guardian: str, today: date, by: Actor
) -> None:
    """EXP-49: sensitive data of a child under fourteen only with a guardian on record."""
    if not kind.sensitive or not resident.is_minor_on(today):
        return
    name = clean_text(guardian)[:100]
    if name:
        record_facts(
            resident,
            values={"guardian_name": name},
            source_kind="visit",
            by=by.within_act("residents.confirm"),
        )
    elif "guardian_name" not in known_fields(resident, ["guardian_name"], today):
        sentence = _("不满十四周岁的，敏感标签要经监护人同意：请填写监护人姓名。")
        raise Refused("guardian_needed", sentence, {"guardian": sentence})


def _must_be_live(tag: Tag) -> None:
    if tag.ended_on is not None:
        raise Refused("ended", _("这个标签已经结束。"))


def _end(tag: Tag, day: date, reason: str, why: str, by: Actor) -> Tag:
    tag.ended_on, tag.end_reason = max(day, tag.since), reason
    tag.save(update_fields=["ended_on", "end_reason", "updated_at"])
    _trace(tag, TagEvent.What.ENDED, tag.ended_on, by, why)
    return tag


def _trace(tag: Tag, what: str, on: date, by: Actor, reason: str = "") -> None:
    TagEvent.objects.create(
        tag=tag, what=what, on=on, number=tag.number, reason=reason, by_label=by.label[:160]
    )
