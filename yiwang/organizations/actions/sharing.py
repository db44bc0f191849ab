"""What units share with the community, and what was done together (DIV-11)."""

from datetime import date

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.organizations.models import Cooperation, Organization, Resource
from yiwang.organizations.rules.kinds import resource_kinds
from yiwang.residents.rules.phone import InvalidPhone, normalise

from .entering import must_be_live, today


@act("organizations.change")
def share_resource(
    one: Organization,
    *,
    kind: str,
    name: str,
    hours: str,
    conditions: str = "",
    capacity: int | None = None,
    phone: str = "",
    by: Actor,
) -> Resource:
    """A hall, ground, canteen, expert … that others may use. Raises Refused: not_live, invalid."""
    must_be_live(one)
    resource = Resource(organization=one)
    _say(resource, kind, name, hours, conditions, capacity, phone)
    note(organization=one.pk, kind=kind)
    return resource


@act("organizations.change")
def change_resource(
    resource: Resource,
    *,
    kind: str,
    name: str,
    hours: str,
    conditions: str = "",
    capacity: int | None = None,
    phone: str = "",
    by: Actor,
) -> Resource:
    """Other hours, terms or telephone. Raises Refused: not_live, ended, invalid."""
    lock(resource)
    must_be_live(resource.organization)
    if resource.ended_on is not None:
        raise Refused("ended", _("已停止共享。"))
    _say(resource, kind, name, hours, conditions, capacity, phone)
    note(kind=kind)
    return resource


@act("organizations.change")
def end_resource(resource: Resource, *, by: Actor) -> Resource:
    """No longer shared, from today. Raises Refused ended."""
    lock(resource)
    if resource.ended_on is not None:
        raise Refused("ended", _("已停止共享。"))
    resource.ended_on = today()
    resource.save(update_fields=["ended_on", "updated_at"])
    return resource


@act("organizations.change")
def resume_resource(resource: Resource, *, by: Actor) -> Resource:
    """Shared again: the way back. Raises Refused: not_live, shared."""
    lock(resource)
    must_be_live(resource.organization)
    if resource.ended_on is None:
        raise Refused("shared", _("还在共享。"))
    resource.ended_on = None
    resource.save(update_fields=["ended_on", "updated_at"])
    return resource


@act("organizations.change")
def record_cooperation(
    one: Organization, *, what: str, on: date, people: int | None = None, by: Actor
) -> Cooperation:
    """Something done together. Raises Refused: not_live, invalid, future."""
    must_be_live(one)
    told = clean_text(what)[:200]
    if not told:
        raise Refused("invalid", _("请写明合作内容。"), {"what": _("请写明合作内容。")})
    if on > today():
        raise Refused("future", _("日期还没有到。"), {"on": _("日期还没有到。")})
    note(organization=one.pk)
    return Cooperation.objects.create(
        organization=one, on=on, subject=told, people=people, by_label=by.label[:160]
    )


def public_phone(text: str, field: str = "phone") -> str:
    """A telephone everybody may read, in one form. Raises Refused invalid."""
    try:
        return normalise(text) if text.strip() else ""
    except InvalidPhone as fault:
        sentence = f"{fault.message}{fault.cure}"
        raise Refused("invalid", sentence, {field: sentence}) from fault


def _say(
    resource: Resource, kind: str, name: str, hours: str, conditions: str, capacity: int | None,
    phone: str,
) -> None:  # fmt: skip
    faults = {}
    if kind not in resource_kinds():
        faults["kind"] = _("请从清单里选择种类。")
    if not clean_text(name):
        faults["name"] = _("请填写名称。")
    if not clean_text(hours):
        faults["hours"] = _("请写明什么时候开放。")
    if faults:
        raise Refused("invalid", " ".join(faults.values()), faults)
    resource.kind, resource.name = kind, clean_text(name)[:80]
    resource.hours, resource.conditions = clean_text(hours)[:120], clean_text(conditions)[:300]
    resource.capacity, resource.phone = capacity, public_phone(phone)
    resource.save()
