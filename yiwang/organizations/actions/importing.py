"""A workbook of organisations: its right rows taken over in one act, and taken back as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.organizations.models import Batch, Event, Organization, OrganizationRecord
from yiwang.organizations.reads.duplicates import holder_of
from yiwang.organizations.rules.states import LifeState
from yiwang.residents.actions.settling import source_of
from yiwang.residents.models import SourceKind

from .entering import trace
from .settling import keep, settle_many


@dataclass(frozen=True)
class NewOrganization:
    """A row of a workbook, checked: where it lies and what it says, in the form it is kept in."""

    division: Division
    values: Mapping[str, str]


@act("organizations.import")
def import_organizations(
    division: Division,
    *,
    rows: Sequence[NewOrganization],
    file_name: str = "",
    failed: int = 0,
    by: Actor,
) -> Batch:
    """Take over rows. A code that is held already says something new of its holder, not of a
    second record. Raises Refused: empty, other_place.
    """
    if not rows:
        raise Refused("empty", _("没有可以导入的行。"), {"file": _("没有可以导入的行。")})
    batch = Batch.objects.create(
        division=division, file_name=file_name[-200:], failed=failed, by_label=by.label[:160]
    )
    source = source_of(SourceKind.IMPORT, file_name[-60:], by)
    for row in rows:
        if not division.area.holds(row.division.pk):
            raise Refused("other_place", _("有的行不在%(place)s。") % {"place": division.name})
        one = holder_of(row.values.get("credit_code", ""))
        if one is None:
            one = Organization.objects.create(
                division=row.division, name=row.values["name"], batch=batch
            )
            trace(one, Event.Topic.LIFE, one.state, by, "")
            batch.made += 1
        else:
            by.must("organizations.import", one)
            batch.changed += 1
        keep(one, row.values, source, batch=batch)
    batch.save()
    note(made=batch.made, changed=batch.changed, failed=failed)
    return batch


@act("organizations.import")
def undo_import(batch: Batch, *, by: Actor) -> Batch:
    """As if the workbook had not come: its records count no longer; who came with it and has been
    told nothing since is gone. Raises Refused: undone, in_use.
    """
    lock(batch)
    if batch.state == Batch.State.UNDONE:
        raise Refused("undone", _("这次导入已经撤销。"))
    told = OrganizationRecord.objects.filter(batch=batch)
    kept = Organization.objects.kept().filter(pk__in=told.values("organization"))
    them = list(kept.select_for_update(of=("self",)))
    used = [one for one in them if one.batch_id == batch.pk and _is_used(one, batch)]
    if used:
        names = "、".join(one.name for one in used[:3])
        sentence = _("%(names)s 在导入后已经办过别的事，请先单独处理。") % {"names": names}
        raise Refused("in_use", sentence)
    batch.state, batch.undone_at = Batch.State.UNDONE, moment()
    batch.save()
    gone = [one.pk for one in them if one.batch_id == batch.pk]
    Organization.objects.filter(pk__in=gone).update(state=LifeState.WITHDRAWN)
    settle_many(one for one in them if one.batch_id != batch.pk)
    note(withdrawn=len(gone))
    return batch


def _is_used(one: Organization, batch: Batch) -> bool:
    """Whether anything but the import itself speaks of it."""
    told = one.source_records.exclude(batch=batch).exists()
    return bool(
        told
        or hasattr(one, "provider")
        or one.resources.exists()
        or one.papers.exists()
        or one.cooperations.exists()
        or one.merged_records.exists()
    )
