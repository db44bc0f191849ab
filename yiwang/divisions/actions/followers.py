"""Live records move with their division; finished ones stay where they were.

A model follows when it says `follows_division = True`, has a `division` key and a classmethod
`live_in_division()` that gives the rows still open. What must be joined rather than moved says so
by itself: `succeed_division(heirs, on)`, `rename_in_division(division, before, short)` and
`end_in_division(division, on)`; where two places that merge may hold the same number,
`make_room(heirs)` renames before they meet. No signals: the models are looked up.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.errors import Refused
from yiwang.divisions.models import Change, Division, Review


class Followers:
    """The models whose live records go where their division goes."""

    @staticmethod
    def models() -> list[type[models.Model]]:
        """All models that follow, in a fixed order."""
        found = [one for one in apps.get_models() if getattr(one, "follows_division", False)]
        return sorted(found, key=lambda one: one._meta.label_lower)

    @classmethod
    def move(cls, heirs: Mapping[int, int], on: date | None = None) -> dict[str, int]:
        """Move the live records of each old key to its heir; counts by model label.

        `on` is the last day of the old places, by default today.
        """
        moved: dict[str, int] = {}
        if not heirs:
            return moved
        for model in cls.models():
            moved[model._meta.label_lower] = cls._move(model, heirs)
        for succeed in cls._say("succeed_division"):
            moved |= succeed(heirs, on or timezone.localdate())
        return {label: count for label, count in moved.items() if count}

    @classmethod
    def rename(cls, division: Division, before: str, short: str) -> None:
        """Tell whoever is called after the place that it has another name now."""
        for rename in cls._say("rename_in_division"):
            rename(division, before, short)

    @classmethod
    def end(cls, division: Division, on: date) -> None:
        """What stands in a place that ends without heir ends with it; live records were refused."""
        for end in cls._say("end_in_division"):
            end(division, on)

    @staticmethod
    def _say(name: str) -> Iterator[Any]:
        """The methods of that name, of the models that have one."""
        return (getattr(one, name) for one in apps.get_models() if hasattr(one, name))

    @staticmethod
    def ask_about_people(change: Change, key: int, moved: Mapping[str, int]) -> int:
        """Posts reach another area now: somebody looks at each; gives the questions asked."""
        posts = moved.get("accounts.post", 0)
        if not posts:
            return 0
        facts = {"posts": posts, "units": moved.get("accounts.unit.joined", 0)}
        topic = Review.Topic.PEOPLE
        Review.objects.create(change=change, division_id=key, topic=topic, facts=facts)
        return 1

    @classmethod
    def count(cls, keys: list[int]) -> int:
        """How many live records stand in these divisions."""
        return sum(
            model.live_in_division().filter(division_id__in=keys).count()  # type: ignore[attr-defined]
            for model in cls.models()
        )

    @staticmethod
    def _move(model: Any, heirs: Mapping[int, int]) -> int:
        """One statement a model, however many divisions moved."""
        live = model.live_in_division().filter(division_id__in=list(heirs)).order_by()
        inner, values = live.values("pk").query.sql_with_params()
        table = connection.ops.quote_name(model._meta.db_table)
        primary = connection.ops.quote_name(model._meta.pk.column)
        statement = (
            f"UPDATE {table} SET division_id = heir.new "  # noqa: S608 - names of our own models
            f"FROM unnest(%s::bigint[], %s::bigint[]) AS heir (old, new) "
            f"WHERE {table}.division_id = heir.old AND {table}.{primary} IN ({inner})"
        )
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                if hasattr(model, "make_room"):
                    model.make_room(heirs)
                cursor.execute(statement, [list(heirs), list(heirs.values()), *values])
                return int(cursor.rowcount)
        except IntegrityError as clash:
            message = _("“%(what)s”在承接的区划里有重复，请先核对后再办理。") % {
                "what": model._meta.verbose_name,
            }  # fmt: skip
            raise Refused("records_clash", message) from clash
