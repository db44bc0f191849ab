"""A process as a BPMN 2.0 file with its drawing, for the tools of other makers (INF-09).

What BPMN has no word for (level, kind of unit, limit, documents) stands in a namespace of our own.
"""

import json
from collections.abc import Mapping
from typing import Any, Final
from xml.etree import ElementTree as ET

from .conditions import Condition, Naming, condition_words
from .diagram import Diagram, Flow, Node, diagram
from .guide import Guide
from .process import StepPlan

MODEL: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SHAPES: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS: Final = "http://www.omg.org/spec/DD/20100524/DC"
POINTS: Final = "http://www.omg.org/spec/DD/20100524/DI"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
OWN: Final = "urn:yiwang:process:1"
PREFIXES: Final = {
    "bpmn": MODEL, "bpmndi": SHAPES, "dc": BOUNDS, "di": POINTS, "xsi": XSI, "yiwang": OWN,
}  # fmt: skip
TAGS: Final = {
    "start": "startEvent", "end": "endEvent", "task": "userTask", "parallel": "parallelGateway",
    "exclusive": "exclusiveGateway", "inclusive": "inclusiveGateway",
}  # fmt: skip
ALWAYS_TRUE: Final = "true"
FEEL: Final = "https://www.omg.org/spec/DMN/20191111/FEEL/"
OPERATORS: Final = {
    "is": "{} = {}", "is_not": "{} != {}", "one_of": "{} in ({})", "filled": "{} != null",
    "empty": "{} = null", "at_least": "{} >= {}", "at_most": "{} <= {}",
}  # fmt: skip


def to_bpmn(code: str, content: Mapping[str, Any], name: Naming) -> bytes:
    """The file of a version: elements, conditions, drawing, and our own data."""
    for prefix, uri in PREFIXES.items():
        ET.register_namespace(prefix, uri)
    guide = Guide(dict(content))
    sheet = diagram(guide.process)
    root = ET.Element(
        f"{{{MODEL}}}definitions",
        {
            "id": f"definitions_{code}",
            "targetNamespace": OWN,
            "exporter": "Yiwang",
            "expressionLanguage": FEEL,
        },
    )
    process = _add(root, MODEL, "process", id=f"item_{code}", name=guide.title, isExecutable="true")
    _own_content(process, content)
    raw = {one["code"]: one for one in content.get("steps") or []}
    for node in sheet.nodes:
        _element(process, node, sheet, raw)
    for flow in sheet.flows:
        inclusive = sheet.node(flow.source).kind == "inclusive"
        _sequence(process, flow, name, always=inclusive and flow.kind == "plain")
    _drawing(root, f"item_{code}", sheet)
    ET.indent(root)
    file: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return file


def _add(parent: ET.Element, space: str, tag: str, **attributes: Any) -> ET.Element:
    said = {key: str(value) for key, value in attributes.items()}
    return ET.SubElement(parent, f"{{{space}}}{tag}", said)


def _own_content(process: ET.Element, content: Mapping[str, Any]) -> None:
    """Everything of the version but its steps, so that a whole service can be handed on."""
    rest = {key: value for key, value in content.items() if key != "steps"}
    holder = _add(_add(process, MODEL, "extensionElements"), OWN, "content")
    holder.text = json.dumps(rest, ensure_ascii=False, sort_keys=True)


def _element(
    process: ET.Element, node: Node, sheet: Diagram, raw: Mapping[str, Mapping[str, Any]]
) -> None:
    said = {"id": node.key, **({"name": node.step.name} if node.step else {})}
    otherwise = [
        one.key for one in sheet.flows if one.source == node.key and _is_default(one, sheet)
    ]
    if otherwise:
        said["default"] = otherwise[0]
    element = _add(process, MODEL, TAGS[node.kind], **said)
    if node.step:
        _own_step(_add(element, MODEL, "extensionElements"), node.step, raw[node.step.code])
    for flow in sheet.flows:
        if flow.target == node.key:
            _add(element, MODEL, "incoming").text = flow.key
    for flow in sheet.flows:
        if flow.source == node.key:
            _add(element, MODEL, "outgoing").text = flow.key


def _is_default(flow: Flow, sheet: Diagram) -> bool:
    """The way out of a gateway when no condition of another holds."""
    others = [one for one in sheet.flows if one.source == flow.source and one is not flow]
    back = all(one.kind == "back" for one in others)
    exclusive = sheet.node(flow.source).kind == "exclusive"
    return flow.kind == "otherwise" or (exclusive and flow.kind == "plain" and back)


def _own_step(holder: ET.Element, step: StepPlan, raw: Mapping[str, Any]) -> None:
    own = _add(
        holder, OWN, "step", code=step.code, nameEn=raw.get("name_en") or "", level=step.level,
        unit=step.unit, kind=step.kind, limit=step.limit.amount, limitUnit=step.limit.unit,
        papers=" ".join(step.papers),
    )  # fmt: skip
    if step.when:
        when = _add(own, OWN, "when", match="any" if step.when.any else "all")
        for rule in step.when.rules:
            _add(when, OWN, "rule", field=rule.field, operator=rule.operator, value=rule.value)
    if step.back:
        _add(own, OWN, "back", to=step.back.to, on=step.back.on, most=step.back.most)


def _sequence(process: ET.Element, flow: Flow, name: Naming, *, always: bool) -> None:
    """A flow; one that leaves an inclusive gateway on no condition says so (`always`)."""
    said = {"id": flow.key, "sourceRef": flow.source, "targetRef": flow.target}
    condition = _condition_of(flow)
    if condition:
        said["name"] = condition_words(condition, name)
    element = _add(process, MODEL, "sequenceFlow", **said)
    if condition or (always and flow.source.startswith("split")):
        expression = _add(element, MODEL, "conditionExpression")
        expression.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")
        expression.text = _expression(condition) or ALWAYS_TRUE


def _condition_of(flow: Flow) -> Condition:
    step = flow.step
    if step is None:
        return Condition()
    if flow.kind == "back" and step.back:
        row = {"field": f"step.{step.code}", "operator": "is", "value": step.back.on}
        return Condition.of({"rules": [row]})
    return step.when


def _expression(condition: Condition) -> str:
    """The condition for the eyes of other tools; we read our own data instead."""
    told = [
        OPERATORS.get(one.operator, "{} ? {}").format(
            one.field, ", ".join(_literal(value) for value in sorted(one.values))
        )
        for one in condition.rules
    ]
    return (" or " if condition.any else " and ").join(told)


def _literal(value: str) -> str:
    return value if value.replace(".", "", 1).isdecimal() else json.dumps(value, ensure_ascii=False)


def _drawing(root: ET.Element, process: str, sheet: Diagram) -> None:
    whole = _add(root, SHAPES, "BPMNDiagram", id="diagram")
    plane = _add(whole, SHAPES, "BPMNPlane", id="plane", bpmnElement=process)
    for node in sheet.nodes:
        shape = _add(plane, SHAPES, "BPMNShape", id=f"shape_{node.key}", bpmnElement=node.key)
        _add(shape, BOUNDS, "Bounds", x=node.x, y=node.y, width=node.w, height=node.h)
    for flow in sheet.flows:
        edge = _add(plane, SHAPES, "BPMNEdge", id=f"edge_{flow.key}", bpmnElement=flow.key)
        for x, y in flow.points:
            _add(edge, POINTS, "waypoint", x=x, y=y)
