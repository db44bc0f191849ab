"""A BPMN 2.0 file of ours or another maker's, read as a process; what we cannot run is refused."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.core.errors import Refused
from yiwang.core.rules.wording import listed

from .bpmn import ALWAYS_TRUE, MODEL, OWN
from .bpmn_graph import Edge, Graph
from .shape import LEVELS, MOST_STEPS

MOST_BYTES: Final = 1_000_000
MOST_NODES: Final = 300
TASKS: Final = frozenset({"task", "userTask", "manualTask"})
GATEWAYS: Final = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway"})
EVENTS: Final = frozenset({"startEvent", "endEvent"})
SILENT: Final = frozenset({
    "sequenceFlow", "extensionElements", "documentation", "laneSet", "textAnnotation",
    "association", "dataObject", "dataObjectReference", "dataStoreReference", "group", "category",
})  # fmt: skip
CURES: Final[Mapping[str, Any]] = {
    "subProcess": gettext_lazy("请把子流程里的环节画到主流程上。"),
    "callActivity": gettext_lazy("请把所调用的流程画到主流程上，或作为另一个事项发布。"),
    "boundaryEvent": gettext_lazy("超时由环节的时限和逐级上报处理，请删掉这个边界事件。"),
    "intermediateCatchEvent": gettext_lazy("请删掉这个等待，用环节的时限代替。"),
    "intermediateThrowEvent": gettext_lazy("请删掉这个事件；通知由一网自动发送。"),
    "complexGateway": gettext_lazy("请改用排他、包容或并行网关。"),
    "eventBasedGateway": gettext_lazy("请改用排他网关，按环节的结果分支。"),
}


@dataclass
class Imported:
    """What was read: the steps, the rest of a content when the file is ours, and what to look at."""

    title: str
    steps: list[dict[str, Any]]
    rest: dict[str, Any]
    notes: list[str] = field(default_factory=list)


def from_bpmn(data: bytes) -> Imported:
    """Read a file. Raises Refused with the element at fault and the cure."""
    process = _one_process(_parsed(data))
    graph, tasks = _graph(process)
    start = next((key for key, kind in graph.kinds.items() if kind == "startEvent"), "")
    if not start:
        raise Refused("bpmn", _("文件里没有开始事件。请画一个开始事件，并连到第一个环节。"))
    lost = set(graph.kinds) - graph.find_back(start)
    if lost:
        names = listed(
            tasks[one].get("name") or one if one in tasks else one for one in sorted(lost)
        )
        raise Refused("bpmn", _("“%(names)s”没有连到流程里。请连上，或删掉。") % {"names": names})
    found = Imported(process.get("name") or "", [], _rest(process))
    codes = _codes(tasks)
    stages = graph.stages()
    maybe = {key: _condition(graph, key) for key in tasks}
    for key in sorted(tasks, key=lambda one: (stages[one], list(tasks).index(one))):
        found.steps.append(_step(tasks[key], codes[key], stages[key], found.notes))
        _with_condition(found.steps[-1], tasks[key], key, graph, maybe, codes)
    _with_ways_back(found, graph, codes, stages, tasks)
    return found


def _parsed(data: bytes) -> ET.Element:
    """The document, without entities, external files or declarations of its own (XXE, bombs)."""
    if len(data) > MOST_BYTES:
        raise Refused("bpmn", _("文件超过 1 MB，请确认选的是流程文件。"))
    guard = expat.ParserCreate()
    guard.StartDoctypeDeclHandler = _no_doctype
    try:
        guard.Parse(data, True)
        return ET.fromstring(data)  # noqa: S314 - no declaration of types has got this far
    except (expat.ExpatError, ET.ParseError, ValueError) as fault:
        raise Refused("bpmn", _("文件不是完整的 XML，请重新导出为 BPMN 2.0。")) from fault


def _no_doctype(*_told: Any) -> None:
    raise Refused("bpmn", _("文件带有 DOCTYPE 声明，为安全起见不读取。请重新导出为 BPMN 2.0。"))


def _one_process(root: ET.Element) -> ET.Element:
    if root.tag != f"{{{MODEL}}}definitions":
        raise Refused("bpmn", _("这不是 BPMN 2.0 文件。请在画图工具里选“导出为 BPMN 2.0”。"))
    found = root.findall(f"{{{MODEL}}}process")
    if len(found) != 1:
        raise Refused("bpmn", _("文件里须正好有一个流程，现有 %(n)s 个。") % {"n": len(found)})
    return found[0]


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _graph(process: ET.Element) -> tuple[Graph, dict[str, ET.Element]]:
    graph, tasks = Graph(), {}
    flows = []
    for one in process:
        tag, key = _local(one), one.get("id") or ""
        if tag == "sequenceFlow":
            flows.append(one)
        elif tag in TASKS:
            graph.kinds[key], tasks[key] = "task", one
            _plain(one, tag)
        elif tag in GATEWAYS | EVENTS:
            graph.kinds[key] = tag
            _plain(one, tag)
        elif tag not in SILENT and one.tag.startswith(f"{{{MODEL}}}"):
            raise Refused("bpmn", _unsupported(tag, one.get("name") or key))
    if len(graph.kinds) > MOST_NODES or not 0 < len(tasks) <= MOST_STEPS:
        limit = {"most": MOST_STEPS}
        raise Refused("bpmn", _("流程须有 1 至 %(most)s 个环节（任务）。") % limit)
    defaults = {one.get("default") for one in process}
    graph.edges = [_edge(one, graph, defaults) for one in flows]
    return graph, tasks


def _plain(element: ET.Element, tag: str) -> None:
    """Only the plain form: no timers, messages or repetition on it."""
    for inner in element:
        name = _local(inner)
        if name.endswith(("EventDefinition", "LoopCharacteristics")):
            raise Refused("bpmn", _unsupported(name, element.get("name") or tag))


def _unsupported(tag: str, name: str) -> str:
    cure = CURES.get(tag) or _("请改成用户任务，或删掉它。")
    return _("不支持“%(name)s”（%(tag)s）。%(cure)s") % {"name": name, "tag": tag, "cure": cure}


def _edge(one: ET.Element, graph: Graph, defaults: set[str | None]) -> Edge:
    source, target = one.get("sourceRef") or "", one.get("targetRef") or ""
    if source not in graph.kinds or target not in graph.kinds:
        said = {"flow": one.get("name") or one.get("id")}
        raise Refused("bpmn", _("连线“%(flow)s”的一头没有连上。请重新连接。") % said)
    expression = one.find(f"{{{MODEL}}}conditionExpression")
    text = (expression.text or "") if expression is not None else ""
    conditional = expression is not None and text.strip() != ALWAYS_TRUE
    words = (one.get("name") or (text if conditional else "")).strip()[:100]
    key = one.get("id") or ""
    return Edge(key, source, target, words, conditional, key in defaults)


def _own(task: ET.Element) -> ET.Element | None:
    return task.find(f"{{{MODEL}}}extensionElements/{{{OWN}}}step")


def _rest(process: ET.Element) -> dict[str, Any]:
    holder = process.find(f"{{{MODEL}}}extensionElements/{{{OWN}}}content")
    try:
        found = json.loads(holder.text or "") if holder is not None else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _codes(tasks: Mapping[str, ET.Element]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, task in tasks.items():
        own = _own(task)
        wanted = (own.get("code") if own is not None else "") or key
        code = re.sub(r"[^A-Za-z0-9_-]", "", wanted)[:50] or "step"
        while code in found.values():
            code += "_2"
        found[key] = code
    return found


def _step(task: ET.Element, code: str, stage: int, notes: list[str]) -> dict[str, Any]:
    own, name = _own(task), (task.get("name") or "").strip()[:80]
    said: Mapping[str, str] = own.attrib if own is not None else {}
    if own is None:
        notes.append(_("环节“%(step)s”没有写明由谁办、多长时间，请补填。") % {"step": name or code})
    amount = said.get("limit", "")
    return {
        "code": code,
        "name": name,
        "name_en": said.get("nameEn", "")[:120],
        "stage": stage,
        "level": said["level"] if said.get("level") in LEVELS else "township",
        "unit": said.get("unit", "")[:40],
        "kind": said.get("kind", "review")[:12],
        "limit": {
            "amount": int(amount) if amount.isdecimal() and 0 < int(amount) < 1000 else 1,
            "unit": said.get("limitUnit", "working_days"),
        },
        "papers": said.get("papers", "").split(),
    }


def _condition(graph: Graph, task: str) -> str | None:
    """What is written on the way to a task when it may be left out; None when it always runs."""
    waiting, seen = [task], {task}
    while waiting:
        at = waiting.pop()
        for edge in (one for one in graph.edges if one.target == at and one.key not in graph.back):
            choices = [one for one in graph.out(edge.source) if one.key not in graph.back]
            exclusive = graph.kinds[edge.source] == "exclusiveGateway" or edge.otherwise
            if edge.conditional or (len(choices) > 1 and (exclusive or edge.words)):
                return edge.words or _("其他情况")
            alone = len([one for one in graph.edges if one.target == edge.source]) == 1
            if alone and graph.kinds[edge.source] in GATEWAYS and edge.source not in seen:
                seen.add(edge.source)
                waiting.append(edge.source)
    return None


def _with_condition(
    step: dict[str, Any],
    task: ET.Element,
    key: str,
    graph: Graph,
    maybe: Mapping[str, str | None],
    codes: Mapping[str, str],
) -> None:
    own, words = _own(task), maybe[key]
    when = own.find(f"{{{OWN}}}when") if own is not None else None
    if words is not None and when is not None:
        rows = [dict(rule.attrib) for rule in when.findall(f"{{{OWN}}}rule")]
        step["when"] = {"match": when.get("match", "all"), "rules": rows}
    elif words is not None:
        # Another maker's words: kept so that the linter asks for the condition they stand for.
        step["when"] = {"match": "all", "rules": [{"field": "", "operator": "is", "value": words}]}
    else:
        before = graph.before(key)
        only = next(iter(before)) if len(before) == 1 else ""
        if only and maybe[only] is not None and not _joins(graph, key):
            rule = {"field": f"step.{codes[only]}", "operator": "is_not", "value": "skipped"}
            step["when"] = {"match": "all", "rules": [rule]}


def _joins(graph: Graph, task: str) -> bool:
    """Whether branches meet right before a task."""
    edge = next((one for one in graph.edges if one.target == task), None)
    return edge is not None and graph.kinds[edge.source] in GATEWAYS


def _with_ways_back(
    found: Imported,
    graph: Graph,
    codes: Mapping[str, str],
    stages: Mapping[str, int],
    tasks: Mapping[str, ET.Element],
) -> None:
    steps = {step["code"]: step for step in found.steps}
    for edge in (one for one in graph.edges if one.key in graph.back):
        sources, targets = graph.tasks_to(edge.source), graph.tasks_from(edge.target)
        if not sources or not targets:
            continue
        to = codes[min(targets, key=lambda one: stages[one])]
        own = {one: tasks[one].find(f".//{{{OWN}}}back") for one in sources}
        said = [one for one in sorted(sources) if own[one] is not None]
        source = said[0] if said else max(sources, key=lambda one: stages[one])
        told = own[source]
        most = told.get("most", "") if told is not None else ""
        step = steps[codes[source]]
        step["back"] = {
            "to": (told.get("to") if told is not None else "") or to,
            "on": (told.get("on") if told is not None else "") or "always",
            "most": int(most) if most.isdecimal() else 0,
        }
        if told is None:
            found.notes.append(
                _("环节“%(step)s”会退回前面，请写明什么时候退回、最多几次。")
                % {"step": step["name"] or step["code"]}
            )
