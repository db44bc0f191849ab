"""What a campaign asks: fields of the data dictionary, and new items that are not in it yet."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.residents.rules.dictionary import Choice, Field, shipped_fields

NEW: Final = "new"
"""How the code of an item begins that no dictionary holds."""


class Status(models.TextChoices):
    """How somebody was found at the door."""

    HERE = "here", _("在")
    ABSENT = "absent", _("没有遇到")
    REFUSED = "refused", _("不愿提供")
    MOVED = "moved", _("已迁出本市")
    DECEASED = "deceased", _("已去世")


GONE: Final = (Status.MOVED, Status.DECEASED)


class NewType(models.TextChoices):
    """How a new item is answered."""

    BOOLEAN = "boolean", _("是或否")
    CHOICE = "choice", _("单选")
    INTEGER = "integer", _("数字")
    TEXT = "text", _("文字")


def new_field(question: Mapping[str, Any]) -> Field:
    """A new item in the shape of the dictionary, so that it is cleaned and shown alike."""
    choices = tuple(Choice(word, word, word) for word in question.get("choices", ()))
    return Field(
        code=question["code"],
        name=question["name"],
        name_en=question["name"],
        type=question["type"],
        group="other",
        choices=choices,
        fresh_days=None,
        sensitive=True,
        mask="none",
        owner=None,
        register=False,
    )


def asked_fields(
    codes: Iterable[str], questions: Iterable[Mapping[str, Any]], fields: Mapping[str, Field]
) -> dict[str, Field]:
    """Everything a form asks, by code, in its order; `fields` is the dictionary."""
    found = {code: fields[code] for code in codes if code in fields}
    return found | {one["code"]: new_field(one) for one in questions}


def askable() -> dict[str, Field]:
    """What may be collected: the register's fields but the name, which is how people are known."""
    return {
        code: field for code, field in shipped_fields().items() if field.register and code != "name"
    }


def expiring() -> dict[str, Field]:
    """The fields that grow old."""
    return {code: field for code, field in askable().items() if field.fresh_days}
