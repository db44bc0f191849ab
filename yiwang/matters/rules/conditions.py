"""When a step applies: a small language of field, operator and value. It is data, never code (INF-09).

A field is `answer.<item of the form>`, `variant` or `step.<code of an earlier step>`; the outcome
of a step is one of OUTCOMES.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Outcome(models.TextChoices):
    """How a step ended."""

    AGREED = "agreed", gettext_lazy("同意")
    DECLINED = "declined", gettext_lazy("不同意")
    SKIPPED = "skipped", gettext_lazy("没有经过")


class Operator(models.TextChoices):
    """How the value found is held against the one named."""

    IS = "is", gettext_lazy("是")
    IS_NOT = "is_not", gettext_lazy("不是")
    ONE_OF = "one_of", gettext_lazy("是其中之一")
    FILLED = "filled", gettext_lazy("已填写")
    EMPTY = "empty", gettext_lazy("没有填写")
    AT_LEAST = "at_least", gettext_lazy("不低于")
    AT_MOST = "at_most", gettext_lazy("不高于")


WITHOUT_VALUE = frozenset({Operator.FILLED, Operator.EMPTY})
OF_SEVERAL = frozenset({Operator.ONE_OF, Operator.IS_NOT})
OF_CHOICES = (Operator.IS, Operator.IS_NOT, Operator.ONE_OF, Operator.FILLED, Operator.EMPTY)
OF_AMOUNTS = (Operator.AT_LEAST, Operator.AT_MOST, Operator.IS, Operator.FILLED, Operator.EMPTY)
OF_OUTCOMES = (Operator.IS, Operator.IS_NOT)


def _split(value: str) -> set[str]:
    return {one.strip() for one in value.split(",") if one.strip()}


def _is(found: str, wanted: str) -> bool:
    return found == wanted or wanted in _split(found)


def _compared(found: str, wanted: str) -> int | None:
    """Which is greater, as numbers or else as dates; None when they cannot be compared."""
    try:
        left, right = Decimal(found), Decimal(wanted)
    except InvalidOperation:
        dates = len(found) == len(wanted) == 10 and found[4:5] == wanted[4:5] == "-"
        return ((found > wanted) - (found < wanted)) if dates else None
    return (left > right) - (left < right)


def _at_least(found: str, wanted: str) -> bool:
    return (_compared(found, wanted) or 0) >= 0 and _compared(found, wanted) is not None


def _at_most(found: str, wanted: str) -> bool:
    return (_compared(found, wanted) or 0) <= 0 and _compared(found, wanted) is not None


HOLDS: Mapping[str, Callable[[str, str], bool]] = MappingProxyType(
    {
        Operator.IS: _is,
        Operator.IS_NOT: lambda found, wanted: not any(_is(found, one) for one in _split(wanted)),
        Operator.ONE_OF: lambda found, wanted: bool(_split(found) & _split(wanted)),
        Operator.FILLED: lambda found, wanted: bool(found),
        Operator.EMPTY: lambda found, wanted: not found,
        Operator.AT_LEAST: _at_least,
        Operator.AT_MOST: _at_most,
    }
)


@dataclass(frozen=True)
class Rule:
    """One comparison. An operator nobody knows never holds; the linter refuses it."""

    field: str
    operator: str
    value: str = ""

    @property
    def source(self) -> str:
        """answer, variant or step."""
        return self.field.partition(".")[0]

    @property
    def code(self) -> str:
        """The item of the form or the step that is asked; empty for the variant."""
        return self.field.partition(".")[2]

    @property
    def values(self) -> set[str]:
        return _split(self.value) if self.operator in OF_SEVERAL else {self.value} - {""}

    def holds(self, facts: Mapping[str, str]) -> bool:
        compare = HOLDS.get(self.operator)
        return compare is not None and compare(str(facts.get(self.field) or ""), self.value)


@dataclass(frozen=True)
class Condition:
    """Several rules of which all, or any, must hold; without rules it always holds."""

    rules: tuple[Rule, ...] = ()
    any: bool = False

    @classmethod
    def of(cls, raw: Any) -> "Condition":
        """Read from a step's `when`; what is not of that shape is a rule that never holds."""
        if not raw:
            return cls()
        rows = raw.get("rules") if isinstance(raw, Mapping) else None
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            return cls((Rule("", ""),))
        texts = [
            [str(row.get(key) or "") for key in ("field", "operator", "value")] for row in rows
        ]
        return cls(tuple(Rule(*row) for row in texts), raw.get("match") == "any")

    def as_content(self) -> dict[str, Any]:
        """As a version keeps it."""
        rows = [{"field": r.field, "operator": r.operator, "value": r.value} for r in self.rules]
        return {"match": "any" if self.any else "all", "rules": rows}

    def __bool__(self) -> bool:
        return bool(self.rules)

    def holds(self, facts: Mapping[str, str]) -> bool:
        if not self.rules:
            return True
        told = (rule.holds(facts) for rule in self.rules)
        return any(told) if self.any else all(told)


Naming = Callable[[str, str], str]
"""The words for a field, and for one value of it when that is not empty."""


def condition_words(condition: Condition, name: Naming) -> str:
    """The condition as a reader says it: 低保情况是低保户，并且入户核实是同意."""
    joiner = _("，或者") if condition.any else _("，并且")
    return joiner.join(_rule_words(rule, name) for rule in condition.rules)


def _rule_words(rule: Rule, name: Naming) -> str:
    operator = Operator(rule.operator).label if rule.operator in HOLDS else rule.operator
    values = [name(rule.field, one) for one in rule.value.split(",") if one]
    if rule.operator in WITHOUT_VALUE:
        return _("“%(field)s”%(operator)s") % {"field": name(rule.field, ""), "operator": operator}
    return _("“%(field)s”%(operator)s“%(value)s”") % {
        "field": name(rule.field, ""), "operator": operator, "value": "、".join(values),
    }  # fmt: skip
