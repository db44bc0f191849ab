"""The conditions of a step by ordinary controls: a row for each, the field chosen when it is added."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from yiwang.core.rules.chinese import clean_text
from yiwang.matters.rules.conditions import (
    OF_AMOUNTS,
    OF_CHOICES,
    OF_OUTCOMES,
    Condition,
    Operator,
    Rule,
)
from yiwang.matters.rules.guide import Guide
from yiwang.matters.rules.naming import AMOUNTS, namer, values_of
from yiwang.residents.rules.dictionary import Field

MOST_RULES = 10
LONGEST = 100


@dataclass(frozen=True)
class RuleRow:
    """One condition as the form shows it; `values` are ticked, without any `value` is written."""

    number: int
    rule: Rule
    label: str
    operators: list[tuple[str, Any]]
    values: list[tuple[str, str, bool]]
    type: str

    @property
    def operator(self) -> str:
        """Being one of several is ticking several."""
        return "is" if self.rule.operator == Operator.ONE_OF else self.rule.operator


def rule_rows(condition: Condition, guide: Guide, fields: Mapping[str, Field]) -> list[RuleRow]:
    """The rows of a step's condition in the reader's words."""
    name = namer(guide, fields)
    rows = []
    for number, rule in enumerate(condition.rules):
        codes, known = values_of(rule.field, guide, fields), fields.get(rule.code)
        held = set(rule.value.split(",")) - {""} if codes else set()
        codes += [one for one in sorted(held) if one not in codes]
        kind = known.type if known else ""
        offered = OF_OUTCOMES if rule.source == "step" else OF_CHOICES
        offered = OF_AMOUNTS if kind in AMOUNTS else offered
        operators = [(one.value, one.label) for one in offered if one != Operator.ONE_OF]
        values = [(one, name(rule.field, one), one in held) for one in codes]
        label = name(rule.field, "") or rule.value
        shown = {"date": "date", "integer": "number", "money": "number"}.get(kind, "text")
        rows.append(RuleRow(number, rule, label, operators, values, shown))
    return rows


def condition_from(data: QueryDict, before: Condition) -> Condition:
    """The condition as sent: the rows it had, with other operators and values."""
    rules = []
    for number, rule in enumerate(before.rules):
        operator = data.get(f"rule-{number}-operator", rule.operator)
        values = [clean_text(one)[:LONGEST] for one in data.getlist(f"rule-{number}-value")]
        several = len(values) > 1 and operator == Operator.IS
        rules.append(Rule(rule.field, Operator.ONE_OF if several else operator, ",".join(values)))
    return Condition(tuple(rules), data.get("match") == "any")


def with_rule(condition: Condition, field: str) -> Condition:
    """One rule more about a field, still without a value."""
    if not field or len(condition.rules) >= MOST_RULES:
        return condition
    return Condition((*condition.rules, Rule(field, Operator.IS.value)), condition.any)


def without_rule(condition: Condition, number: int) -> Condition:
    kept = tuple(one for at, one in enumerate(condition.rules) if at != number)
    return Condition(kept, condition.any)


def fields_to_ask(
    guide: Guide, stage: int, fields: Mapping[str, Field]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a condition of a step may speak of, in groups: the form, the variant, earlier steps."""
    form = [(f"answer.{one}", fields[one].label) for one in guide.fields if one in fields]
    steps = [(f"step.{one.code}", one.name) for one in guide.process.steps if one.stage < stage]
    variant = [("variant", _("服务档次"))] if guide.variants else []
    groups = [(_("前面环节的结果"), steps), (_("申请人填写的"), form), (_("服务档次"), variant)]
    return [(name, rows) for name, rows in groups if rows]


def questions_to_ask(
    guide: Guide, code: str, fields: Mapping[str, Field]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the condition of a question may speak of: the items before it, and the variant."""
    before = guide.fields[: guide.fields.index(code)]
    form = [(f"answer.{one}", fields[one].label) for one in before if one in fields]
    variant = [("variant", _("服务档次"))] if guide.variants else []
    groups = [(_("申请人填写的"), form), (_("服务档次"), variant)]
    return [(name, rows) for name, rows in groups if rows]


def condition_sent(data: QueryDict, before: Condition) -> Condition:
    """The condition as sent, with a rule added or taken out by the button pressed."""
    condition = condition_from(data, before)
    do, _colon, which = data.get("do", "").partition(":")
    if do == "add-rule":
        return with_rule(condition, data.get("rule_field", ""))
    if do == "drop-rule" and which.isdecimal():
        return without_rule(condition, int(which))
    return condition
