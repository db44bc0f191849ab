"""The city publishes a version of the standard of an item."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.matters.models import ServiceItem
from yiwang.quality.models import Standard
from yiwang.quality.rules.points import fault_of, numbered


@act("quality.standard")
def publish_standard(
    item: ServiceItem, *, points: Sequence[Mapping[str, Any]], by: Actor
) -> Standard:
    """A new version; checks that were planned under an older one keep it.

    Refused: points (none, unnamed, twice), unchanged.
    """
    lock(item)
    made = numbered(points)
    if fault := fault_of(made):
        raise Refused("points", fault)
    kept = [one.kept() for one in made]
    newest = item.standards.order_by("-number").first()
    if newest is not None and newest.content == kept:
        raise Refused("unchanged", _("与现行标准相同，不用再发布。"))
    number = newest.number + 1 if newest else 1
    note(item=item.code, number=number, before=newest.content if newest else [])
    return Standard.objects.create(
        item=item, number=number, content=kept, published_at=moment(), published_by=by.label[:160]
    )
