"""The scope of an agreement: items, places, ages, groups, purpose, law and term (INF-10)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final, Self

LISTS: Final = ("fields", "clear", "areas", "tags", "standings")


@dataclass(frozen=True)
class Scope:
    """What is asked or granted. `clear` are the items given whole, all others are masked; no
    `areas` means everywhere in the agreement's division; ages are full years, both included;
    `tags` (codes of kinds) and `standings` select people who have one of them, none all people.
    """

    fields: tuple[str, ...]
    purpose: str
    basis: str
    law: str
    ends_on: date
    clear: tuple[str, ...] = ()
    areas: tuple[int, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    tags: tuple[str, ...] = ()
    standings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As it is kept: the day as text."""
        return {**asdict(self), "ends_on": self.ends_on.isoformat()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read back what `as_dict` gave."""
        lists = {name: tuple(kept.get(name, ())) for name in LISTS}
        return cls(**{**kept, **lists, "ends_on": date.fromisoformat(kept["ends_on"])})

    def limited(self, limit: "Scope") -> Self:
        """The same purpose and law with less: what was not asked for is not given.

        Whoever limits places or groups to none of those asked for keeps them all.
        """
        return replace(
            self,
            fields=tuple(one for one in self.fields if one in limit.fields),
            clear=tuple(one for one in self.clear if one in limit.clear and one in limit.fields),
            areas=_fewer(self.areas, limit.areas),
            tags=_fewer(self.tags, limit.tags),
            standings=_fewer(self.standings, limit.standings),
            age_from=_narrower(self.age_from, limit.age_from, max),
            age_to=_narrower(self.age_to, limit.age_to, min),
            ends_on=min(self.ends_on, limit.ends_on),
        )


def _fewer(asked: tuple[Any, ...], said: tuple[Any, ...]) -> tuple[Any, ...]:
    """Those of the asked ones that are left; where all were asked for, those said."""
    return (tuple(one for one in said if one in asked) if asked else said) or asked


def _narrower(asked: int | None, said: int | None, pick: Any) -> int | None:
    known = [one for one in (asked, said) if one is not None]
    return pick(known) if known else None
