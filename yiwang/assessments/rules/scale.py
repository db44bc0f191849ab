"""A scored form read from data: sections, items, conditions, grades, subsidies (GB/T 42195-2022)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

EFFECTS: Final = ("one_worse", "worst")


class InvalidScale(ValueError):
    """A form that cannot be used, with the sentence that says why."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a code and a name in two languages."""

    code: str
    name: str
    name_en: str = ""

    @property
    def label(self) -> str:
        return self.name_en if _english() and self.name_en else self.name


@dataclass(frozen=True, slots=True)
class Option:
    """One answer and what it scores."""

    score: int
    text: str
    text_en: str = ""

    @property
    def label(self) -> str:
        return self.text_en if _english() and self.text_en else self.text


@dataclass(frozen=True, slots=True)
class Item(Named):
    """One thing to observe or ask."""

    options: tuple[Option, ...] = ()
    hint: str = ""
    hint_en: str = ""

    @property
    def help(self) -> str:
        return self.hint_en if _english() and self.hint_en else self.hint

    @property
    def most(self) -> int:
        return max(one.score for one in self.options)

    def option(self, score: int | None) -> Option | None:
        return next((one for one in self.options if one.score == score), None)


@dataclass(frozen=True, slots=True)
class Section(Named):
    """Items that are added up together."""

    items: tuple[Item, ...] = ()

    @property
    def most(self) -> int:
        return sum(one.most for one in self.items)


@dataclass(frozen=True, slots=True)
class Condition(Named):
    """What makes the grade worse, whatever the score."""

    effect: str = ""


@dataclass(frozen=True, slots=True)
class Grade(Named):
    """One grade: the totals from `least` to `most`, both included."""

    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Subsidy(Named):
    """A subsidy grade: for these grades, when each fact named has one of these values."""

    grades: tuple[str, ...] = ()
    when: Mapping[str, tuple[str, ...]] | None = None

    def fits(self, grade: str, facts: Mapping[str, str]) -> bool:
        wanted = self.when or {}
        return grade in self.grades and all(facts.get(k) in v for k, v in wanted.items())


@dataclass(frozen=True, slots=True)
class ScaleContent:
    """A whole form. Grades stand from the best to the worst; `assessors` people must agree."""

    title: Named
    source: str
    assessors: int
    age_parameter: str
    sections: tuple[Section, ...]
    conditions: tuple[Condition, ...]
    grades: tuple[Grade, ...]
    facts: tuple[str, ...]
    subsidies: tuple[Subsidy, ...]
    kept_as: str

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)

    @property
    def most(self) -> int:
        return sum(one.most for one in self.sections)

    def grade(self, code: str) -> Grade | None:
        return next((one for one in self.grades if one.code == code), None)

    def subsidy(self, code: str) -> Subsidy | None:
        return next((one for one in self.subsidies if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What answers add up to; `by_score` is the grade before any condition."""

    parts: Mapping[str, int]
    total: int
    by_score: str
    grade: str
    subsidy: str


def read_scale(raw: Mapping[str, Any]) -> ScaleContent:
    """The form of a version. Raises InvalidScale naming what is wrong."""
    try:
        scale = _scale(raw)
    except (KeyError, TypeError, ValueError) as fault:
        raise InvalidScale(_("缺少或写错：%(fault)s。") % {"fault": fault}) from fault
    if said := _fault(scale):
        raise InvalidScale(said)
    return scale


def missing_items(scale: ScaleContent, answers: Mapping[str, int]) -> list[Item]:
    """The items without a score that they offer."""
    return [one for one in scale.items if one.option(answers.get(one.code)) is None]


def outcome(
    scale: ScaleContent,
    answers: Mapping[str, int],
    conditions: Sequence[str],
    facts: Mapping[str, str],
) -> Outcome:
    """Add up complete answers; the grade by score, made worse by what was observed."""
    parts = {
        section.code: sum(answers[item.code] for item in section.items)
        for section in scale.sections
    }
    total = sum(parts.values())
    order = [one.code for one in scale.grades]
    by_score = next(one.code for one in scale.grades if one.least <= total <= one.most)
    at = order.index(by_score)
    effects = {one.effect for one in scale.conditions if one.code in conditions}
    if "worst" in effects:
        at = len(order) - 1
    elif "one_worse" in effects:
        at = min(at + 1, len(order) - 1)
    grade = order[at]
    subsidy = next((one.code for one in scale.subsidies if one.fits(grade, facts)), "")
    return Outcome(parts, total, by_score, grade, subsidy)


def _scale(raw: Mapping[str, Any]) -> ScaleContent:
    return ScaleContent(
        title=Named(*_words({**raw, "code": raw.get("code", "")})),
        source=str(raw.get("source_en" if _english() else "source") or raw.get("source", "")),
        assessors=int(raw["assessors"]),
        age_parameter=str(raw.get("age_parameter", "")),
        sections=tuple(_section(one) for one in raw["sections"]),
        conditions=tuple(
            Condition(*_words(one), effect=str(one["effect"])) for one in raw.get("conditions", ())
        ),
        grades=tuple(
            Grade(*_words(one), least=int(one["from"]), most=int(one["to"]))
            for one in raw["grades"]
        ),
        facts=tuple(str(one) for one in raw.get("facts", ())),
        subsidies=tuple(_subsidy(one) for one in raw.get("subsidies", ())),
        kept_as=str(raw.get("kept_as", "")),
    )


def _words(raw: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(raw["code"]), str(raw["name"]).strip(), str(raw.get("name_en", "")).strip()


def _section(raw: Mapping[str, Any]) -> Section:
    return Section(*_words(raw), items=tuple(_item(one) for one in raw["items"]))


def _item(raw: Mapping[str, Any]) -> Item:
    return Item(
        *_words(raw),
        options=tuple(
            Option(int(one["score"]), str(one["text"]), str(one.get("text_en", "")))
            for one in raw["options"]
        ),
        hint=str(raw.get("hint", "")),
        hint_en=str(raw.get("hint_en", "")),
    )


def _subsidy(raw: Mapping[str, Any]) -> Subsidy:
    when = {str(k): tuple(str(one) for one in v) for k, v in (raw.get("when") or {}).items()}
    return Subsidy(*_words(raw), grades=tuple(str(one) for one in raw["grades"]), when=when)


def _fault(scale: ScaleContent) -> str:
    codes = [one.code for one in scale.items]
    if not codes or len(codes) != len(set(codes)):
        return _("没有评估项目，或项目编码重复。")
    for item in scale.items:
        scores = [one.score for one in item.options]
        if len(scores) < 2 or len(scores) != len(set(scores)):
            return _("“%(item)s”至少要有两个分值不同的选项。") % {"item": item.label}
    if scale.assessors not in (1, 2):
        return _("评估人数是 1 或 2。")
    if any(one.effect not in EFFECTS for one in scale.conditions):
        return _("调整条件的作用不对。")
    return _fault_of_grades(scale)


def _fault_of_grades(scale: ScaleContent) -> str:
    """Every total that can be reached must have exactly one grade."""
    known = {one.code for one in scale.grades}
    least = sum(min(o.score for o in item.options) for item in scale.items)
    for total in range(least, scale.most + 1):
        if sum(one.least <= total <= one.most for one in scale.grades) != 1:
            return _("总分 %(total)s 没有等级，或有几个等级。") % {"total": total}
    for one in scale.subsidies:
        if not set(one.grades) <= known or not set(one.when or {}) <= set(scale.facts):
            return _("补助档次“%(name)s”的等级或条件不对。") % {"name": one.label}
    return ""


def _english() -> bool:
    return (get_language() or "").startswith("en")
