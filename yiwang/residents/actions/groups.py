"""The tree of grids and groups of a community: built, moved, merged, ended (DIV-09)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.residents.models import Dwelling, Group, Resident

from .membership import must_be_community, must_have_come, today

_LONGEST_PATH = 290


@dataclass(frozen=True)
class NewGroup:
    """A row of a workbook: a group, and the name of the one above it, if any."""

    name: str
    kind: str = Group.Kind.GRID
    above: str = ""
    leader_name: str = ""
    starts_on: date | None = None


@act("residents.change")
def add_group(
    division: Division,
    *,
    name: str,
    kind: str = Group.Kind.GRID,
    parent: Group | None = None,
    leader: Resident | None = None,
    leader_name: str = "",
    starts_on: date | None = None,
    by: Actor,
) -> Group:
    """A grid or group of a community, at the top or under another.

    Raises Refused: not_a_community, invalid, name_taken, other_place, group_ended, too_deep.
    """
    must_be_community(division, "place")
    return _make(division, NewGroup(name, kind, "", leader_name, starts_on), parent, leader)


@act("residents.change")
def change_group(
    group: Group,
    *,
    name: str | None = None,
    kind: str | None = None,
    leader: Resident | None = None,
    leader_name: str | None = None,
    by: Actor,
) -> Group:
    """Change what is given and leave the rest. Raises Refused: invalid, name_taken, group_ended."""
    lock(group)
    _must_stand(group)
    if name is not None and name != group.name:
        group.name = _free_name(name, group.division_id, group.parent)
    if kind is not None:
        group.kind = Group.Kind(kind)
    if leader is not None or leader_name is not None:
        _set_leader(group, leader, leader_name or "")
    group.save()
    note(name=group.name)
    return group


@act("residents.change")
def move_group(group: Group, *, parent: Group | None, by: Actor) -> Group:
    """Under another group of the community, or to the top; what is below goes along.

    Raises Refused: other_place, inside_itself, name_taken, group_ended, too_deep.
    """
    lock(group)
    _must_stand(group)
    _must_fit(group.division_id, parent)
    if parent is not None and parent.path.startswith(group.path):
        sentence = _("不能移到自己下面。")
        raise Refused("inside_itself", sentence, {"parent": sentence})
    note(parent=[group.parent_id, parent.pk if parent else None])
    _move(group, parent)
    return group


@act("residents.change")
def merge_groups(group: Group, *, into: Group, on: date, by: Actor) -> Group:
    """Everything of a group goes to another one; the group ends on the day.

    Raises Refused: other_place, inside_itself, name_taken, future, group_ended.
    """
    lock(group)
    _must_stand(group)
    must_have_come(on)
    _must_fit(group.division_id, into)
    if into.path.startswith(group.path):
        sentence = _("不能并入自己或自己的下级。")
        raise Refused("inside_itself", sentence, {"into": sentence})
    for child in group.children.current():
        _move(child, into)
    moved = Dwelling.objects.filter(group=group).update(group=into)
    group.successor = into
    _end(group, on)
    note(into=into.pk, dwellings=moved)
    return into


@act("residents.change")
def end_group(group: Group, *, on: date, by: Actor) -> Group:
    """The group ends on a day; its dwellings belong to the group above, if there is one.

    Raises Refused: has_children, future, ends_before_it_began, group_ended.
    """
    lock(group)
    _must_stand(group)
    must_have_come(on)
    if group.children.current().exists():
        raise Refused("has_children", _("它下面还有网格或小组，请先移走、合并或撤销。"))
    moved = Dwelling.objects.filter(group=group).update(group=group.parent)
    _end(group, on)
    note(dwellings=moved, parent=group.parent_id)
    return group


@act("residents.change")
def import_groups(division: Division, *, rows: Sequence[NewGroup], by: Actor) -> int:
    """All groups of a workbook, or none. Rows name the group above by its name, above it first.

    Gives how many were new; those that are there already are left alone. Raises Refused.
    """
    must_be_community(division, "place")
    held = {one.name: one for one in Group.objects.filter(division=division).current()}
    made = 0
    for row in rows:
        if row.name in held:
            continue
        above = held.get(row.above) if row.above else None
        if row.above and above is None:
            raise Refused("no_group", _("没有“%(name)s”这个上级。") % {"name": row.above})
        held[row.name] = _make(division, row, above, None)
        made += 1
    note(rows=len(rows), made=made)
    return made


@act("residents.change")
def assign_group(
    division: Division, *, group: Group | None, dwellings: Iterable[Dwelling], by: Actor
) -> int:
    """Dwellings of a community, and so their people, into a group or out of any; gives how many.

    Raises Refused: other_place, group_ended.
    """
    keys = {one.pk for one in dwellings}
    if group is not None:
        _must_fit(division.pk, group)
    rows = Dwelling.objects.filter(division=division, pk__in=keys)
    moved = rows.update(group=group)
    if moved < len(keys):
        raise Refused("other_place", _("有的住所不在这个社区。"))
    note(group=group.pk if group else None, dwellings=moved)
    return moved


# ---------- parts ----------


def _make(
    division: Division, said: NewGroup, parent: Group | None, leader: Resident | None
) -> Group:
    _must_fit(division.pk, parent)
    group = Group(
        division=division,
        parent=parent,
        name=_free_name(said.name, division.pk, parent),
        kind=Group.Kind(said.kind),
        starts_on=said.starts_on or today(),
    )
    _set_leader(group, leader, said.leader_name)
    group.save()
    group.path = _path(group, parent)
    group.save(update_fields=["path", "updated_at"])
    return group


def _path(group: Group, parent: Group | None) -> str:
    path = f"{parent.path if parent else ''}{group.pk}/"
    if len(path) > _LONGEST_PATH:
        raise Refused("too_deep", _("层次太深了。"))
    return path


def _move(group: Group, parent: Group | None) -> None:
    old = group.path
    group.name = _free_name(group.name, group.division_id, parent, but=group.pk)
    group.parent, group.path = parent, _path(group, parent)
    below = Group.objects.filter(path__startswith=old).exclude(pk=group.pk)
    below.update(path=Concat(Value(group.path), Substr("path", len(old) + 1)))
    group.save()


def _end(group: Group, on: date) -> None:
    if on < group.starts_on:
        sentence = _("撤销日期早于设立日期。")
        raise Refused("ends_before_it_began", sentence, {"on": sentence})
    group.ended_on = on
    group.save()


def _set_leader(group: Group, leader: Resident | None, name: str) -> None:
    if leader is not None and not leader.is_live:
        sentence = _("负责人须是在册居民。")
        raise Refused("not_live", sentence, {"leader": sentence})
    group.leader = leader
    group.leader_name = leader.name if leader else clean_text(name)[:100]


def _free_name(name: str, division: int, parent: Group | None, but: int = 0) -> str:
    plain = clean_text(name)[:60]
    if not plain:
        raise Refused("invalid", _("请填写名称。"), {"name": _("请填写名称。")})
    # The community's row is the lock: two clerks cannot add the same name at the top at once.
    Division.objects.select_for_update().get(pk=division)
    beside = Group.objects.filter(division_id=division, parent=parent, name=plain).current()
    if beside.exclude(pk=but).exists():
        sentence = _("这里已有“%(name)s”。") % {"name": plain}
        raise Refused("name_taken", sentence, {"name": sentence})
    return plain


def _must_stand(group: Group) -> None:
    if group.ended_on is not None:
        raise Refused("group_ended", _("“%(name)s”已经撤销。") % {"name": group.name})


def _must_fit(division: int, group: Group | None) -> None:
    if group is None:
        return
    _must_stand(group)
    if group.division_id != division:
        raise Refused("other_place", _("“%(name)s”不在这个社区。") % {"name": group.name})
