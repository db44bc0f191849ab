"""What is wrong with a version before anybody is sent through it: step, reason and cure (INF-09)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.core.rules.wording import listed
from yiwang.residents.rules.dictionary import Field

from .checks import check_parts
from .conditions import HOLDS, OF_OUTCOMES, WITHOUT_VALUE, Condition, Operator, Rule
from .guide import Guide
from .limits import Limit
from .naming import AMOUNTS, namer, values_of
from .process import ALWAYS, Process, StepPlan
from .walks import MOST_WALKS, Candidates, TooMany, Walk, walks

DECIDING = frozenset({"decide", "deliver"})
MOST_BACK = 9


@dataclass(frozen=True)
class Fault:
    """One fault: the part of the editor, the step if it is one's, why, and how to put it right.

    A fault that is not `blocking` is only pointed out.
    """

    part: str
    reason: str
    cure: str = ""
    step: str = ""
    name: str = ""
    blocking: bool = True

    @property
    def sentence(self) -> str:
        said = f"{self.reason}{self.cure}" if _chinese() else f"{self.reason} {self.cure}".strip()
        return (
            _("环节“%(step)s”：%(said)s") % {"step": self.name, "said": said} if self.name else said
        )


def _chinese() -> bool:
    return not (get_language() or "").startswith("en")


def lint(content: Mapping[str, Any], fields: Mapping[str, Field]) -> list[Fault]:
    """Every fault of a content that has its shape; `fields` is the dictionary."""
    found = [Fault(part, sentence) for part, sentence in check_parts(content)]
    if not content.get("steps") or len({one["code"] for one in content["steps"]}) != len(
        content["steps"]
    ):
        return found
    asked = Asked(dict(content), fields)
    found += _questions(asked)
    of_steps = [*_conditions(asked), *_ways_back(asked), *_papers(asked)]
    return [*found, *of_steps, *([] if of_steps else _course(asked))]


@dataclass
class Asked:
    """What is being checked: the content read as a guide, its process and the dictionary."""

    content: dict[str, Any]
    fields: Mapping[str, Field]
    guide: Guide = field(init=False)
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        self.guide = Guide(self.content, english=not _chinese())
        self.process = self.guide.process

    def fault(self, step: StepPlan, reason: str, cure: str, *, blocking: bool = True) -> Fault:
        return Fault("steps", reason, cure, step.code, step.name or step.code, blocking)


def _conditions(asked: Asked) -> Iterator[Fault]:
    for step in asked.process.steps:
        for rule in step.when.rules:
            said = _unknown_field(asked, step, rule) or _rule_fault(asked, rule)
            if said:
                yield asked.fault(step, *said)


def _questions(asked: Asked) -> Iterator[Fault]:
    """Faults of the conditions under which items of the form are asked."""
    form = asked.guide.fields
    for code, condition in asked.guide.asked_when.items():
        name = asked.fields[code].label if code in asked.fields else code
        if code not in form:
            yield Fault(
                "fields", _("“%(name)s”有提问条件，但不在表单里。") % {"name": name},
                _("请把它加回表单，或删掉条件。"),
            )  # fmt: skip
            continue
        faults = [
            _not_before(asked, rule, form[: form.index(code)]) or _rule_fault(asked, rule)
            for rule in condition.rules
        ]
        found = [one for one in faults if one] or _never_asked(asked, condition)
        for reason, cure in found:
            sentence = _("信息项“%(name)s”：%(reason)s") % {"name": name, "reason": reason}
            yield Fault("fields", sentence, cure)


def _not_before(asked: Asked, rule: Rule, before: Sequence[str]) -> tuple[str, str] | None:
    """A question may look at the answers before it and at the variant, at nothing else."""
    if rule.source == "variant" and asked.guide.variants:
        return None
    if rule.source == "answer" and rule.code in before and rule.code in asked.fields:
        return None
    said = {"field": namer(asked.guide, asked.fields)(rule.field, "") or rule.code}
    return (
        _("提问条件用到“%(field)s”，但它不在这一项前面。") % said,
        _("请把“%(field)s”移到前面，或改用别的条件。") % said,
    )


def _never_asked(asked: Asked, condition: Condition) -> list[tuple[str, str]]:
    """Whether no answer at all makes the condition true."""
    tried: dict[str, list[str]] = {}
    for rule in condition.rules:
        tried.setdefault(rule.field, []).extend(_tried(asked, rule))
    ways = islice(product(*tried.values()), MOST_WALKS)
    if any(condition.holds(dict(zip(tried, values, strict=True))) for values in ways):
        return []
    return [(_("无论怎样回答，都不会问到这一项。"), _("请改它的条件，或从表单里删掉。"))]


def _rule_fault(asked: Asked, rule: Rule) -> tuple[str, str] | None:
    """Why a rule about a known field cannot be judged, and the cure; None when it can."""
    name = namer(asked.guide, asked.fields)
    said = {"field": name(rule.field, "")}
    if rule.operator not in HOLDS or (rule.source == "step" and rule.operator not in OF_OUTCOMES):
        return _("条件“%(field)s”的比较方式不对。") % said, _("请重新选择“是”或“不是”等。")
    if rule.operator not in WITHOUT_VALUE and not rule.values:
        return _("条件“%(field)s”没有写要比较的值。") % said, _("请填写或选择一个值。")
    if rule.operator in {Operator.AT_LEAST, Operator.AT_MOST}:
        known = asked.fields.get(rule.code)
        if known is None or known.type not in AMOUNTS:
            return _("“%(field)s”不是数字或日期，不能比大小。") % said, _("请改用“是”或“不是”。")
    values = values_of(rule.field, asked.guide, asked.fields)
    strange = sorted(rule.values - set(values)) if values else []
    if strange:
        said["values"] = listed(strange)
        return (
            _("“%(field)s”没有“%(values)s”这个选项，条件永远不会成立。") % said,
            _("请重新选择条件的值。"),
        )
    return None


def _unknown_field(asked: Asked, step: StepPlan, rule: Rule) -> tuple[str, str] | None:
    if rule.source == "answer" and rule.code in asked.fields:
        if rule.code in asked.guide.fields:
            return None
        said = {"field": asked.fields[rule.code].label}
        return (
            _("条件用到“%(field)s”，但表单里没有这一项。") % said,
            _("请把它加进表单的信息项，或改用别的条件。"),
        )
    if rule.source == "variant":
        if asked.guide.variants:
            return None
        return _("条件用到服务档次，但这个事项没有分档次。"), _("请先设服务档次，或删掉这个条件。")
    if rule.source == "step" and rule.code in asked.process.by_code:
        other = asked.process.by_code[rule.code]
        if other.stage < step.stage:
            return None
        return (
            _("条件用到“%(other)s”的结果，但它不在这个环节之前。") % {"other": other.name},
            _("请把“%(other)s”移到前面，或改用别的条件。") % {"other": other.name},
        )
    if not rule.code:
        said = {"value": rule.value}
        return (
            _("有一个条件没有选信息项（%(value)s）。") % said, _("请删掉它，按信息项重新加条件。"),
        )  # fmt: skip
    return (
        _("条件用到“%(field)s”，没有这个信息项或环节。") % {"field": rule.code},
        _("请删掉这个条件，或从列表里重新选择。"),
    )


def _ways_back(asked: Asked) -> Iterator[Fault]:
    for step in asked.process.steps:
        back = step.back
        if back is None:
            continue
        target = asked.process.by_code.get(back.to)
        if target is None or target.stage > step.stage:
            yield asked.fault(
                step, _("退回的环节不存在，或在它后面。"), _("请选择前面的一个环节。")
            )
        elif back.on == ALWAYS or back.on not in {"agreed", "declined"}:
            yield asked.fault(
                step,
                _("办完总是退回到“%(to)s”，这个循环没有出口。") % {"to": target.name},
                _("请选择只在“不同意”或只在“同意”时退回。"),
            )
        elif not 0 < back.most <= MOST_BACK:
            yield asked.fault(
                step,
                _("退回的次数没有上限，事项可能永远办不完。"),
                _("请填写最多退回几次（1 至 %(most)s）。") % {"most": MOST_BACK},
            )


def _papers(asked: Asked) -> Iterator[Fault]:
    known = {one.code for one in asked.guide.materials}
    for step in asked.process.steps:
        if set(step.papers) - known:
            yield asked.fault(
                step, _("要核对的材料已经不在材料清单里。"), _("请重新勾选这个环节核对的材料。")
            )


def _course(asked: Asked) -> Iterator[Fault]:
    """Faults that only walking shows: nothing begins, nobody decides, nobody ever comes there."""
    try:
        ways = walks(asked.process, candidates(asked))
    except TooMany:
        yield Fault("steps", _("条件的组合太多，无法逐一检查。"), _("请减少条件用到的信息项。"))
        return
    ran = {code for way in ways for code in way.ran}
    for step in asked.process.steps:
        if step.code not in ran:
            yield asked.fault(
                step,
                _("无论怎样填写，都走不到这个环节。"),
                _("请改它的条件，或删掉这个环节。"),
            )
    yield from _dead_ends(asked, ways)
    yield from _too_slow(asked, ways)


def _dead_ends(asked: Asked, ways: Sequence[Walk]) -> Iterator[Fault]:
    told: set[str] = set()
    for way in ways:
        if not way.last:
            yield Fault(
                "steps",
                _("%(case)s没有任何环节要办。") % {"case": _case(asked, way)},
                _("请至少保留一个没有条件的环节。"),
            )
            return
        step = way.last[-1]
        if step.code not in told and not any(one.kind in DECIDING for one in way.last):
            told.add(step.code)
            yield asked.fault(
                step,
                _("%(case)s走到这里就没有下一步了，而它不能作决定。") % {"case": _case(asked, way)},
                _("请在后面加一个“决定”或“送达”环节，或把它的性质改为“决定”。"),
            )


def _case(asked: Asked, way: Walk) -> str:
    """The answers and outcomes of a way, as the beginning of a sentence."""
    said = way_words(asked.guide, asked.fields, way)
    return _("%(said)s时，") % {"said": said} if said else ""


def way_words(guide: Guide, fields: Mapping[str, Field], way: Walk) -> str:
    """What was said and how steps ended on a way, where it matters."""
    name = namer(guide, fields)
    facts = {**way.said, **{f"step.{code}": how for code, how in way.ended.items()}}
    used = {rule.field for one in guide.steps for rule in one.when.rules}
    used |= {f"step.{one.code}" for one in guide.steps if one.back}
    return listed(
        _("“%(field)s”为“%(value)s”")
        % {"field": name(one, ""), "value": name(one, facts[one]) if facts[one] else _("空")}
        for one in facts
        if one in used
    )


def _too_slow(asked: Asked, ways: Sequence[Walk]) -> Iterator[Fault]:
    """The steps of the longest way without a return against what is promised, in one unit of time."""
    promised = asked.content.get("promised")
    if not promised:
        return
    unit = promised["unit"]
    if any(one.limit.unit != unit for one in asked.process.steps):
        return
    most = max((_days(asked.process, way) for way in ways), default=0)
    if most > Limit.of(promised).amount:
        yield Fault(
            "steps",
            _("各环节时限加起来是 %(sum)s，超过承诺的 %(promised)s。")
            % {"sum": most, "promised": promised["amount"]},
            _("各环节会按承诺期限提前到期；请缩短环节时限或延长承诺时限。"),
            blocking=False,
        )


def _days(process: Process, way: Walk) -> int:
    longest: dict[int, int] = {}
    for code in set(way.ran):
        step = process.by_code[code]
        longest[step.stage] = max(longest.get(step.stage, 0), step.limit.amount)
    return sum(longest.values())


def candidates(asked: Asked) -> Candidates:
    """The values worth trying for each answer and variant that a condition asks."""
    found: dict[str, list[str]] = {}
    for step in asked.process.steps:
        for rule in step.when.rules:
            if rule.source in {"answer", "variant"}:
                row = found.setdefault(rule.field, [])
                row += [one for one in _tried(asked, rule) if one not in row]
    return found


def _tried(asked: Asked, rule: Rule) -> list[str]:
    values = values_of(rule.field, asked.guide, asked.fields)
    others = [one for one in values if one not in rule.values][:1]
    known = asked.fields.get(rule.code)
    if known and known.type == "date":
        others = ["0001-01-01", "9999-12-31"]
    elif known and known.type in AMOUNTS:
        others = ["0", "999999999"]
    elif not values:
        others = [_("其他")]
    nothing = [] if rule.source == "variant" else [""]
    return [*sorted(rule.values), *others, *nothing]
