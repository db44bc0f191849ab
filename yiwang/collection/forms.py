"""Forms of collection work: orders, selections, checks and demands for data."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.accounts.models import Post
from yiwang.collection.models import Demand, Target
from yiwang.collection.reads.sheet import Asked, Sheet
from yiwang.collection.rules.asking import NewType, Status, askable
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.residents.rules.dictionary import Field

MOST_LINES = 20


class PlainText(forms.CharField):
    """Text without control characters, in NFC."""

    def to_python(self, value: Any) -> str:
        return clean_text(str(value or ""))


def _field_choices() -> list[tuple[str, str]]:
    return [(code, field.label) for code, field in askable().items()]


class NewItems(forms.CharField):
    """New items, one a line: name, way of answering, choices (有无燃气报警器 | 是否)."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("label", _("新增内容"))
        more.setdefault("required", False)
        more.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        more.setdefault(
            "help_text",
            _("字典里没有的才写在这里，一行一项：名称｜是否、数字、文字，或用顿号隔开的选项。"),
        )
        super().__init__(**more)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        text = clean_text(str(super().clean(value) or ""), multiline=True)
        rows = [line for line in text.splitlines() if line.strip()]
        return [_new_item(line) for line in rows[:MOST_LINES]]


_WAYS: Mapping[str, str] = {
    "是否": NewType.BOOLEAN, "是或否": NewType.BOOLEAN, "数字": NewType.INTEGER,
    "文字": NewType.TEXT, "": NewType.TEXT, "yes/no": NewType.BOOLEAN,
    "number": NewType.INTEGER, "text": NewType.TEXT,
}  # fmt: skip


def _new_item(line: str) -> dict[str, Any]:
    name, _bar, way = line.replace("|", "｜").partition("｜")
    kind = _WAYS.get(way.strip().lower())
    if kind is not None:
        return {"name": name.strip(), "type": kind}
    words = [word.strip() for word in way.replace(",", "、").replace("，", "、").split("、")]
    return {"name": name.strip(), "type": NewType.CHOICE, "choices": [w for w in words if w]}


class AskingForm(forms.Form):
    """Asks for fields of the dictionary; `fields` itself is a word of Django's forms."""

    def blame(self, refusal: Refused) -> None:
        """Show a refusal beside the fields at fault."""
        at_fault = {
            "fields_asked" if name == "fields" else name: text
            for name, text in refusal.fields.items()
        }
        Refused(refusal.code, str(refusal), at_fault).blame(self)


class CampaignForm(AskingForm):
    """An order: what, of whom, until when, why."""

    title = PlainText(label=_("名称"), max_length=80)
    reason = PlainText(label=_("用途和依据"), max_length=300)
    fields_asked = forms.MultipleChoiceField(
        label=_("采集内容"), required=False, widget=forms.CheckboxSelectMultiple
    )
    questions = NewItems()
    target = forms.ChoiceField(label=_("采集单位"), choices=Target.choices)
    areas = forms.MultipleChoiceField(
        label=_("范围"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("不选就是全部。"),
    )  # fmt: skip
    age_from = forms.IntegerField(label=_("年龄从（岁）"), required=False, min_value=0)
    age_to = forms.IntegerField(label=_("年龄到（岁）"), required=False, min_value=0)
    only_due = forms.BooleanField(
        label=_("只采集缺少或到期的（已有且有效的不再问）"), required=False, initial=True
    )
    limit_days = forms.IntegerField(label=_("期限（工作日）"), min_value=1, max_value=250)

    def __init__(self, *args: Any, places: Iterable[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_asked"].choices = _field_choices()  # type: ignore[attr-defined]
        rows = [(str(one.pk), one.label) for one in places]
        self.fields["areas"].choices = rows  # type: ignore[attr-defined]
        if not rows:
            self.fields["areas"].widget = forms.MultipleHiddenInput()

    def said(self) -> dict[str, Any]:
        """The answers as the act takes them."""
        said = dict(self.cleaned_data)
        said["fields"] = said.pop("fields_asked")
        said["areas"] = [int(key) for key in said["areas"]]
        return said


class ListForm(forms.Form):
    """A visit list made from a due list or from those nobody has met."""

    title = PlainText(label=_("名称"), max_length=80)
    building = PlainText(required=False, max_length=120, widget=forms.HiddenInput)
    limit_days = forms.IntegerField(label=_("期限（工作日）"), min_value=1, max_value=250)


class AssignForm(forms.Form):
    """Who carries which items."""

    to = forms.ModelChoiceField(
        label=_("采集人"), queryset=Post.objects.none(), required=False, empty_label=_("（不分派）")
    )
    building = forms.ChoiceField(label=_("楼栋、村组"), required=False)

    def __init__(self, *args: Any, posts: Any, buildings: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = posts  # type: ignore[attr-defined]
        self.fields["to"].label_from_instance = _post_label  # type: ignore[attr-defined]
        rows = [("", _("全部")), *((one, one) for one in buildings)]
        self.fields["building"].choices = rows  # type: ignore[attr-defined]


def _post_label(post: Post) -> str:
    return f"{post.user} · {post.get_role_display()}"


class DemandForm(AskingForm):
    """What a department needs, of whom, what for, on which law, until when."""

    title = PlainText(label=_("名称"), max_length=80)
    place = forms.ModelChoiceField(label=_("区划"), queryset=Division.objects.none())
    fields_asked = forms.MultipleChoiceField(
        label=_("需要的信息项"), required=False, widget=forms.CheckboxSelectMultiple
    )
    questions = NewItems()
    age_from = forms.IntegerField(label=_("年龄从（岁）"), required=False, min_value=0)
    age_to = forms.IntegerField(label=_("年龄到（岁）"), required=False, min_value=0)
    purpose = PlainText(label=_("用途"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    basis = forms.ChoiceField(label=_("合法性基础"), choices=Demand.Basis.choices)
    law = PlainText(label=_("法律依据"), max_length=200, help_text=_("写到条，例如：某法第几条。"))
    until = forms.DateField(label=_("使用到"), widget=forms.DateInput)

    def __init__(self, *args: Any, places: Any, own: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_asked"].choices = _field_choices()  # type: ignore[attr-defined]
        place = self.fields["place"]
        place.queryset, place.initial = places, own  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """The answers but the place."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "place"}
        said["fields"] = said.pop("fields_asked")
        return said


class AnswerForm(forms.Form):
    """What the approver says."""

    reason = PlainText(label=_("审批意见"), required=False, max_length=300)


class ReturnForm(forms.Form):
    """Which field of whom is wrong, and why."""

    at = forms.ChoiceField(label=_("有问题的项"))
    reason = PlainText(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [
            (f"{person.key}.{one.field.code}", f"{person.resident.masked_name} · {one.field.label}")
            for person in sheet.people
            for one in person.fields
        ]
        rows.append(("form.rule", str(_("整张表"))))
        self.fields["at"].choices = rows  # type: ignore[attr-defined]


class ScanForm(forms.Form):
    """The picture of a signed list."""

    scan = forms.FileField(
        label=_("签字名单扫描件"), required=False, help_text=_("照片或 PDF；加密保存。")
    )


class SheetForm(forms.Form):
    """One item filled in on a page: for each person status, fields and what has not changed.

    Names of controls: `<person>.<code>`, `<person>.same` and so on, so that a whole list fits on
    one page.
    """

    def __init__(
        self, data: Any = None, *, sheet: Sheet, answers: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data)
        self.sheet = sheet
        held = (answers or {}).get("people", {})
        self.newcomers = (answers or {}).get("newcomers", [])
        for person in sheet.people:
            said = held.get(person.key, {})
            self._add_person(person.key, said)
            for asked in person.fields:
                value = said.get("values", {}).get(asked.field.code, "")
                self.fields[f"{person.key}.{asked.field.code}"] = control(asked.field, value)
        self.fields["note"] = PlainText(
            label=_("备注"), required=False, max_length=500,
            initial=(answers or {}).get("note", ""),
        )  # fmt: skip

    def _add_person(self, key: str, said: Mapping[str, Any]) -> None:
        self.fields[f"{key}.status"] = forms.ChoiceField(
            label=pgettext_lazy("visit", "情况"), choices=Status.choices, required=False,
            initial=said.get("status", Status.HERE),
        )  # fmt: skip
        self.fields[f"{key}.on"] = forms.DateField(
            label=_("日期"), required=False, widget=forms.DateInput, initial=said.get("on") or None,
            help_text=_("迁出或去世的日期"),
        )  # fmt: skip
        for asked in next(one for one in self.sheet.people if one.key == key).fields:
            if asked.known:
                self.fields[f"{key}.same.{asked.field.code}"] = forms.BooleanField(
                    label=_("没有变"), required=False,
                    initial=asked.field.code in said.get("same", []),
                )  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """For the page: each person with the bound controls."""
        return [
            {
                "person": person,
                "status": self[f"{person.key}.status"],
                "on": self[f"{person.key}.on"],
                "cells": [self._cell(person.key, asked) for asked in person.fields],
            }
            for person in self.sheet.people
        ]

    def _cell(self, key: str, asked: Asked) -> dict[str, Any]:
        same = f"{key}.same.{asked.field.code}"
        return {
            "asked": asked,
            "bound": self[f"{key}.{asked.field.code}"],
            "same": self[same] if same in self.fields else None,
        }

    def answers(self) -> dict[str, Any]:
        """The form as the act takes it."""
        people = {person.key: self._person(person.key) for person in self.sheet.people}
        return {"people": people, "newcomers": self.newcomers, "note": self.cleaned_data["note"]}

    def _person(self, key: str) -> dict[str, Any]:
        said = self.cleaned_data
        codes = self.sheet.item.task.campaign.asked()
        on = said.get(f"{key}.on")
        return {
            "status": said.get(f"{key}.status") or Status.HERE,
            "on": on.isoformat() if on else "",
            "values": {code: _text(said.get(f"{key}.{code}")) for code in codes},
            "same": [code for code in codes if said.get(f"{key}.same.{code}")],
        }


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value or "")


def control(field: Field, value: str = "") -> forms.Field:
    """The control of one field of the dictionary; whatever is typed is judged by the act."""
    shown: dict[str, Any] = {"label": field.label, "required": False, "initial": value}
    choices = [(choice.code, choice.label) for choice in field.choices]
    if field.type == "choice":
        return forms.ChoiceField(choices=[("", _("未填")), *choices], **shown)
    if field.type == "multichoice":
        shown["initial"] = value.split(",") if value else []
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, **shown
        )
    if field.type == "boolean":
        answers = [("", _("未填")), ("true", _("是")), ("false", _("否"))]
        return forms.ChoiceField(choices=answers, **shown)
    if field.type == "date":
        return PlainText(max_length=20, **shown)
    return PlainText(max_length=500, **shown)
