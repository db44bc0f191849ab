"""A place goes under another parent, gets another code, or another name."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.core.acts import Actor, act, note
from yiwang.core.errors import Refused
from yiwang.divisions.models import Change, Division, DivisionCode
from yiwang.divisions.rules import Depth
from yiwang.divisions.rules.matching import Listed
from yiwang.divisions.rules.names import kind_of, short_name
from yiwang.divisions.rules.readings import readings

from .decision import Decision, NewPlace
from .followers import Followers
from .nursery import Nursery
from .rekeying import Closing, Outcome, Rekeying


@act("divisions.change")
def move_division(
    division: Division, *, to: Division, decision: Decision, by: Actor, code: str = ""
) -> Change:
    """Put a place with everything in it under another parent of the same level. Raises Refused."""
    decision.check([division])
    decision.must_above(by, division)
    by.must("divisions.change", to)
    if to.valid_to is not None:
        raise Refused("closed", _("“%(name)s”已终止，不能划入。") % {"name": to.name})
    if to.pk == division.parent_id:
        raise Refused("same_parent", _("“%(name)s”本来就属于“%(to)s”。") % {
            "name": division.name, "to": to.name,
        })  # fmt: skip
    if division.area.holds(to.pk) or to.level != division.level - 1:
        raise Refused("wrong_level", _("只能划入上一层级的另一个区划。"))
    place = NewPlace(division.name, code, division.kind)
    return _carried(Change.Type.MOVE, division, to, place, decision)


@act("divisions.change")
def recode_division(
    division: Division,
    *,
    code: str,
    decision: Decision,
    by: Actor,
    name: str = "",
    listing: Sequence[Listed] = (),
) -> Change:
    """Give a place a new official code (and name, as when a city becomes a district).

    It and everything in it get new keys, after an official `listing` where there is one.
    Raises Refused.
    """
    decision.check([division])
    decision.must_above(by, division)
    if not code:
        raise Refused("code_missing", _("请填写新代码。"), {"code": _("请填写新代码。")})
    in_use = DivisionCode.objects.filter(
        scheme=DivisionCode.Scheme.STATISTICS, code=code.ljust(12, "0"), valid_to__isnull=True
    ).first()
    if in_use is not None:
        message = _("代码 %(code)s 正由“%(name)s”使用。") % {
            "code": code, "name": in_use.division.name,
        }  # fmt: skip
        raise Refused("code_taken", message, {"code": message})
    if division.parent is None:
        raise Refused("too_high", _("最高一级区划不在本系统内变更代码。"))
    place = NewPlace(name or division.name, code, "" if name else division.kind)
    return _carried(Change.Type.RECODE, division, division.parent, place, decision, listing)


def _carried(
    kind: Change.Type,
    division: Division,
    parent: Division,
    place: NewPlace,
    decision: Decision,
    listing: Sequence[Listed] = (),
) -> Change:
    nursery = Nursery(decision)
    heir = nursery.place(parent, place)
    heir.former_name = division.name if division.name != heir.name else division.former_name
    for column in ("urban_core", "kiosk_phase", "settlement", "centre", "boundary"):
        setattr(heir, column, getattr(division, column))
    old = Closing.below([division])
    Closing.close(old, decision)
    nursery.save(decision.document[:200])
    change = decision.record(kind, heir)
    rekeying = Rekeying(change, decision, {division.pk: heir}, nursery, listing)
    outcome = rekeying.run(old, [parent.name, heir.name, division.name])
    return _told(change, outcome, division, heir)


def _told(change: Change, outcome: Outcome, division: Division, heir: Division) -> Change:
    change.facts = {
        "predecessors": [division.name], "successors": [heir.name], "from": division.pk,
        **outcome.facts(),
    }  # fmt: skip
    change.save(update_fields=["facts", "updated_at"])
    note(document=change.document, effective_on=change.effective_on, **change.facts)
    return change


@act("divisions.change")
def rename_division(
    division: Division, *, name: str, decision: Decision, by: Actor, code: str = ""
) -> Change:
    """Give a place another name (and official code); it keeps its key. Raises Refused.

    Days before the decision show the old name, which stays in the change.
    """
    decision.check([division])
    decision.must_above(by, division)
    NewPlace(name, code).check()
    name = name.strip()
    if name == division.name:
        message = _("新名称与现名称相同。")
        raise Refused("same_name", message, {"name": message})
    same = Division.objects.current().filter(parent_id=division.parent_id, name=name)
    if division.parent_id and same.exists():
        message = _("同级已有“%(name)s”。") % {"name": name}
        raise Refused("name_taken", message, {"name": message})
    before, short = division.name, division.short_name
    _name(division, name)
    Followers.rename(division, before, short)
    if code:
        _recode_in_place(division, code, decision)
    change = decision.record(Change.Type.RENAME, division)
    change.facts = {"from": before, "to": name, "code": code}
    change.save(update_fields=["facts", "updated_at"])
    note(document=change.document, effective_on=change.effective_on, **change.facts)
    return change


@dataclass(frozen=True)
class NewName:
    """One line of a list of renamings; `at` is its number in the list."""

    at: int
    division: Division
    name: str
    code: str = ""


@act("divisions.change")
def rename_divisions(
    parent: Division, *, names: Sequence[NewName], decision: Decision, by: Actor
) -> list[Change]:
    """Rename many places under `parent` by one decision: all of them or none.

    Raises Refused; it names the line of the list that cannot be done.
    """
    changes = []
    for one in names:
        if not parent.area.holds(one.division.pk) or one.division.pk == parent.pk:
            raise Refused("not_inside", _("第 %(row)s 行：“%(name)s”不是“%(parent)s”的下级。") % {
                "row": one.at, "name": one.division.name, "parent": parent.name,
            })  # fmt: skip
        try:
            changes.append(
                rename_division(
                    one.division, name=one.name, code=one.code, decision=decision, by=by
                )
            )
        except Refused as refusal:
            sentence = _("第 %(row)s 行“%(name)s”：%(why)s") % {
                "row": one.at, "name": one.division.name, "why": refusal,
            }  # fmt: skip
            raise Refused(refusal.code, sentence) from refusal
    note(renamed=len(changes))
    return changes


def _name(division: Division, name: str) -> None:
    depth = Depth(division.level)
    division.former_name, division.name = division.name, name
    division.short_name = short_name(depth, name)
    division.pinyin, division.initials, division.name_en = readings(division.short_name)
    if depth == Depth.COUNTY:
        division.kind = kind_of(depth, division.pk, name)
    division.save()


def _recode_in_place(division: Division, code: str, decision: Decision) -> None:
    with transaction.atomic():
        DivisionCode.objects.filter(
            division=division, valid_to__isnull=True,
            scheme__in=(DivisionCode.Scheme.STATISTICS, DivisionCode.Scheme.NATIONAL),
        ).update(valid_to=decision.eve)  # fmt: skip
        DivisionCode.objects.create(
            division=division, scheme=DivisionCode.Scheme.STATISTICS, code=code.ljust(12, "0"),
            valid_from=decision.day, source=decision.document[:200],
        )  # fmt: skip


@act("divisions.change")
def record_past_name(
    division: Division, *, former: str, decision: Decision, by: Actor, former_code: str = ""
) -> Change:
    """Write down a renaming older than the register: `former` (and its code) until the decision.

    Raises Refused without document or date.
    """
    decision.check([])
    change = decision.record(Change.Type.RENAME, division)
    change.facts = {"from": former, "to": division.name, "code": former_code}
    change.save(update_fields=["facts", "updated_at"])
    Division.objects.filter(pk=division.pk).update(former_name=former)
    if former_code:
        current = DivisionCode.objects.filter(division=division, valid_from__isnull=True)
        schemes = list(current.values_list("scheme", "code"))
        current.update(valid_from=decision.day)
        DivisionCode.objects.bulk_create(
            DivisionCode(
                division=division,
                scheme=scheme,
                code=former_code.ljust(len(code), "0"),
                valid_to=decision.eve,
                source=decision.document[:200],
            )
            for scheme, code in schemes
        )
    note(document=change.document, effective_on=change.effective_on, **change.facts)
    return change
