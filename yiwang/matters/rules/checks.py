"""Faults in the content of a service item, each as a sentence naming the part and the cure."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.rules.calendar import Unit
from yiwang.residents.rules.dictionary import shipped_fields
from yiwang.residents.rules.owned import faults_of

from .shape import LEVELS


def check_content(content: Mapping[str, Any]) -> list[str]:
    """Every fault of a version's texts, form and rows, apart from how its steps follow each other."""
    return [sentence for _part, sentence in check_parts(content)]


def check_parts(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The same, each with the part of the editor where it is put right (SV-4, SVC-02)."""
    parts = (
        ("basics", _texts), ("fields", _items), ("steps", _steps), ("basics", _limits),
        ("materials", _materials), ("variants", _variants),
    )  # fmt: skip
    return [(name, fault) for name, check in parts for fault in check(content)]


def _texts(content: Mapping[str, Any]) -> Iterator[str]:
    labels = {"title": _("名称"), "summary": _("简介"), "audience": _("服务对象")}
    for key, label in labels.items():
        if not str(content.get(key) or "").strip():
            yield _("缺少“%(part)s”，请填写。") % {"part": label}
    if not content.get("fields"):
        yield _("表单没有信息项，请至少选择一项。")


def _items(content: Mapping[str, Any]) -> Iterator[str]:
    """The form binds items of the dictionary, each once, and asks nothing the register owns."""
    codes = [str(code) for code in content.get("fields") or []]
    if len(set(codes)) != len(codes):
        yield _("表单的信息项有重复，每项只选一次。")
    yield from faults_of(codes, shipped_fields())


def _steps(content: Mapping[str, Any]) -> Iterator[str]:
    steps = content.get("steps") or []
    if not steps:
        yield _("没有办理环节，请至少填写一个。")
        return
    stages = sorted({int(step.get("stage", 0)) for step in steps})
    if stages != list(range(1, len(stages) + 1)):
        yield _("环节的阶段须从 1 起连续编号。")
    codes = [step.get("code") for step in steps]
    if len(set(codes)) != len(codes):
        yield _("环节编码重复，请改成各不相同的编码。")
    for step in steps:
        if step.get("level") not in LEVELS:
            yield _("环节“%(step)s”的层级不对。") % {"step": step.get("name")}
        if not step.get("name"):
            yield _("第 %(stage)s 步有一个环节没有名称，请填写。") % {"stage": step.get("stage")}
        if not step.get("unit"):
            yield _("环节“%(step)s”没有承办单位，请选择哪一类单位来办。") % {
                "step": step.get("name")
            }


def _limits(content: Mapping[str, Any]) -> Iterator[str]:
    named = [(_("承诺时限"), content.get("promised")), (_("法定时限"), content.get("statutory"))]
    named += [(step.get("name", ""), step.get("limit")) for step in content.get("steps") or []]
    for name, limit in named:
        if limit is None and name == _("法定时限"):
            continue
        if not _is_limit(limit):
            yield _("“%(part)s”的时限须是正整数和单位。") % {"part": name}
    promised, statutory = content.get("promised") or {}, content.get("statutory") or {}
    same_unit = (
        _is_limit(promised) and _is_limit(statutory) and promised["unit"] == statutory["unit"]
    )
    if same_unit and promised["amount"] > statutory["amount"]:
        yield _("承诺时限不能长于法定时限。")


def _is_limit(limit: Any) -> bool:
    return (
        isinstance(limit, Mapping)
        and isinstance(limit.get("amount"), int)
        and limit["amount"] > 0
        and limit.get("unit") in set(Unit)
    )


def _materials(content: Mapping[str, Any]) -> Iterator[str]:
    codes = [material.get("code") for material in content.get("materials") or []]
    if len(set(codes)) != len(codes):
        yield _("材料编码重复，请改成各不相同的编码。")


def _variants(content: Mapping[str, Any]) -> Iterator[str]:
    variants = content.get("variants") or []
    codes = [one.get("code") for one in variants]
    if len(set(codes)) != len(codes):
        yield _("服务档次编码重复，请改成各不相同的编码。")
    for one in variants:
        if (
            not one.get("code")
            or not one.get("name")
            or not isinstance(one.get("grades", []), list)
        ):
            yield _("服务档次要有编码、名称和等级清单。")
