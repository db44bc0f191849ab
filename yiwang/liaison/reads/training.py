"""The register of network administrators with the state of their training (HOT-01, HOT-12)."""

from datetime import date
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.accounts.reads import NETWORK_ROLES
from yiwang.core.reads import parameter
from yiwang.liaison.models import Enrolment

TRAINING: Final = {
    "trained": Q(trained=True),
    "late": Q(late=True),
    "waiting": Q(trained=False, late=False, waiting=True),
    "none": Q(trained=False, waiting=False),
}


def administrators(actor: Actor, today: date) -> QuerySet[Any]:
    """Administrators of the area in post: `trained`, `waiting`, `late`, and `hours` of this year."""
    own = Enrolment.objects.filter(post__user=OuterRef("user")).order_by()
    year = own.filter(passed=True, taken_on__year=today.year).values("post__user")
    posts = Post.objects.visible_to(actor).held_on(today).filter(role__in=NETWORK_ROLES.values())
    rows: QuerySet[Any] = posts.annotate(
        trained=Exists(own.valid(today)),
        waiting=Exists(own.open()),
        late=Exists(own.late(today)),
        hours=Coalesce(Subquery(year.annotate(n=Sum("course__hours")).values("n")), 0),
    )
    return rows


def training_counts(rows: QuerySet[Any]) -> dict[str, int]:
    """How many administrators there are in each state, and who has the hours of the year."""
    hours = int(parameter("hot.training_hours"))
    counted = {f"n_{name}": Count("pk", filter=state) for name, state in TRAINING.items()}
    found = rows.order_by().aggregate(
        n_all=Count("pk"), n_hours=Count("pk", filter=Q(hours__gte=hours)), **counted
    )
    return {name.removeprefix("n_"): count for name, count in found.items()}
