"""Whether the network covers a community: administrator, log-in, computer, telephone, line.

Source: the plan, five (一)2; requirements INF-14 and INF-15. Every number is a count of the rows
that `places` gives, so that the list behind it is those rows.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields import BigIntegerField, BooleanField
from django.db.models.functions import Coalesce, Greatest, Mod
from django.utils import timezone

from yiwang.accounts.models import Post
from yiwang.accounts.roles import Role
from yiwang.core.reads import count_of, parameter
from yiwang.divisions.models import Division, Level
from yiwang.divisions.rules import Depth, depth_of, range_of
from yiwang.liaison.models import Device, DeviceKind, DeviceState
from yiwang.liaison.models.coverage import share
from yiwang.residents.models import Resident

GAPS: Final[dict[str, Q]] = {
    "covered": Q(covered=True),
    "uncovered": Q(covered=False),
    "unmanned": Q(manned=False),
    "inactive": Q(manned=True, active=False),
    "unequipped": Q(equipped=False),
    "line": Q(line_down=True),
}
# The keys of the places of a level are multiples of this.
SPAN: Final = {Depth.CITY: 10**6, Depth.COUNTY: 10**3, Depth.TOWNSHIP: 1}


@dataclass(frozen=True)
class Target:
    """What a community needs and what share of them the plan wants, as the parameters say."""

    computers: int
    telephones: int
    active_days: int
    percent: float

    @classmethod
    def of(cls, division: int) -> "Target":
        return cls(
            int(parameter("inf.comm.computer", division=division)),
            int(parameter("inf.comm.phone", division=division)),
            int(parameter("inf.net.active_days", division=division)),
            float(parameter("inf.net.coverage", division=division)),
        )


def _working(kind: str) -> Coalesce:
    return count_of(Device.objects.working(kind).filter(division=OuterRef("pk")))


def places(key: int, now: datetime) -> QuerySet[Any]:
    """Communities of a place with `manned`, `last_login`, `active`, `equipped`, `line_down`, `covered`."""
    target, day = Target.of(key), timezone.localdate(now)
    area = range_of(key)
    rows = Division.objects.within(area).current().served().filter(level=Level.COMMUNITY)
    held = Post.objects.held_on(day).filter(
        division=OuterRef("pk"), role=Role.COMMUNITY_NETWORK
    )  # fmt: skip
    logged = held.order_by().values("division").annotate(at=Max("user__last_login")).values("at")
    keepers = Post.objects.held_on(day).filter(
        division=OuterRef(OuterRef("pk")), role=Role.COMMUNITY_NETWORK
    )
    seen = UserSession.objects.filter(user__in=keepers.values("user")).order_by("-last_seen_at")
    broken = Device.objects.filter(
        division=OuterRef("pk"), kind=DeviceKind.LINE, state=DeviceState.BROKEN
    )
    found: QuerySet[Any] = rows.annotate(
        manned=Exists(held),
        last_login=Greatest(Subquery(logged), Subquery(seen.values("last_seen_at")[:1])),
        computers=_working(DeviceKind.COMPUTER),
        telephones=_working(DeviceKind.TELEPHONE),
        line_down=Exists(broken),
    ).annotate(
        active=_true(Q(last_login__gte=now - timedelta(days=target.active_days))),
        equipped=_true(Q(computers__gte=target.computers, telephones__gte=target.telephones)),
    ).annotate(
        covered=_true(Q(manned=True, active=True, equipped=True, line_down=False))
    )  # fmt: skip
    return found


def _true(condition: Q) -> Case:
    """True or false, never unknown."""
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def with_last_change(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Also when the register of the place was last written to."""
    people = Resident.objects.filter(division=OuterRef("pk")).order_by()
    changed = people.values("division").annotate(at=Max("updated_at")).values("at")
    found: QuerySet[Any] = rows.annotate(last_change=Subquery(changed))
    return found


# A count must not be called like the column it counts.
_COUNTED: Final = {
    "n_all": Count("pk"),
    **{f"n_{name}": Count("pk", filter=gap) for name, gap in GAPS.items()},
}


def _named(row: dict[str, int]) -> dict[str, int]:
    return {name.removeprefix("n_"): count for name, count in row.items()}


def counts(rows: QuerySet[Any]) -> dict[str, int]:
    """All communities and those of each gap, in one statement."""
    return _named(rows.order_by().aggregate(**_COUNTED))


@dataclass(frozen=True)
class Line:
    """The coverage of one place below."""

    place: Division
    counts: dict[str, int]

    @property
    def percent(self) -> float | None:
        return share(self.counts["covered"], self.counts["all"])


def below(key: int, now: datetime) -> list[Line]:
    """A line for each place one level down, above the communities; the worst first."""
    span = SPAN.get(depth_of(key), 1)
    if span == 1:
        return []
    found = by_key(key, span, now)
    named = Division.objects.in_bulk(found)
    lines = [Line(named[one], counted) for one, counted in found.items() if one in named]
    return sorted(lines, key=lambda line: (line.percent or 0.0, line.place.pk))


def by_key(key: int, span: int, now: datetime) -> dict[int, dict[str, int]]:
    """The counts of every place whose key is a multiple of the span, in one statement."""
    above = ExpressionWrapper(F("pk") - Mod(F("pk"), Value(span)), output_field=BigIntegerField())
    grouped = places(key, now).order_by().annotate(above=above).values("above")
    return {row.pop("above"): _named(row) for row in grouped.annotate(**_COUNTED)}
