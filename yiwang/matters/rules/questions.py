"""Which questions of a form are asked: some only when an answer before them says so (SVC-03, INF-09)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .conditions import Condition

ALWAYS = Condition()
SOURCES = frozenset({"answer", "variant"})
"""What a question may depend on: an item of the form before it, and the variant."""


def questions_of(raw: Any) -> dict[str, Condition]:
    """The conditions of a content's `asked_when`, by item of the form."""
    found = {code: Condition.of(when) for code, when in raw.items()} if raw else {}
    return {code: condition for code, condition in found.items() if condition}


def applying(
    fields: Sequence[str], when: Mapping[str, Condition], said: Mapping[str, str], variant: str = ""
) -> list[str]:
    """The items that belong to the form of somebody who said this; an answer counts for those behind
    it, and only when it was itself asked.
    """
    facts, found = {"variant": variant}, list[str]()
    for code in fields:
        if when.get(code, ALWAYS).holds(facts):
            found.append(code)
            facts[f"answer.{code}"] = said.get(code, "")
    return found


def deciding(when: Mapping[str, Condition], changeable: Collection[str]) -> set[str]:
    """The items among `changeable` whose answer decides about another question."""
    named = {rule.code for one in when.values() for rule in one.rules if rule.source == "answer"}
    return named & set(changeable)


def put_question(content: Mapping[str, Any], code: str, condition: Condition) -> dict[str, Any]:
    """The content in which an item is asked under this condition; without rules it always is."""
    rest = {key: when for key, when in (content.get("asked_when") or {}).items() if key != code}
    asked = {**rest, code: condition.as_content()} if condition else rest
    return {**content, "asked_when": asked}
