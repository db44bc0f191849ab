"""Every row that speaks of a record, found through Django's registry: what a merge hands over."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models.fields.reverse_related import ManyToOneRel

Reference = tuple[type[models.Model], str]


def references_to(of: type[models.Model]) -> Iterator[Reference]:
    """Tables and their keys to a kind of record, also those of apps above, in a fixed order.

    Left out: what is append-only, and what speaks of records as they were written down
    (`of_records = True`).
    """
    found: list[tuple[Any, str]] = [
        (one.related_model, one.field.name)
        for one in of._meta.get_fields(include_hidden=True)
        if isinstance(one, ManyToOneRel)
    ]
    for model, name in sorted(found, key=lambda one: (one[0]._meta.label_lower, one[1])):
        if not (getattr(model, "append_only", False) or getattr(model, "of_records", False)):
            yield model, name


def hand_over(reference: Reference, giver: models.Model, taker: models.Model) -> list[Any]:
    """Let the rows of one table speak of `taker`; gives the keys of those moved.

    A row that the taker has already (a unique constraint) stays with the giver.
    """
    table, name = reference
    # By the model's own way of updating: tags go with the division of whom they are handed to.
    held: Any = table._default_manager
    keys = list(held.filter(**{name: giver}).values_list("pk", flat=True))
    if not keys or _moves(held.filter(**{name: giver}), name, taker):
        return keys
    return [key for key in keys if _moves(held.filter(pk=key), name, taker)]


def _moves(rows: Any, name: str, taker: models.Model) -> bool:
    try:
        with transaction.atomic():
            rows.update(**{name: taker})
    except IntegrityError:
        return False
    return True


def hand_back(moved: dict[str, list[Any]], giver: models.Model, taker: models.Model) -> None:
    """Undo `hand_over`: of the rows moved (keys by `app.model.name`), those still with `taker`."""
    for label, keys in moved.items():
        model_label, _dot, name = label.rpartition(".")
        rows = apps.get_model(model_label)._default_manager.filter(pk__in=keys, **{name: taker})
        rows.update(**{name: giver})
