"""What was told about a record: to whom, when, by which way, and where it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from yiwang.notifications.models import Message
from yiwang.notifications.rules.kinds import Channel, Kind, State


@dataclass(frozen=True)
class Told:
    """One sending of one message, masked; without a way it waits to be arranged."""

    delivery: int | None
    kind: str
    channel: str
    state: str
    to: str
    at: datetime
    problem: str

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def channel_label(self) -> str:
        return str(Channel(self.channel).label) if self.channel else ""

    @property
    def state_label(self) -> str:
        return str(State(self.state).label) if self.state else _("待安排")


_COLUMNS: Final = {
    "delivery": "deliveries__pk",
    "kind": "kind",
    "channel": "deliveries__channel",
    "state": "deliveries__state",
    "to": "deliveries__shown_to",
    "made": "created_at",
    "done": "deliveries__done_at",
    "problem": "deliveries__problem",
}


def _rows(reference: Any) -> Any:
    rows: Any = Message.objects.filter(reference=reference).order_by("-pk", "deliveries__pk")
    return rows.annotate(told=JSONObject(**_COLUMNS)).values_list("told", flat=True)


def told_rows(reference: Any) -> ArraySubquery:
    """The rows `told_of` reads, as part of another statement; `reference` may be an expression."""
    return ArraySubquery(_rows(reference))


def told_of(rows: Iterable[Mapping[str, Any]]) -> list[Told]:
    """What was told, newest first."""
    return [
        Told(
            one["delivery"], one["kind"], one["channel"] or "", one["state"] or "",
            one["to"] or "", datetime.fromisoformat(one["done"] or one["made"]),
            one["problem"] or "",
        )
        for one in rows
    ]  # fmt: skip


def messages_about(reference: str) -> list[Told]:
    """Everything told about one record, in one statement. The caller has asked whether the reader
    may see the record."""
    return told_of(_rows(reference))
