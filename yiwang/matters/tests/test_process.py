"""Processes as data: their course, the linter, the drawing and BPMN 2.0 (INF-09, EXP-32)."""

import copy
import re
from types import SimpleNamespace
from typing import Any

import pytest
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, BpmnValidator

from yiwang.core.errors import Refused
from yiwang.matters.rules.bpmn import to_bpmn
from yiwang.matters.rules.bpmn_read import from_bpmn
from yiwang.matters.rules.conditions import Condition
from yiwang.matters.rules.diagram import diagram
from yiwang.matters.rules.guide import Guide
from yiwang.matters.rules.lint import lint
from yiwang.matters.rules.naming import namer
from yiwang.matters.rules.shape import Misshapen, must_be_readable
from yiwang.residents.rules.dictionary import shipped_fields


def step(code, stage, **more):
    plain = {"code": code, "name": f"环节{code}", "stage": stage, "level": "township",
             "unit": "civil_affairs", "kind": "review",
             "limit": {"amount": 2, "unit": "working_days"}}  # fmt: skip
    return {**plain, **more}


def when(field, operator, value="", **more):
    return {"match": "all", "rules": [{"field": field, "operator": operator, "value": value}]}


CONTENT: dict[str, Any] = {
    "title": "住房改造补助", "summary": "为困难家庭改造住房。", "audience": "本市居民",
    "fields": ["name", "low_income_status", "household_income"],
    "materials": [{"code": "photo", "name": "房屋照片"}],
    "promised": {"amount": 20, "unit": "working_days"},
    "steps": [
        step("check", 1, kind="check", papers=["photo"]),
        step("income", 2, when=when("answer.household_income", "at_least", "3000")),
        step("housing", 2, unit="housing"),
        step("decide", 3, kind="decide", back={"to": "housing", "on": "declined", "most": 1}),
        step("deliver", 4, kind="deliver", when=when("step.decide", "is", "agreed")),
    ],
}  # fmt: skip


def changed(code, **more):
    content = copy.deepcopy(CONTENT)
    for one in content["steps"]:
        if one["code"] == code:
            one.update(more)
    return content


def row(code, state="waiting", number=1, agreed=None):
    stage = next(one["stage"] for one in CONTENT["steps"] if one["code"] == code)
    return SimpleNamespace(code=code, stage=stage, state=state, round=number, agreed=agreed)


def process(content=CONTENT):
    return Guide(content).process


def codes(plans):
    return [one.code for one in plans]


def test_steps_whose_condition_does_not_hold_are_passed_over():
    rich = process().after(1, {"answer.household_income": "4,000"})
    assert codes(rich.opened) == ["housing"]  # not a number: nothing is guessed
    high = process().after(1, {"answer.household_income": "4000"})
    assert (codes(high.opened), high.skipped) == (["income", "housing"], ())
    low = process().after(1, {"answer.household_income": "2999.5"})
    assert (codes(low.opened), codes(low.skipped)) == (["housing"], ["income"])


def test_a_matter_goes_back_as_often_as_the_process_allows_and_then_on():
    rows = [row("check", "done", agreed=True), row("housing", "done", agreed=True),
            row("income", "skipped"), row("deliver")]  # fmt: skip
    last = row("decide", "active")
    back = process().next_of(last, False, [*rows, last], {})
    assert (back.back.code, codes(back.move.opened)) == ("housing", ["housing"])
    again = row("decide", "active", number=2)
    first = row("decide", "done", agreed=False)
    over = process().next_of(again, False, [*rows, first, again], {})
    assert over.ends
    assert codes(over.move.skipped) == ["deliver"]
    on = process().next_of(again, True, [*rows, first, again], {})
    assert codes(on.move.opened) == ["deliver"]


def test_parallel_steps_wait_for_each_other():
    other = row("income", "active")
    mine = row("housing", "active")
    assert process().next_of(mine, True, [other, mine], {}).waits


@pytest.mark.parametrize(
    ("operator", "value", "found", "holds"),
    [
        ("is", "a", "a", True), ("is", "a", "b,a", True), ("is", "a", "", False),
        ("is_not", "a", "b", True), ("one_of", "a,b", "b", True), ("one_of", "a,b", "c", False),
        ("filled", "", "x", True), ("empty", "", "", True), ("at_least", "10", "9", False),
        ("at_most", "2026-05-01", "2026-04-30", True), ("at_least", "10", "", False),
        ("__import__('os')", "a", "a", False),
    ],
)  # fmt: skip
def test_a_condition_compares_and_never_runs_anything(operator, value, found, holds):
    condition = Condition.of(when("answer.x", operator, value))
    assert condition.holds({"answer.x": found}) is holds


def test_a_sound_process_has_no_fault():
    must_be_readable(CONTENT)
    assert lint(CONTENT, shipped_fields()) == []


@pytest.mark.parametrize(
    ("code", "change", "told"),
    [
        ("check", {"when": when("answer.nothing", "is", "x")}, "没有这个信息项"),
        ("income", {"when": when("answer.phone", "filled")}, "表单里没有这一项"),
        ("income", {"when": when("answer.low_income_status", "is", "maybe")}, "永远不会成立"),
        ("income", {"when": when("answer.low_income_status", "at_least", "3")}, "不能比大小"),
        ("income", {"when": when("answer.low_income_status", "is")}, "没有写要比较的值"),
        ("income", {"when": when("answer.low_income_status", "like", "x")}, "比较方式不对"),
        ("income", {"when": when("variant", "is", "x")}, "没有分档次"),
        ("income", {"when": when("step.decide", "is", "agreed")}, "不在这个环节之前"),
        ("income", {"when": when("", "is", "金额大")}, "没有选信息项（金额大）"),
        ("decide", {"back": {"to": "deliver", "on": "declined", "most": 1}}, "不存在，或在它后面"),
        ("decide", {"back": {"to": "check", "on": "always", "most": 2}}, "没有出口"),
        ("decide", {"back": {"to": "check", "on": "declined"}}, "没有上限"),
        ("deliver", {"when": when("step.check", "is", "skipped")}, "都走不到这个环节"),
        ("decide", {"kind": "review"}, "没有下一步了，而它不能作决定"),
        ("check", {"papers": ["gone"]}, "材料已经不在"),
        ("check", {"unit": ""}, "没有承办单位"),
    ],
)
def test_the_linter_names_the_step_the_reason_and_the_cure(code, change, told):
    faults = [one for one in lint(changed(code, **change), shipped_fields()) if one.blocking]
    found = [one for one in faults if told in one.sentence]
    assert found, [one.sentence for one in faults]
    assert "请" in found[0].sentence
    assert f"环节{code}" in found[0].sentence


def test_a_process_in_which_nothing_may_begin_is_refused():
    content = {
        **CONTENT,
        "steps": [step("only", 1, kind="decide", when=when("answer.name", "empty"))],
    }
    assert any("没有任何环节要办" in one.sentence for one in lint(content, shipped_fields()))


def test_steps_that_take_longer_than_promised_are_pointed_out_and_not_refused():
    (fault,) = lint(
        {**CONTENT, "promised": {"amount": 5, "unit": "working_days"}}, shipped_fields()
    )
    assert not fault.blocking
    assert "超过承诺" in fault.sentence


@pytest.mark.parametrize("part", ["steps", "fields", "promised", "materials"])
def test_a_content_of_another_shape_is_refused_with_a_sentence(part):
    with pytest.raises(Misshapen, match=part):
        must_be_readable({**CONTENT, part: [{"stage": "one"}, 3]})


def test_the_drawing_keeps_its_shapes_apart():
    sheet = diagram(process())
    for one in sheet.nodes:
        assert one.x >= 0
        assert one.x + one.w <= sheet.width
        assert one.y + one.h <= sheet.height
        for other in sheet.nodes:
            apart = one is other or one.y + one.h <= other.y or other.y + other.h <= one.y
            assert apart or one.x + one.w <= other.x or other.x + other.w <= one.x


def exported(content=CONTENT):
    return to_bpmn("housing-aid", content, namer(Guide(content), shipped_fields()))


def test_another_makers_engine_reads_our_file_and_finds_it_valid():
    parser = BpmnParser(validator=BpmnValidator())
    parser.add_bpmn_str(exported())  # validates against the schemas of the standard
    spec = parser.get_spec("item_housing-aid")
    names = {one.bpmn_name for one in spec.task_specs.values()}
    assert {one["name"] for one in CONTENT["steps"]} <= names


def test_what_is_exported_comes_back_the_same():
    found = from_bpmn(exported())
    kept = ("code", "name", "stage", "level", "unit", "kind", "limit")
    assert [{key: one[key] for key in kept} for one in found.steps] == [
        {key: one[key] for key in kept} for one in CONTENT["steps"]
    ]
    assert {one["code"]: one.get("when") for one in found.steps} == {
        one["code"]: one.get("when") for one in CONTENT["steps"]
    }
    assert found.steps[3]["back"] == CONTENT["steps"][3]["back"]
    assert found.rest == {key: value for key, value in CONTENT.items() if key != "steps"}
    assert found.notes == []


FOREIGN = """<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x">
<process id="p" name="外来流程"><startEvent id="s"/><userTask id="a" name="登记"/>
<exclusiveGateway id="g"/><userTask id="b" name="复查"/><task id="c" name="决定"/>
<exclusiveGateway id="h"/>{more}<endEvent id="e"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="g"/>
<sequenceFlow id="f3" name="金额大" sourceRef="g" targetRef="b"/>
<sequenceFlow id="f4" sourceRef="g" targetRef="c"/><sequenceFlow id="f5" sourceRef="b" targetRef="c"/>
<sequenceFlow id="f6" sourceRef="c" targetRef="h"/>
<sequenceFlow id="f7" name="重办" sourceRef="h" targetRef="a"/>
<sequenceFlow id="f8" sourceRef="h" targetRef="e"/></process></definitions>"""


def test_a_foreign_file_becomes_a_draft_whose_gaps_are_asked_for():
    found = from_bpmn(FOREIGN.format(more="").encode())
    assert [(one["name"], one["stage"]) for one in found.steps] == [
        ("登记", 1),
        ("复查", 2),
        ("决定", 3),
    ]
    assert found.steps[1]["when"]["rules"][0]["value"] == "金额大"
    assert found.steps[2]["back"] == {"to": "a", "on": "always", "most": 0}
    assert any("没有写明由谁办" in one for one in found.notes)
    told = " ".join(
        one.sentence for one in lint({**CONTENT, "steps": found.steps}, shipped_fields())
    )
    assert "没有选信息项（金额大）" in told
    assert "没有出口" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (FOREIGN.format(more='<subProcess id="q" name="另查"/>'), "“另查”（subProcess）。请把子流程"),
        (FOREIGN.format(more='<userTask id="q" name="孤立"/>'), "“孤立”没有连到流程里"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "DOCTYPE"),
        ("<definitions/>", "不是 BPMN 2.0"),
        ("{}", "不是完整的 XML"),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_refused_by_name_and_cure(text, told):
    with pytest.raises(Refused, match=re.escape(told)):
        from_bpmn(text.encode())
