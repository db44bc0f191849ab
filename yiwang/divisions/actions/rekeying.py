"""A place with everything in it gets a new place in the tree: new keys, codes closed, descent kept."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from yiwang.divisions.models import Change, Division, DivisionCode, Review, Succession
from yiwang.divisions.rules import Depth, depth_of, parent_of, range_of
from yiwang.divisions.rules.matching import Known, Listed, Matching, candidates, match

from .decision import Decision
from .followers import Followers
from .nursery import Nursery


@dataclass
class Outcome:
    """What a change did, for its record, the journal and the page that asks to confirm."""

    heirs: dict[int, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    followed: dict[str, int] = field(default_factory=dict)

    def facts(self) -> dict[str, object]:
        """As JSON."""
        return {**self.counts, "followed": self.followed}


class Closing:
    """Ends places: they stay in the tree of their days, their codes become free."""

    @staticmethod
    def below(roots: Iterable[Division]) -> list[Division]:
        """The roots and everything in force under them, locked, highest first."""
        areas = Q(pk__in=[])
        for root in roots:
            areas |= Q(pk__range=(root.area.lo, root.area.hi))
        rows = Division.objects.current().filter(areas).select_for_update()
        return sorted(rows, key=lambda one: (one.level, one.pk))

    @staticmethod
    def close(divisions: Sequence[Division], decision: Decision) -> None:
        """End them on the eve of the decision."""
        keys = [one.pk for one in divisions]
        Division.objects.filter(pk__in=keys).update(valid_to=decision.eve)
        codes = DivisionCode.objects.filter(division_id__in=keys, valid_to__isnull=True)
        codes.update(valid_to=decision.eve)


class Rekeying:
    """Carries subtrees to new roots, after an official list where there is one."""

    def __init__(
        self,
        change: Change,
        decision: Decision,
        roots: Mapping[int, Division],
        nursery: Nursery,
        listing: Sequence[Listed] = (),
        homes: Mapping[int, Division] | None = None,
    ) -> None:
        self.change, self.decision, self.nursery = change, decision, nursery
        self.roots = dict(roots)
        # Where a split says a child goes; else it goes where its parent goes.
        self.homes = dict(homes or {})
        under = {root.pk for root in self.roots.values()}
        self.listing = [
            row for row in listing
            if row.key not in under and any(root.area.holds(row.key) for root in roots.values())
        ]  # fmt: skip
        self.nursery.reserved |= {row.key for row in self.listing}
        self.outcome = Outcome()

    def run(self, old: Sequence[Division], renamed: Iterable[str] = ()) -> Outcome:
        """Carry `old` (closed, roots first, then downward); `renamed` are names to ignore."""
        above = tuple(renamed)
        matching = self._match(old, above)
        heirs = self._heirs(old, matching)
        for row in matching.newcomers:
            self.nursery.listed(row, None)
        self.nursery.save(self.change.document[:200])
        self._descend(heirs)
        reviews = self._review(old, matching, heirs, above)
        self.outcome.heirs = heirs
        self.outcome.followed = Followers.move(heirs, self.decision.eve)
        first = next(iter(self.roots.values())).pk
        reviews += Followers.ask_about_people(self.change, first, self.outcome.followed)
        listed = len(matching.pairs) - len(self.roots)
        self.outcome.counts.update(
            rekeyed=len(old), matched=listed, carried=len(matching.unmatched),
            newcomers=len(matching.newcomers), reviews=reviews,
        )  # fmt: skip
        return self.outcome

    def _match(self, old: Sequence[Division], above: tuple[str, ...]) -> Matching:
        """Without a list everything is carried as it is; with one, who is who goes by name."""
        known = [Known(one.pk, one.parent_id, one.name) for one in old]
        roots = {key: root.pk for key, root in self.roots.items()}
        if self.listing:
            return match(known, self.listing, roots, above)
        return Matching(roots, [one for one in known if one.key not in roots], [])

    def _heirs(self, old: Sequence[Division], matching: Matching) -> dict[int, int]:
        """The new key of every old one, parents before children."""
        rows = {row.key: row for row in self.listing}
        heirs = {key: root.pk for key, root in self.roots.items()}
        for place in old:
            if place.pk in heirs:
                continue
            partner = matching.pairs.get(place.pk)
            if partner is not None:
                heirs[place.pk] = self.nursery.listed(rows[partner], place).pk
            else:
                heirs[place.pk] = self._carried(place, heirs)
        return heirs

    def _carried(self, place: Division, heirs: Mapping[int, int]) -> int:
        depth = Depth(place.level)
        home = self.homes.get(place.pk)
        parent = home.pk if home else heirs[place.parent_id or 0]
        own = place.pk - (place.parent_id or 0)
        wanted = parent + own if range_of(parent).holds(parent + own) else None
        key = self.nursery.key(parent, depth, wanted)
        return self.nursery.carry(place, parent, key).pk

    def _descend(self, heirs: Mapping[int, int]) -> None:
        Succession.objects.bulk_create(
            Succession(change=self.change, predecessor_id=old, successor_id=new)
            for old, new in heirs.items()
        )

    def _review(
        self,
        old: Sequence[Division],
        matching: Matching,
        heirs: Mapping[int, int],
        above: tuple[str, ...],
    ) -> int:
        """Questions for a person: who found no partner in the list, and who came new."""
        if not self.listing:
            return 0
        levels = {place.pk: place.level for place in old}
        reviews = []
        for place in matching.unmatched:
            among = [row for row in self.listing if depth_of(row.key) == levels[place.key]]
            parent = heirs.get(place.parent or 0)
            likely = candidates(place.name, parent, among, above)
            reviews.append(self._question(Review.Topic.UNMATCHED, heirs[place.key], likely))
        carried = {heirs[place.key]: place.name for place in matching.unmatched}
        for row in matching.newcomers:
            near = [Listed(str(key), name) for key, name in carried.items()]
            same = [one for one in near if depth_of(one.key) == depth_of(row.key)]
            likely = candidates(row.name, parent_of(row.key), same, above)
            reviews.append(self._question(Review.Topic.NEWCOMER, row.key, likely))
        Review.objects.bulk_create(reviews)
        return len(reviews)

    def _question(self, topic: Review.Topic, key: int, likely: list[int]) -> Review:
        return Review(change=self.change, division_id=key, topic=topic, candidates=likely)
