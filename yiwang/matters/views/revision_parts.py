"""The parts of the editor: what each shows of a draft, and the content it makes of what was sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.core.rules.chinese import clean_text
from yiwang.matters.forms.revision import (
    BasicsForm,
    Materials,
    Variants,
    basics_of,
    rows_of,
)
from yiwang.matters.models import Revision
from yiwang.matters.reads.offered import grades_offered
from yiwang.matters.rules.conditions import condition_words
from yiwang.matters.rules.editing import (
    add_step,
    move_step,
    moved,
    new_code,
    remove_step,
    set_beside,
)
from yiwang.matters.rules.guide import UNGRADED
from yiwang.matters.rules.naming import namer
from yiwang.residents.reads import dictionary

Content = Mapping[str, Any]
Context = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One part: its address and name, what its page shows, and what becomes of what was sent.

    `write` gives the new content, or None when what was sent is faulty and shown again.
    """

    key: str
    label: Any
    icon: str
    read: Callable[[Revision], Context]
    write: Callable[[Revision, QueryDict], tuple[Content | None, Context]]

    @property
    def template(self) -> str:
        return f"matters/revision/{self.key}.html"


def _asked(data: QueryDict) -> tuple[str, str]:
    """The button that was pressed: what to do, and with which row or step."""
    do, _colon, which = data.get("do", "").partition(":")
    return do, which


def _changed_rows(rows: list[Any], data: QueryDict) -> list[Any]:
    """Rows moved or taken out by the button pressed."""
    do, which = _asked(data)
    at = int(which) if which.isdecimal() else -1
    if do == "remove" and 0 <= at < len(rows):
        return [one for number, one in enumerate(rows) if number != at]
    return moved(rows, at, {"up": -1, "down": 1}.get(do, 0))


def _read_basics(revision: Revision) -> Context:
    initial = basics_of(revision.content, revision.category_id)
    return {"form": BasicsForm(initial=initial, fixed=revision.item_id is not None)}


def _write_basics(revision: Revision, data: QueryDict) -> tuple[Content | None, Context]:
    form = BasicsForm(data, fixed=revision.item_id is not None)
    return (form.content(revision.content) if form.is_valid() else None), {"form": form}


def _read_fields(revision: Revision) -> Context:
    words, guide = dictionary(), revision.guide
    chosen, name = guide.fields, namer(guide, words)
    whens = {code: condition_words(one, name) for code, one in guide.asked_when.items()}
    return {
        "rows": [
            (code, words[code].label if code in words else code, whens.get(code, ""))
            for code in chosen
        ],
        "more": [(code, one.label) for code, one in words.items() if code not in chosen],
    }


def _write_fields(revision: Revision, data: QueryDict) -> tuple[Content | None, Context]:
    rows, more = list(revision.guide.fields), data.get("field", "")
    if _asked(data)[0] == "add":
        rows += [more] if more in dictionary() and more not in rows else []
    rows = _changed_rows(rows, data)
    whens = revision.content.get("asked_when") or {}
    kept = {code: when for code, when in whens.items() if code in rows}
    return {**revision.content, "fields": rows, "asked_when": kept}, {}


def _read_materials(revision: Revision) -> Context:
    rows = revision.content.get("materials") or []
    return {"rows": Materials(prefix="rows", initial=rows)}


def _write_materials(revision: Revision, data: QueryDict) -> tuple[Content | None, Context]:
    formset = Materials(data, prefix="rows")
    if not formset.is_valid():
        return None, {"rows": formset}
    rows = _changed_rows(rows_of(formset, "paper"), data)
    if _asked(data)[0] == "add":
        code = new_code("paper", (one["code"] for one in rows))
        rows.append({"code": code, "name": "", "name_en": "", "kind": "copy", "required": True,
                     "held_as": None})  # fmt: skip
    return {**revision.content, "materials": rows}, {}


def _grades() -> list[tuple[str, Any]]:
    """The grades of the assessments in force, and having none."""
    return [*grades_offered(timezone.localdate()), (UNGRADED, _("没有有效等级"))]


def _read_variants(revision: Revision) -> Context:
    rows, offered = revision.content.get("variants") or [], {"grades": _grades()}
    return {"rows": Variants(prefix="rows", initial=rows, form_kwargs=offered)}


def _write_variants(revision: Revision, data: QueryDict) -> tuple[Content | None, Context]:
    formset = Variants(data, prefix="rows", form_kwargs={"grades": _grades()})
    if not formset.is_valid():
        return None, {"rows": formset}
    rows = _changed_rows(rows_of(formset, "variant"), data)
    if _asked(data)[0] == "add":
        code = new_code("variant", (one["code"] for one in rows))
        rows.append({"code": code, "name": "", "name_en": "", "grades": []})
    return {**revision.content, "variants": rows}, {}


def _read_steps(revision: Revision) -> Context:
    return {}


def _write_steps(revision: Revision, data: QueryDict) -> tuple[Content | None, Context]:
    do, code = _asked(data)
    content = revision.content
    if do == "add":
        content = add_step(content, clean_text(data.get("name", ""))[:80])
    elif do in {"up", "down"}:
        content = move_step(content, code, -1 if do == "up" else 1)
    elif do == "remove":
        content = remove_step(content, code)
    elif do in {"beside", "after"}:
        content = set_beside(content, code, do == "beside")
    return content, {}


PARTS = {
    part.key: part
    for part in (
        Part("basics", _("基本内容"), "info-circle", _read_basics, _write_basics),
        Part("fields", _("表单信息项"), "file-text", _read_fields, _write_fields),
        Part("materials", _("材料"), "paperclip", _read_materials, _write_materials),
        Part("variants", _("服务档次"), "list-check", _read_variants, _write_variants),
        Part("steps", _("办理环节"), "sitemap", _read_steps, _write_steps),
    )
}
