"""The rule table of a kind: who gets the tag by itself, and whose tag ends by itself.

    sets: {age_from: residents.senior_age}
    ends: {age_from: 16}

A condition is a conjunction. Ages are full years, as a number or as the id of a parameter; `home`
speaks of the household, `standing` of the residence status, `fact` of one item of the dictionary
that is not sensitive (a sensitive one lies encrypted, so that no rule can read it).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

HOMES: Final = {
    "alone": _("家里只有本人"),
    "elders": _("家里只有老年人"),
    "no_adult": _("家里没有成年非老年人"),
}
_KEYS: Final = {"age_from", "age_below", "home", "standing", "sex", "fact"}
_OLDEST: Final = 150
_SEXES: Final = ("female", "male")


class InvalidRule(ValueError):
    """A rule table that cannot be read: the part and why."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Everything that must hold at once; what is empty says nothing."""

    age_from: int | str | None = None
    age_below: int | str | None = None
    home: str = ""
    standing: tuple[str, ...] = ()
    sex: str = ""
    fact: tuple[str, tuple[str, ...]] | None = None

    def stands_on(self, fact: str) -> bool:
        """Whether the condition looks at a fact of the trace: born, members or standing."""
        looked_at = {
            "born": self.age_from is not None or self.age_below is not None,
            "members": bool(self.home),
            "standing": bool(self.standing),
        }
        return looked_at.get(fact, False)

    @property
    def is_empty(self) -> bool:
        return self == Condition()


@dataclass(frozen=True, slots=True)
class Rule:
    """`sets` gives and takes the tag; `ends` only takes it, also from whom it was given by hand."""

    sets: Condition | None = None
    ends: Condition | None = None

    @property
    def looks_at_homes(self) -> bool:
        return any(one is not None and one.home for one in (self.sets, self.ends))


def read_rule(table: Mapping[str, Any] | None) -> Rule:
    """The rule of a table as kept with the kind. Raises InvalidRule."""
    parts = dict(table or {})
    strange = set(parts) - {"sets", "ends"}
    if strange:
        raise InvalidRule("、".join(sorted(strange)))
    return Rule(_condition(parts.get("sets")), _condition(parts.get("ends")))


def _condition(table: Mapping[str, Any] | None) -> Condition | None:
    if not table:
        return None
    strange = set(table) - _KEYS
    if strange:
        raise InvalidRule("、".join(sorted(strange)))
    home, sex = str(table.get("home", "")), str(table.get("sex", ""))
    if (home and home not in HOMES) or (sex and sex not in _SEXES):
        raise InvalidRule(home or sex)
    made = Condition(
        age_from=_age(table.get("age_from")),
        age_below=_age(table.get("age_below")),
        home=home,
        standing=tuple(table.get("standing") or ()),
        sex=sex,
        fact=_fact(table.get("fact")),
    )
    return None if made.is_empty else made


def _age(said: Any) -> int | str | None:
    if said in (None, ""):
        return None
    if isinstance(said, int) or str(said).isdecimal():
        if int(said) > _OLDEST:
            raise InvalidRule(str(said))
        return int(said)
    return str(said)


def _fact(said: Any) -> tuple[str, tuple[str, ...]] | None:
    if not said:
        return None
    return str(said["field"]), tuple(str(one) for one in said["any"])
