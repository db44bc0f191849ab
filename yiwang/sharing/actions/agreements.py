"""A unit asks for an agreement, for its renewal, or takes back what it asked (INF-10)."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of
from yiwang.residents.models import Standing
from yiwang.sharing.models import Agreement
from yiwang.sharing.models.agreement import Basis
from yiwang.sharing.reads import shareable
from yiwang.sharing.rules.scope import Scope
from yiwang.sharing.rules.states import LIVE, MOVES, State
from yiwang.tags.models import TagKind

OLDEST = 150


@act("sharing.ask")
def ask_agreement(division: Division, *, title: str, scope: Scope, by: Actor) -> Agreement:
    """Ask to read some items of the people of a division. Raises Refused: invalid, no_unit."""
    if by.unit_id is None:
        raise Refused("no_unit", _("共享协议要由一个单位申请。"))
    if not clean_text(title):
        raise Refused("invalid", _("请填写名称。"), {"title": _("请填写名称。")})
    clean = cleaned(scope, division)
    must_see_tags(clean, by)
    agreement = Agreement(
        division=division, unit_id=by.unit_id, title=clean_text(title)[:80],
        by_user_id=by.user_id, by_label=by.label[:160], asked=clean.as_dict(),
    )  # fmt: skip
    agreement.put(clean)
    agreement.save()
    note(scope=clean.as_dict())
    return agreement


@act("sharing.ask")
def ask_renewal(agreement: Agreement, *, scope: Scope, by: Actor) -> Agreement:
    """Ask for another term or another scope; the one in force stands until it is decided.

    Raises Refused: wrong_state, invalid.
    """
    lock(agreement)
    if agreement.state not in LIVE:
        raise Refused("wrong_state", _("只有已批准的协议可以续期或变更。"))
    clean = cleaned(scope, agreement.division)
    must_see_tags(clean, by)
    agreement.asked = clean.as_dict()
    agreement.by_user_id, agreement.by_label = by.user_id, by.label[:160]
    agreement.save()
    note(scope=clean.as_dict())
    return agreement


@act("sharing.ask")
def withdraw_agreement(agreement: Agreement, *, by: Actor) -> Agreement:
    """Take back what waits for a decision: a new agreement, or the renewal of a running one.

    Raises Refused: wrong_state.
    """
    lock(agreement)
    if agreement.asked is None:
        raise Refused("wrong_state", _("没有等待审批的申请。"))
    agreement.asked = None
    if agreement.state == State.ASKED:
        move(agreement, State.WITHDRAWN)
    agreement.save()
    return agreement


def move(agreement: Agreement, to: str) -> None:
    """Into another state, where the table of moves allows it. Raises Refused wrong_state."""
    if to not in MOVES.get(agreement.state, ()):
        words = {"state": agreement.get_state_display()}
        raise Refused("wrong_state", _("这份协议是“%(state)s”，不能这样办。") % words)
    agreement.state = to


def cleaned(scope: Scope, division: Division) -> Scope:
    """The scope with texts in one form and items in the order of the dictionary.

    Raises Refused invalid, with every fault at its field.
    """
    items = shareable()
    said = Scope(
        fields=tuple(code for code in items if code in scope.fields),
        clear=tuple(code for code in items if code in scope.clear and code in scope.fields),
        areas=tuple(sorted(set(scope.areas))),
        age_from=scope.age_from,
        age_to=scope.age_to,
        tags=tuple(sorted(set(scope.tags))),
        standings=tuple(one for one in Standing.values if one in scope.standings),
        purpose=clean_text(scope.purpose)[:300],
        basis=scope.basis,
        law=clean_text(scope.law)[:200],
        ends_on=scope.ends_on,
    )
    faults = _faults(said, scope, division)
    if faults:
        raise Refused("invalid", " ".join(dict.fromkeys(faults.values())), faults)
    return said


def must_see_tags(scope: Scope, by: Actor) -> None:
    """Whoever may not know of a sensitive tag selects nobody by it. Raises Refused invalid."""
    known = TagKind.objects.visible_to(by).filter(code__in=scope.tags).count()
    if known < len(scope.tags):
        sentence = _("没有这样的标签，或者您的岗位不能使用它。")
        raise Refused("invalid", sentence, {"tags": sentence})


def _faults(said: Scope, told: Scope, division: Division) -> dict[str, str]:
    faults = {
        name: _("请填写。")
        for name, text in (("purpose", said.purpose), ("law", said.law))
        if not text
    }
    if not said.fields or set(told.fields) - set(said.fields):
        faults["fields"] = _("请从已发布的数据字典里至少选一项居民信息。")
    if said.basis not in Basis.values:
        faults["basis"] = _("请选合法性基础。")
    inside = range_of(division.pk)
    known = Division.objects.filter(pk__in=said.areas).count()
    if known < len(said.areas) or not all(inside.holds(key) for key in said.areas):
        faults["areas"] = _("范围要在本单位的区划以内。")
    if TagKind.objects.current().filter(code__in=said.tags).count() < len(said.tags):
        faults["tags"] = _("没有这样的标签，或者您的岗位不能使用它。")
    if set(told.standings) - set(said.standings):
        faults["standings"] = _("没有这样的居住状态。")
    return faults | _age_faults(said) | _term_faults(said.ends_on)


def _age_faults(said: Scope) -> dict[str, str]:
    low, high = said.age_from, said.age_to
    if any(age is not None and not 0 <= age <= OLDEST for age in (low, high)):
        return {"age_from": _("年龄要在 0 到 %(most)s 岁之间。") % {"most": OLDEST}}
    if low is not None and high is not None and low > high:
        return {"age_to": _("年龄到不能小于年龄从。")}
    return {}


def _term_faults(ends_on: date) -> dict[str, str]:
    today, most = timezone.localdate(moment()), int(parameter("sharing.max_days"))
    if ends_on < today:
        return {"ends_on": _("有效期不能早于今天。")}
    if ends_on > today + timedelta(days=most):
        return {"ends_on": _("一份协议最长 %(days)s 天，到期可以续。") % {"days": most}}
    return {}
