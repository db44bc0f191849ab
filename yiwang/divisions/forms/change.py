"""One form for each type of change."""

import io
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiwang.core.acts import Actor
from yiwang.divisions.actions import (
    NewPlace,
    Part,
    abolish_division,
    establish_division,
    merge_divisions,
    move_division,
    recode_division,
    rename_division,
    split_division,
)
from yiwang.divisions.models import Change, Division
from yiwang.divisions.rules.matching import Listed

from .decision import DecisionForm, last_first

Choices = list[tuple[str, str]]


def _choices(rows: Any) -> Choices:
    return [(str(one.pk), one.label) for one in rows]


def _siblings(division: Division) -> Any:
    return Division.objects.current().filter(parent_id=division.parent_id).exclude(pk=division.pk)


def listed_rows(text: str) -> list[Listed]:
    """Rows of `code,name` as pasted or uploaded. Raises ValidationError naming the line."""
    rows = []
    for at, line in enumerate(io.StringIO(text), start=1):
        cells = [cell.strip() for cell in line.replace("，", ",").replace("\t", ",").split(",")]
        if not any(cells) or not cells[0][:1].isdigit():
            continue
        if len(cells) < 2 or not cells[0].isdigit() or len(cells[0]) > 12 or not cells[1]:
            raise forms.ValidationError(
                gettext("第 %(line)s 行不是“代码,名称”：%(text)s") % {"line": at, "text": line[:40]}
            )
        rows.append(Listed(cells[0].ljust(12, "0"), cells[1]))
    return rows


class ChangeForm(DecisionForm):
    """A change of one division, done by its act."""

    title: ClassVar[Any] = ""

    def __init__(self, division: Division, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.division = division
        self.prepare()
        last_first(self)

    def prepare(self) -> None:
        """Fill the choices that depend on the division."""

    def act(self, by: Actor) -> Change:
        """Do it. Raises Refused, PermissionDenied."""
        raise NotImplementedError


class _NewPlaceForm(ChangeForm):
    name = forms.CharField(label=_("新名称"), max_length=60)
    code = forms.CharField(
        label=_("统计用区划代码"), max_length=12, required=False,
        help_text=_("已公布时填写；没有公布可以留空"),
    )  # fmt: skip

    def place(self) -> NewPlace:
        return NewPlace(self.cleaned_data["name"].strip(), self.cleaned_data["code"].strip())


class EstablishForm(_NewPlaceForm):
    title = _("设立区划")

    def act(self, by: Actor) -> Change:
        return establish_division(
            self.division, place=self.place(), decision=self.decision(), by=by
        )


class AbolishForm(ChangeForm):
    title = _("撤销区划")
    heir = forms.ChoiceField(
        label=_("承接的区划"), required=False, help_text=_("在用记录转到这里；没有记录可以不选")
    )

    def prepare(self) -> None:
        nobody = [("", gettext("不指定"))]
        self.fields["heir"].choices = nobody + _choices(_siblings(self.division))  # type: ignore[attr-defined]

    def act(self, by: Actor) -> Change:
        key = self.cleaned_data["heir"]
        heir = _siblings(self.division).get(pk=int(key)) if key else None
        return abolish_division(self.division, heir=heir, decision=self.decision(), by=by)


class _ListingForm(ChangeForm):
    rows = forms.CharField(
        label=_("新名单"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("可选。每行“代码,名称”，按名称与原有下级对应；对不上的进入待核对"),
    )  # fmt: skip

    def clean_rows(self) -> list[Listed]:
        return listed_rows(self.cleaned_data["rows"])


class MergeForm(_ListingForm):
    title = _("合并区划")
    others = forms.MultipleChoiceField(
        label=_("一并合并的区划"), widget=forms.CheckboxSelectMultiple
    )
    survivor = forms.ChoiceField(
        label=_("并入"), required=False, help_text=_("并入现有区划，或留空并在下面填写新区划")
    )
    name = forms.CharField(label=_("新区划名称"), max_length=60, required=False)
    code = forms.CharField(label=_("新区划代码"), max_length=12, required=False)

    def prepare(self) -> None:
        siblings = _choices(_siblings(self.division))
        self.fields["others"].choices = siblings  # type: ignore[attr-defined]
        family = [("", gettext("设立新区划")), (str(self.division.pk), self.division.label)]
        self.fields["survivor"].choices = family + siblings  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("survivor") and not (said.get("name") or "").strip():
            self.add_error("name", gettext("请选择并入的区划，或填写新区划的名称。"))
        return said

    def act(self, by: Actor) -> Change:
        said, parent = self.cleaned_data, self.division.parent
        assert parent is not None  # noqa: S101 - the page asks the right on it
        keys: set[int] = {self.division.pk, *(int(key) for key in said["others"])}
        into: NewPlace | Division
        if said["survivor"]:
            survivor = int(said["survivor"])
            into = Division.objects.get(pk=survivor)
            keys.discard(into.pk)
        else:
            into = NewPlace(said["name"].strip(), said["code"].strip())
        merged = list(Division.objects.filter(pk__in=keys).order_by("key"))
        return merge_divisions(
            parent, merged=merged, into=into, listing=said["rows"], decision=self.decision(), by=by
        )


class SplitForm(ChangeForm):
    title = _("拆分区划")
    first = forms.CharField(
        label=_("第一部分名称"), max_length=60, help_text=_("没有指定去向的下级和记录暂归这里")
    )
    first_code = forms.CharField(label=_("第一部分代码"), max_length=12, required=False)
    second = forms.CharField(label=_("第二部分名称"), max_length=60)
    second_code = forms.CharField(label=_("第二部分代码"), max_length=12, required=False)
    second_children = forms.MultipleChoiceField(
        label=_("归第二部分的下级"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        children = Division.objects.current().filter(parent=self.division)
        self.fields["second_children"].choices = _choices(children)  # type: ignore[attr-defined]
        if not children:
            del self.fields["second_children"]

    def act(self, by: Actor) -> Change:
        said = self.cleaned_data
        taken = {int(key) for key in said.get("second_children", [])}
        children = Division.objects.current().filter(parent=self.division)
        rest = tuple(one.pk for one in children if one.pk not in taken)
        parts = [
            Part(NewPlace(said["first"].strip(), said["first_code"].strip()), rest),
            Part(NewPlace(said["second"].strip(), said["second_code"].strip()), tuple(taken)),
        ]
        return split_division(self.division, parts=parts, decision=self.decision(), by=by)


class MoveForm(ChangeForm):
    title = _("划转区划")
    to = forms.ChoiceField(label=_("划入"))
    code = forms.CharField(label=_("统计用区划代码"), max_length=12, required=False)

    def prepare(self) -> None:
        parent = self.division.parent
        rows = Division.objects.current().in_city().filter(level=self.division.level - 1)
        rows = rows.exclude(pk=self.division.parent_id or 0).select_related("parent")
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), f"{one.parent.label} · {one.label}" if one.parent else one.label)
            for one in (rows if parent else rows.none())
        ]

    def act(self, by: Actor) -> Change:
        to = Division.objects.get(pk=int(self.cleaned_data["to"]))
        code = self.cleaned_data["code"].strip()
        return move_division(self.division, to=to, code=code, decision=self.decision(), by=by)


class RenameForm(_NewPlaceForm):
    title = _("区划更名")

    def act(self, by: Actor) -> Change:
        place = self.place()
        return rename_division(
            self.division, name=place.name, code=place.code, decision=self.decision(), by=by
        )


class RecodeForm(_ListingForm):
    title = _("变更代码")
    code = forms.CharField(label=_("新代码"), max_length=12)
    name = forms.CharField(
        label=_("新名称"), max_length=60, required=False, help_text=_("名称不变可以留空")
    )

    def act(self, by: Actor) -> Change:
        said = self.cleaned_data
        return recode_division(
            self.division, code=said["code"].strip(), name=said["name"].strip(),
            listing=said["rows"], decision=self.decision(), by=by,
        )  # fmt: skip


FORMS: dict[str, type[ChangeForm]] = {
    "establish": EstablishForm,
    "abolish": AbolishForm,
    "merge": MergeForm,
    "split": SplitForm,
    "move": MoveForm,
    "rename": RenameForm,
    "recode": RecodeForm,
}
