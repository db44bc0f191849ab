"""Which community a page speaks of, and the groups it may offer there."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yiwang.accounts.http import StaffRequest
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division, Level
from yiwang.residents.models import Group

from .register import community_of


def communities(request: StaffRequest) -> QuerySet[Division]:
    """The communities the reader sees."""
    rows = Division.objects.within(request.actor.see).filter(level=Level.COMMUNITY)
    return rows.current().served()


def community_asked(request: StaffRequest) -> Division | None:
    """The community `?place=` names if the reader sees it, else the reader's own; None above."""
    asked = request.POST.get("place") or request.GET.get("place") or ""
    rows = communities(request)
    if asked.isdecimal() and len(asked) < 13:
        return rows.filter(pk=int(asked)).first()
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def area_asked(request: StaffRequest) -> Division | None:
    """The place `?place=` names, of whatever level, if the reader sees it; else the own community."""
    asked = request.GET.get("place", "")
    if asked.isdecimal() and len(asked) < 13:
        return Division.objects.within(request.actor.see).filter(pk=int(asked)).first()
    return community_asked(request)


def place_choices(request: StaffRequest) -> list[tuple[str, str]]:
    """For a reader above the communities: which one."""
    return [(str(one.pk), one.label) for one in communities(request)[:3000]]


def group_choices(groups: Iterable[Group]) -> list[tuple[str, str]]:
    """Groups as an indented list."""
    return [(str(one.pk), f"{'　' * one.depth}{one.name}") for one in groups]


def groups_of(request: StaffRequest, place: Division | None) -> QuerySet[Group]:
    """The tree of a community in order; nothing above a community, where it would be too long."""
    rows = Group.objects.visible_to(request.actor).current()
    return rows.filter(division=place).order_by("path") if place else rows.none()


def group_named(request: StaffRequest, place: Division, text: str) -> Group | None:
    """The group a choice means."""
    return groups_of(request, place).filter(pk=int(text)).first() if text.isdecimal() else None


def destination(text: str, field: str = "to") -> Division:
    """The community a text names. Raises Refused no_such_place."""
    found = community_of(text)
    if found is None:
        sentence = _("没有找到“%(text)s”，或有几个同名的；请写全称或 12 位代码。") % {"text": text}
        raise Refused("no_such_place", sentence, {field: sentence})
    return found


def filter_choices(request: StaffRequest, place: Division | None) -> list[tuple[str, str]]:
    """Groups for a filter: all, or one."""
    return [("", _("全部")), *group_choices(groups_of(request, place))]


def form_status(*forms: Any) -> int:
    """422 when something has to be corrected."""
    return 422 if any(form.errors for form in forms) else 200
