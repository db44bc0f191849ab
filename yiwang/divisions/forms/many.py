"""Changes of many places at once, after an uploaded or pasted list: split into many, rename many."""

from collections import Counter
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiwang.core.acts import Actor
from yiwang.divisions.actions import (
    NewName,
    NewPlace,
    Part,
    rename_divisions,
    split_division,
)
from yiwang.divisions.models import Change, Division
from yiwang.divisions.rules.lists import Columns, Row, as_text, pasted, read_rows
from yiwang.divisions.rules.reading import LENGTHS, FaultyFile, RowError

from .change import ChangeForm

SHOWN = 20
CODE = ("新代码", "代码", "code")


class ManyForm(ChangeForm):
    """A change whose lines come as a file or as text; every faulty row is named with its cure."""

    columns: ClassVar[Columns]
    required: ClassVar[tuple[str, ...]]
    file = forms.FileField(
        label=_("上传名单"), required=False, help_text=_("XLSX 或 CSV 文件，第一行是表头")
    )
    rows = forms.CharField(
        label=_("或者粘贴名单"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip

    def prepare(self) -> None:
        heads = gettext("、").join(names[0] for names in self.columns.values())
        self.fields["rows"].help_text = gettext("每行一条，依次是：%(heads)s") % {"heads": heads}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        where = "file" if said.get("file") else "rows"
        try:
            lines = self._lines(said)
            said["lines"] = self.understood(lines)
        except FaultyFile as fault:
            more = [self._told(one) for one in fault.errors[:SHOWN]]
            if fault.total > SHOWN:
                more.append(gettext("还有 %(more)s 处。") % {"more": fault.total - SHOWN})
            self.add_error(where, [str(fault), *more])
        return said

    def _told(self, error: RowError) -> str:
        """The fault with the heading people see."""
        return str(replace(error, column=self.columns[error.column][0]))

    def _lines(self, said: dict[str, Any]) -> list[Row]:
        """The rows; those of a file are kept as text, because a file cannot be sent twice."""
        if said.get("file"):
            lines = read_rows(said["file"].read(), self.columns, self.required)
            sent: Any = self.data
            self.data = sent.copy()
            self.data["rows"] = as_text(lines, self.columns)  # type: ignore[index]
            return lines
        if not (said.get("rows") or "").strip():
            raise FaultyFile(gettext("请上传名单，或者粘贴在下面。"))
        return pasted(said["rows"], self.columns, self.required)

    def understood(self, lines: list[Row]) -> Any:
        """What the rows mean. Raises FaultyFile with the row errors."""
        raise NotImplementedError

    def _by_name(self) -> dict[str, list[Division]]:
        found: dict[str, list[Division]] = {}
        for one in Division.objects.current().filter(parent=self.division):
            for word in {one.name, one.short_name, f"{one.pk:012d}"}:
                found.setdefault(word, []).append(one)
        return found


def _raise(errors: list[RowError]) -> None:
    if errors:
        message = gettext("名单有 %(total)s 处错误，没有写入任何内容。") % {"total": len(errors)}
        raise FaultyFile(message, errors)


def _code_fault(row: Row) -> list[RowError]:
    code = row.cells.get("code", "")
    if not code or (code.isdigit() and len(code) in LENGTHS):
        return []
    return [
        row.fault("code", gettext("不是 2、4、6、9 或 12 位数字"), gettext("没有公布可以留空。"))
    ]


def _child_of(row: Row, column: str, known: dict[str, list[Division]]) -> Division | RowError:
    found = known.get(row.cells.get(column, ""), [])
    if len(found) == 1:
        return found[0]
    if found:
        cure = gettext("请改填 12 位代码。")
        return row.fault(column, gettext("有几个同名的下级"), cure)
    return row.fault(column, gettext("不是这里的下级"), gettext("请按现在的全称填写。"))


class SplitManyForm(ManyForm):
    """Split one place into any number of parts; each row gives a child to a part."""

    title = _("按名单拆分")
    columns = {"part": ("新区划", "名称", "name"), "code": CODE, "child": ("下级", "child")}
    required = ("part",)

    def understood(self, lines: list[Row]) -> list[Part]:
        known, errors = self._by_name(), []
        codes: dict[str, str] = {}
        children: dict[str, list[int]] = {}
        for row in lines:
            name = row.cells.get("part", "")
            errors += _code_fault(row)
            if not name or len(name) > 60:
                errors.append(
                    row.fault("part", gettext("没有名称或超过 60 个字"), gettext("请填写。"))
                )
                continue
            codes[name] = codes.get(name) or row.cells.get("code", "")
            taken = children.setdefault(name, [])
            if row.cells.get("child"):
                child = _child_of(row, "child", known)
                if isinstance(child, RowError):
                    errors.append(child)
                elif any(child.pk in those for those in children.values()):
                    cure = gettext("请只留一行。")
                    errors.append(row.fault("child", gettext("归到了两个部分"), cure))
                else:
                    taken.append(child.pk)
        _raise(errors)
        return [Part(NewPlace(name, codes[name]), tuple(keys)) for name, keys in children.items()]

    def act(self, by: Actor) -> Change:
        parts = self.cleaned_data["lines"]
        return split_division(self.division, parts=parts, decision=self.decision(), by=by)


class RenameManyForm(ManyForm):
    """Give many places under one another name by one document."""

    title = _("按名单更名")
    columns = {"old": ("原名称", "名称", "old"), "new": ("新名称", "new"), "code": CODE}
    required = ("old", "new")

    def understood(self, lines: list[Row]) -> list[NewName]:
        known, errors, names = self._by_name(), [], []
        for row in lines:
            new, place = row.cells.get("new", ""), _child_of(row, "old", known)
            errors += _code_fault(row)
            if not new or len(new) > 60:
                errors.append(
                    row.fault("new", gettext("没有名称或超过 60 个字"), gettext("请填写。"))
                )
            elif isinstance(place, RowError):
                errors.append(place)
            else:
                names.append(NewName(row.at, place, new, row.cells.get("code", "")))
        twice = {
            key for key, count in Counter(one.division.pk for one in names).items() if count > 1
        }
        errors += [
            Row(one.at, {"old": one.division.name}).fault(
                "old", gettext("写了两行"), gettext("请只留一行。")
            )
            for one in names
            if one.division.pk in twice
        ]
        _raise(errors)
        return names

    def act(self, by: Actor) -> Change:
        names, decision = self.cleaned_data["lines"], self.decision()
        rename_divisions(self.division, names=names, decision=decision, by=by)
        # For the page: one decision, many lines among the changes.
        return Change(
            type=Change.Type.RENAME, effective_on=decision.day, document=decision.document,
            division=self.division, facts={"renamed": len(names)},
        )  # fmt: skip
