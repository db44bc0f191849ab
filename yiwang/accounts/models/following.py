"""Units, posts and accounts when their place changes: nobody is left without a door (DIV-03)."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils import timezone

from yiwang.core.memory import forget
from yiwang.divisions.models import Division

from .person import Post, User
from .unit import Unit

# The code of bodies that are not of a kind: two of them are never the same.
SINGLE = "other"


def called_after(name: str, before: Iterable[str], place: Division) -> str:
    """A body's name with the old name of its place replaced: 海门市民政局 is 海门区民政局 now."""
    for old, new in zip(before, (place.name, place.short_name), strict=True):
        if old and old != new and name.startswith(old):
            return (new + name.removeprefix(old))[:80]
    return name


class Succession:
    """Carries the open units of ended places, with everyone in them, to the places that follow.

    A unit keeps its row, and so its file, where it is the only one of its kind in the new place;
    else it is closed and its people and open work go on in the one that is there.
    """

    def __init__(self, heirs: Mapping[int, int], on: date) -> None:
        self.heirs, self.on = heirs, on
        self.places = Division.objects.in_bulk({*heirs, *heirs.values()})
        self.joined = self.moved = self.posts = 0

    def run(self) -> dict[str, int]:
        """Move what can move, join what meets its like; gives counts for the change."""
        there = Unit.objects.filter(division_id__in=set(self.heirs.values()))
        kinds = {(one.division_id, one.code): one for one in there.filter(closed_on=None)}
        self.names = {(one.division_id, one.code, one.name) for one in there}
        old = Unit.objects.open().filter(division_id__in=list(self.heirs))
        for unit in old.order_by("division_id", "pk"):
            like = kinds.get((self.heirs[unit.division_id], unit.code))
            if like is not None and unit.code != SINGLE:
                self._join(unit, like)
            else:
                self._move(unit)
                kinds[unit.division_id, unit.code] = unit
        self._accounts()
        forget("accounts.")
        return {
            "accounts.unit": self.moved,
            "accounts.unit.joined": self.joined,
            "accounts.post.joined": self.posts,
        }

    def _join(self, unit: Unit, like: Unit) -> None:
        today = timezone.localdate()
        unit.hand_over_to(like)
        for post in Post.objects.not_over(today).filter(unit=unit).select_related("user"):
            post.go_on_in(like, today, post.granted_by)
            self.posts += 1
        unit.closed_on, unit.successor = self.on, like
        unit.save()
        self.joined += 1

    def _move(self, unit: Unit) -> None:
        old, new = self.places[unit.division_id], self.places[self.heirs[unit.division_id]]
        name = called_after(unit.name, (old.name, old.short_name), new)
        if (new.pk, unit.code, name) in self.names:
            name = f"{name}（{old.name}）"[:80]
        unit.division, unit.name = new, name
        self.names.add((new.pk, unit.code, name))
        unit.save()
        self.moved += 1

    def _accounts(self) -> None:
        """Whoever appoints people without a post finds them in the place that follows."""
        people = list(User.objects.filter(home_id__in=list(self.heirs)).only("pk", "home_id"))
        for person in people:
            person.home_id = self.heirs[person.home_id or 0]
        User.objects.bulk_update(people, ["home"], batch_size=2000)


def end(division: Division, on: date) -> None:
    """Close the units of a place that ends without heir; accounts opened there go to the one above."""
    Unit.objects.open().filter(division=division).update(closed_on=on)
    User.objects.filter(home=division).update(home=division.parent_id)
