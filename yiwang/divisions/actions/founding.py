"""A place begins or ends."""

from django.utils.translation import gettext as _

from yiwang.core.acts import Actor, act, note
from yiwang.core.errors import Refused
from yiwang.divisions.models import Change, Division, Level, Review, Succession

from .decision import Decision, NewPlace
from .followers import Followers
from .nursery import Nursery
from .rekeying import Closing


@act("divisions.change")
def establish_division(
    parent: Division, *, place: NewPlace, decision: Decision, by: Actor
) -> Change:
    """Set up a new place below `parent` from the day of the decision. Raises Refused."""
    decision.check([])
    place.check()
    if parent.valid_to is not None:
        raise Refused("closed", _("“%(name)s”已终止，不能在其下设立。") % {"name": parent.name})
    if parent.level >= Level.COMMUNITY:
        raise Refused("too_deep", _("村（居）之下不再设区划。"))
    same = Division.objects.current().filter(parent=parent, name=place.name.strip())
    if same.exists():
        raise Refused("name_taken", _("“%(parent)s”之下已有“%(name)s”。") % {
            "parent": parent.name, "name": place.name,
        })  # fmt: skip
    nursery = Nursery(decision)
    division = nursery.place(parent, place)
    nursery.save(decision.document[:200])
    change = decision.record(Change.Type.ESTABLISH, division)
    return _told(change, name=division.name, parent=parent.name, created=1)


@act("divisions.change")
def abolish_division(
    division: Division, *, heir: Division | None = None, decision: Decision, by: Actor
) -> Change:
    """End a place; its live records go to `heir`, and without one there must be none.

    Places with places in them are merged, split or moved instead. Raises Refused.
    """
    decision.check([division])
    decision.must_above(by, division)
    if Division.objects.current().filter(parent=division).exists():
        raise Refused("has_children", _("“%(name)s”之下还有区划，请先办理合并、划转或撤销。") % {
            "name": division.name,
        })  # fmt: skip
    if heir is not None:
        _check_heir(division, heir)
    elif live := Followers.count([division.pk]):
        raise Refused("records_live", _("“%(name)s”还有 %(live)s 条在用记录，请指定承接的区划。") % {
            "name": division.name, "live": live,
        })  # fmt: skip
    change = decision.record(Change.Type.ABOLISH, division)
    Closing.close([division], decision)
    followed: dict[str, int] = {}
    if heir is not None:
        Succession.objects.create(change=change, predecessor=division, successor=heir)
        followed = Followers.move({division.pk: heir.pk}, decision.eve)
        Followers.ask_about_people(change, heir.pk, followed)
        Review.objects.filter(division=division, state=Review.State.OPEN).update(
            state=Review.State.DECIDED, decision={"how": "heir", "key": heir.pk}
        )
    else:
        Followers.end(division, decision.eve)
    return _told(change, name=division.name, closed=1, followed=followed)


def _check_heir(division: Division, heir: Division) -> None:
    if heir.valid_to is not None or heir.pk == division.pk:
        raise Refused("heir_invalid", _("承接的区划须是另一个现存的区划。"))
    if heir.level != division.level:
        raise Refused("heir_invalid", _("承接的区划须是同一层级。"))


def _told(change: Change, **facts: object) -> Change:
    change.facts = facts
    change.save(update_fields=["facts", "updated_at"])
    note(document=change.document, effective_on=change.effective_on, **facts)
    return change
