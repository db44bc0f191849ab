"""The words for what conditions speak of: items of the form, variants, steps and their values."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from yiwang.residents.rules.dictionary import Field

from .conditions import Naming, Outcome, Rule
from .guide import Guide

AMOUNTS = frozenset({"integer", "money", "date"})
TICKS = ("true", "false")


def namer(guide: Guide, fields: Mapping[str, Field]) -> Naming:
    """Names in the reader's language; what is not known keeps its code."""
    steps = {one.code: one.name for one in guide.steps}
    variants = {one.code: one.name for one in guide.variants}

    def name(field: str, value: str) -> str:
        rule = Rule(field, "", value)
        known = fields.get(rule.code)
        if not value:
            plain = {"variant": _("服务档次"), "step": steps.get(rule.code, rule.code)}
            return plain.get(rule.source) or (known.label if known else rule.code)
        if rule.source == "variant":
            return variants.get(value, value)
        if rule.source == "step":
            return str(Outcome(value).label) if value in Outcome.values else value
        if known and known.type == "boolean":
            return {"true": _("是"), "false": _("否")}.get(value, value)
        return known.choice_label(value) if known else value

    return name


def values_of(field: str, guide: Guide, fields: Mapping[str, Field]) -> list[str]:
    """The codes a field can have; empty where anything may be written."""
    rule = Rule(field, "")
    if rule.source == "variant":
        return [one.code for one in guide.variants]
    if rule.source == "step":
        return [Outcome.AGREED.value, Outcome.DECLINED.value, Outcome.SKIPPED.value]
    known = fields.get(rule.code)
    if known is None:
        return []
    if known.type == "boolean":
        return list(TICKS)
    return [one.code for one in (*known.choices, *known.withdrawn)]
