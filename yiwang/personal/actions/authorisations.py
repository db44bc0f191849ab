"""Acting for another: recorded with evidence, for a time, revoked at once (DIV-14, EXP-49)."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.personal.models import Authorisation, Basis, ResidentSession, Scope
from yiwang.personal.reads.access import is_child
from yiwang.personal.rules.terms import term, years_after
from yiwang.residents.models import Resident


@act("personal.authorise")
def grant_authorisation(
    resident: Resident,
    *,
    holder: Resident,
    relation: str,
    scopes: Iterable[str],
    basis: str,
    evidence: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: Actor,
) -> Authorisation:
    """`holder` may act for `resident`; without `ends_on` for the years of the parameter.

    A child is spoken for by a guardian alone, and a guardian's power over a child ends at 18.
    Raises Refused: not_live, herself, holder_under_age, guardian_needed, evidence_needed,
    scope_needed, ends_early, granted_already.
    """
    lock(resident)
    today = timezone.localdate(moment())
    _must_be_fit(resident, holder, today)
    if is_child(resident, today) and basis != Basis.GUARDIAN:
        sentence = _("未满年龄的儿童只能由监护人代办，请按监护关系登记。")
        raise Refused("guardian_needed", sentence, {"basis": sentence})
    proof = clean_text(evidence)[:200]
    if not proof and basis != Basis.HERSELF:
        sentence = _("请写明看了什么证明材料。")
        raise Refused("evidence_needed", sentence, {"evidence": sentence})
    starts = starts_on or today
    given = Authorisation.objects.create(
        resident=resident, holder=holder, relation=clean_text(relation)[:40],
        scopes=_clean_scopes(scopes), basis=Basis(basis), evidence=proof, starts_on=starts,
        ends_on=_last_day(resident, basis, starts, ends_on), granted_by=by.label[:160],
    )  # fmt: skip
    note(resident=resident.pk, holder=holder.pk, scopes=given.scopes, until=given.ends_on)
    return given


def _must_be_fit(resident: Resident, holder: Resident, today: date) -> None:
    if not (resident.is_live and holder.is_live):
        raise Refused("not_live", _("双方都要在册，才能登记授权。"))
    if resident.pk == holder.pk:
        sentence = _("不能授权给自己。")
        raise Refused("herself", sentence, {"holder": sentence})
    age = holder.age(today)
    if age is not None and age < int(parameter("residents.adult_age")):
        sentence = _("代理人应当是成年人。")
        raise Refused("holder_under_age", sentence, {"holder": sentence})
    held = Authorisation.objects.in_force(today).filter(resident=resident, holder=holder)
    if held.exists():
        sentence = _("已有有效的授权。要改范围或期限，请先撤销。")
        raise Refused("granted_already", sentence, {"holder": sentence})


def _clean_scopes(scopes: Iterable[str]) -> list[str]:
    asked = [one for one in Scope.values if one in set(scopes)]
    if not asked:
        sentence = _("请至少选一项可以代办的事。")
        raise Refused("scope_needed", sentence, {"scopes": sentence})
    return asked


def _last_day(resident: Resident, basis: str, starts: date, asked: date | None) -> date:
    adult = int(parameter("residents.adult_age"))
    grown = None
    if basis == Basis.GUARDIAN and resident.born_on:
        day = years_after(resident.born_on, adult) - timedelta(days=1)
        grown = day if day >= starts else None
    return term(starts, asked, int(parameter("residents.agent_years")), grown)


@act("personal.authorise")
def revoke_authorisation(authorisation: Authorisation, *, by: Actor) -> Authorisation:
    """From this moment nobody acts by it; browsers that do go back to their own pages.

    Raises Refused revoked.
    """
    lock(authorisation)
    if authorisation.revoked_at is not None:
        raise Refused("revoked", _("这项授权已经撤销。"))
    authorisation.revoked_at, authorisation.revoked_by = moment(), by.label[:160]
    authorisation.save()
    ResidentSession.objects.filter(
        account__resident=authorisation.holder_id, acting_for=authorisation.resident_id
    ).update(acting_for=None)
    note(resident=authorisation.resident_id, holder=authorisation.holder_id)
    return authorisation
