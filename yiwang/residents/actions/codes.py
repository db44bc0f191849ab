"""The lists of codes as acts: a code added, reworded, withdrawn, taken back into use (INF-26)."""

import re
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, moment, note
from yiwang.core.errors import Refused
from yiwang.core.memory import forget
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.residents.models.code import REMEMBERED, ListedCode
from yiwang.residents.rules.dictionary import Choice, Field, shipped_fields

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


@act("residents.codes")
def save_code(
    city: Division, *, field: str, code: str, name: str, name_en: str, basis: str, by: Actor
) -> ListedCode:
    """Add a code to the list of a field, or reword one the city has added; forms offer it at once.

    The subject is the city, whose lists they are. Raises Refused: no_list, fixed, invalid, taken.
    """
    owner = _list(field)
    words = {"name": clean_text(name)[:80], "name_en": clean_text(name_en)[:120],
             "basis": clean_text(basis)[:200]}  # fmt: skip
    if not _CODE.fullmatch(code):
        sentence = _("编码用小写英文字母、数字和下划线，以字母开头。")
        raise Refused("invalid", sentence, {"code": sentence})
    for key, text in words.items():
        if not text:
            sentence = _("请填写名称、英文名称和依据。")
            raise Refused("invalid", sentence, {key: sentence})
    _must_be_new(owner, code, words["name"])
    row = ListedCode.objects.filter(field=field, code=code).first() or ListedCode(
        field=field, code=code
    )
    before = row.name
    row.name, row.name_en, row.basis = words["name"], words["name_en"], words["basis"]
    row.by_label = by.label[:160]
    row.save()
    note(list=field, code=code, name=[before, row.name], basis=row.basis)
    return _kept(row)


@act("residents.codes")
def withdraw_code(city: Division, *, field: str, code: str, reason: str, by: Actor) -> ListedCode:
    """Offer a code no longer; what was recorded under it stays. Raises Refused: no_list, fixed,
    no_code, reason_needed, last.
    """
    owner, why = _list(field), clean_text(reason)[:200]
    row = ListedCode.objects.filter(field=field, code=code).first()
    shipped = _shipped(owner, code)
    if row is None and shipped is not None:
        row = ListedCode(field=field, code=code, name=shipped.name, name_en=shipped.name_en)
    if row is None or row.withdrawn_on is not None:
        raise Refused("no_code", _("“%(name)s”里没有这个在用的代码。") % {"name": owner.label})
    if not why:
        sentence = _("请写明停用的依据。")
        raise Refused("reason_needed", sentence, {"reason": sentence})
    row.withdrawn_on, row.basis, row.by_label = timezone.localdate(moment()), why, by.label[:160]
    row.save()
    note(list=field, code=code, basis=why)
    return _kept(row)


@act("residents.codes")
def restore_code(city: Division, *, field: str, code: str, by: Actor) -> ListedCode:
    """Offer a withdrawn code again. Raises Refused: no_list, fixed, no_code."""
    owner = _list(field)
    row = ListedCode.objects.filter(field=field, code=code, withdrawn_on__isnull=False).first()
    if row is None:
        raise Refused("no_code", _("“%(name)s”里没有这个停用的代码。") % {"name": owner.label})
    row.withdrawn_on, row.by_label = None, by.label[:160]
    row.save()
    note(list=field, code=code)
    return _kept(row)


def _kept(row: ListedCode) -> ListedCode:
    transaction.on_commit(lambda: forget(REMEMBERED))
    return row


def _list(code: str) -> Field:
    """The field whose list it is. Raises Refused: no_list, fixed."""
    field = shipped_fields().get(code)
    if field is None or not field.choices:
        raise Refused("no_list", _("“%(code)s”不是可以在这里增减的代码表。") % {"code": code})
    if field.fixed:
        raise Refused(
            "fixed", _("“%(name)s”由国家标准规定，不能自行增减。") % {"name": field.label}
        )
    return field


def _shipped(field: Field, code: str) -> Choice | None:
    return next((one for one in field.choices if one.code == code), None)


def _must_be_new(field: Field, code: str, name: str) -> None:
    """A shipped code keeps its meaning; no two codes have the same name. Raises Refused taken."""
    others = ListedCode.objects.filter(field=field.code).exclude(code=code)
    names = {one.name for one in field.choices} | set(others.values_list("name", flat=True))
    if _shipped(field, code) is not None:
        sentence = _("已有编码“%(code)s”，请换一个。") % {"code": code}
        raise Refused("taken", sentence, {"code": sentence})
    if name in names:
        sentence = _("已有“%(name)s”，不要重复。") % {"name": name}
        raise Refused("taken", sentence, {"name": sentence})
