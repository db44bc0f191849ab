"""A process as a page shows it: the drawing, and the same in sentences."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.rules.wording import listed
from yiwang.matters.forms.revision import KINDS, LEVEL_NAMES
from yiwang.matters.reads.offered import unit_kinds
from yiwang.matters.rules.conditions import Outcome, condition_words
from yiwang.matters.rules.diagram import Diagram, Node, Point, diagram
from yiwang.matters.rules.guide import Guide
from yiwang.matters.rules.limits import limit_words
from yiwang.matters.rules.naming import namer
from yiwang.matters.rules.process import StepPlan
from yiwang.matters.rules.svg import wrapped
from yiwang.residents.reads import dictionary


@dataclass(frozen=True)
class Box:
    """A shape with its lines of text."""

    node: Node
    lines: list[tuple[int, str]]
    small: list[tuple[int, str]]
    passed: bool
    maybe: bool

    @property
    def diamond(self) -> str:
        node = self.node
        return " ".join(f"{x},{y}" for x, y in (node.top, node.right, node.bottom, node.left))

    @property
    def sign(self) -> str:
        return {"parallel": "+", "inclusive": "○", "exclusive": "×"}.get(self.node.kind, "")


@dataclass(frozen=True)
class Arrow:
    """A line with its corners and what is written at its end."""

    path: str
    kind: str
    label: str


@dataclass(frozen=True)
class Told:
    """One step in words: its place, who, how long, on which condition, and when it goes back."""

    plan: StepPlan
    level: str
    unit: str
    limit: str
    kind: str
    when: str
    back: str


@dataclass(frozen=True)
class Drawing:
    """The drawing with everything its template needs; `stages` is the same in sentences."""

    sheet: Diagram
    boxes: list[Box]
    arrows: list[Arrow]
    stages: list[list[Told]]


def drawing_of(guide: Guide, passed: Collection[str] | None = None) -> Drawing:
    """The drawing of a version; `passed` are the steps a sample went through."""
    process, kinds = guide.process, dict(unit_kinds())
    told = {one.code: _told(guide, one, kinds) for one in process.steps}
    sheet = diagram(process)
    boxes = [_box(node, told, passed or ()) for node in sheet.nodes]
    arrows = [Arrow(_path(one.points), one.kind, _label(one.kind)) for one in sheet.flows]
    stages = [[told[one.code] for one in process.at(stage)] for stage in process.stages]
    return Drawing(sheet, boxes, arrows, stages)


def _label(kind: str) -> str:
    return {"otherwise": _("都不符合"), "back": _("退回")}.get(kind, "")


def _path(points: Collection[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _box(node: Node, told: Mapping[str, Told], passed: Collection[str]) -> Box:
    step = node.step
    if step is None:
        return Box(node, [], [], False, False)
    one = told[step.code]
    lines = wrapped(step.name or _("（未命名）"))
    top = node.y + (28 if len(lines) == 1 else 20)
    rows = [(top + 17 * number, line) for number, line in enumerate(lines)]
    unit = wrapped(one.unit or _("未定单位"), 14)[0]
    small = [(node.y + 58, unit), (node.y + 74, one.limit)]
    return Box(node, rows, small, step.code in passed, bool(step.when))


def _told(guide: Guide, step: StepPlan, kinds: Mapping[str, str]) -> Told:
    name = namer(guide, dictionary())
    when = condition_words(step.when, name) if step.when else ""
    return Told(
        step,
        str(LEVEL_NAMES.get(step.level, step.level)),
        kinds.get(step.unit, step.unit),
        limit_words(step.limit),
        kind_words(step.kind),
        when,
        _back(guide, step),
    )


def kind_words(kind: str) -> str:
    return str(dict(KINDS).get(kind, kind))


def _back(guide: Guide, step: StepPlan) -> str:
    if step.back is None:
        return ""
    target = guide.process.by_code.get(step.back.to)
    known = step.back.on in Outcome.values
    return _("%(outcome)s时退回到“%(to)s”，最多 %(most)s 次") % {
        "outcome": Outcome(step.back.on).label if known else _("任何"),
        "to": target.name if target else step.back.to,
        "most": step.back.most,
    }


def step_words(guide: Guide) -> list[str]:
    """Each step in one line, with what decides whether and how often it runs."""
    told = [one for stage in drawing_of(guide).stages for one in stage]
    return [" ".join(filter(None, _line(guide, one))) for one in told]


def form_words(guide: Guide) -> list[str]:
    """Each item of the form, with when it is asked where that depends on an answer."""
    words, name = dictionary(), namer(guide, dictionary())
    found = []
    for code in guide.fields:
        label = words[code].label if code in words else code
        when = guide.asked_when.get(code)
        told = _("%(name)s（只在%(when)s时问）")
        said = {"name": label, "when": condition_words(when, name)} if when else None
        found.append(told % said if said else label)
    return found


def _line(guide: Guide, one: Told) -> list[str]:
    names: dict[str, Any] = {need.code: need.name for need in guide.materials}
    papers = listed(names.get(code, code) for code in one.plan.papers)
    when = _("只在%(when)s时办理") % {"when": one.when} if one.when else ""
    who = f"{one.level}{one.unit}"
    return [f"{one.plan.stage}. {one.plan.name}", who, one.limit, when, one.back, papers]
