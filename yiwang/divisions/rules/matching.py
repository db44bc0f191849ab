"""Who is who between an old area and the list of the new one: by name, and only where certain."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from . import depth_of, parent_of
from .names import core_name


@dataclass(frozen=True)
class Listed:
    """A row of an official list: its code in full and its name, and the list's word for its kind."""

    code: str
    name: str
    said: str = ""

    @property
    def key(self) -> int:
        """The key that equals the code."""
        return int(self.code.ljust(12, "0"))


@dataclass(frozen=True)
class Known:
    """A place before the change."""

    key: int
    parent: int | None
    name: str


@dataclass
class Matching:
    """Pairs from old key to listed key, what found no partner, and who came new."""

    pairs: dict[int, int] = field(default_factory=dict)
    unmatched: list[Known] = field(default_factory=list)
    newcomers: list[Listed] = field(default_factory=list)


Tag = Callable[[Known], Hashable]
NewTag = Callable[[Listed], Hashable]


def match(
    old: Iterable[Known],
    new: Iterable[Listed],
    roots: Mapping[int, int],
    above: tuple[str, ...] = (),
) -> Matching:
    """Match level by level, first within the same parent, then anywhere in the area.

    `roots` says which old area becomes which new one; `above` are names of areas that stand in
    front of names (海门市, 海门区) and count for nothing. A name that fits two places fits none.
    """
    found = Matching(pairs=dict(roots))
    olds, news = _by_depth(old, lambda one: one.key), _by_depth(new, lambda one: one.key)
    for depth in sorted(set(olds) | set(news)):
        rest = [one for one in olds[depth] if one.key not in found.pairs]
        free = [one for one in news[depth] if one.key not in set(found.pairs.values())]
        for known_tag, listed_tag in _passes(found.pairs, above):
            rest, free = _pair(found.pairs, rest, free, known_tag, listed_tag)
        found.unmatched += rest
        found.newcomers += free
    return found


def _by_depth(places: Iterable[object], key: Callable[..., int]) -> dict[int, list]:  # type: ignore[type-arg]
    grouped: dict[int, list[object]] = defaultdict(list)
    for place in places:
        grouped[depth_of(key(place))].append(place)
    return grouped


def _passes(pairs: Mapping[int, int], above: tuple[str, ...]) -> list[tuple[Tag, NewTag]]:
    """From the strictest comparison to the widest."""

    def home(one: Known) -> int | None:
        return pairs.get(one.parent) if one.parent is not None else None

    def core(name: str) -> str:
        return core_name(name, above)

    return [
        (lambda one: (home(one), one.name), lambda one: (parent_of(one.key), one.name)),
        (lambda one: (home(one), core(one.name)), lambda one: (parent_of(one.key), core(one.name))),
        (lambda one: one.name, lambda one: one.name),
        (lambda one: core(one.name), lambda one: core(one.name)),
    ]


def _pair(
    pairs: dict[int, int],
    rest: list[Known],
    free: list[Listed],
    known_tag: Tag,
    listed_tag: NewTag,
) -> tuple[list[Known], list[Listed]]:
    """Pair those whose tag is single on both sides; give back who is left."""
    known, listed = defaultdict(list), defaultdict(list)
    for place in rest:
        known[known_tag(place)].append(place)
    for row in free:
        listed[listed_tag(row)].append(row)
    for tag, places in known.items():
        if len(places) == 1 and len(listed.get(tag, ())) == 1:
            pairs[places[0].key] = listed[tag][0].key
    taken = set(pairs.values())
    return (
        [place for place in rest if place.key not in pairs],
        [row for row in free if row.key not in taken],
    )


def candidates(
    name: str,
    parent: int | None,
    among: Sequence[Listed],
    above: tuple[str, ...] = (),
    most: int = 5,
) -> list[int]:
    """Keys of the listed places a name may mean, likeliest first; the same parent counts more."""
    core = core_name(name, above)
    likeness = {
        one.key: SequenceMatcher(None, core, core_name(one.name, above)).ratio() for one in among
    }

    def rank(one: Listed) -> float:
        return likeness[one.key] + (0.3 if parent_of(one.key) == parent else 0.0)

    likely = [one for one in among if likeness[one.key] > 0.5]
    return [one.key for one in sorted(likely, key=rank, reverse=True)[:most]]
