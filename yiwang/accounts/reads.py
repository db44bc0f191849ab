"""Figures and findings about accounts: locks, why someone may, the matrix of rights."""

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import check_password
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.models import JournalLine
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import CalendarEnds, DayKind
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Level
from yiwang.divisions.models.division import DivisionQuerySet
from yiwang.divisions.rules import ancestors

from .actor import Actor, Verdict
from .models import Delegation, LogInFailure, Post, Unit, User
from .models.unit import UnitClass
from .roles import EVERY_RIGHT, GRANTS, Role, roles_with
from .rules import LockRules, PasswordRules, locked_until, password_faults
from .rules.hours import Today
from .rules.hours import today as today_of


def password_rules() -> PasswordRules:
    """The rules in force today, from the parameters."""
    return PasswordRules(
        length=int(parameter("accounts.password_length")),
        classes=int(parameter("accounts.password_kinds")),
        remembered=int(parameter("accounts.password_history")),
    )


def password_faults_of(person: User, password: str) -> list[str]:
    """Why this person may not take this password; earlier ones are compared by their hashes."""
    rules = password_rules()
    names = [person.username, person.name, person.name_pinyin]
    faults = password_faults(password, rules, names)
    used = [person.password, *person.password_history[: rules.remembered]]
    if not faults and any(old and check_password(password, old) for old in used):
        faults.append(
            _("不能用现在的或最近 %(count)s 次用过的密码。") % {"count": rules.remembered}
        )
    return faults


def remind_until(day: date) -> date:
    """Terms that end by this day are to be prepared for: some months from `day` (DIV-10)."""
    months = day.year * 12 + day.month - 1 + int(parameter("accounts.term_reminder_months"))
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def open_today(unit: Unit, now: datetime) -> Today | None:
    """The hours of a unit today, after the working calendar; None when nobody wrote them down."""
    local = timezone.localtime(now)
    found = today_of(unit.hours, local, _kind_of(local.date()))
    if found is None or found.is_open or found.opens:
        return found
    return replace(found, again=_opens_again(unit, local))


def _opens_again(unit: Unit, after: datetime) -> datetime | None:
    """The first opening of a later day, looked for over the longest holidays there are."""
    for days in range(1, 15):
        day = after.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)
        found = today_of(unit.hours, day, _kind_of(day.date()))
        if found is not None and found.spans:
            hour, minute = found.spans[0][0].split(":")
            return day.replace(hour=int(hour), minute=int(minute))
    return None


def _kind_of(day: date) -> DayKind | None:
    """What a day is; None beyond the calendar's last year."""
    try:
        return calendar().kind(day)
    except CalendarEnds:
        return None


def lock_rules() -> LockRules:
    """How many failures lock, and for how many minutes."""
    return LockRules(
        tries=int(parameter("accounts.lock_tries")),
        minutes=int(parameter("accounts.lock_minutes")),
    )


def lock_of(username: str) -> datetime | None:
    """Until when a user name is locked, whether or not an account of that name exists."""
    rules = lock_rules()
    now = timezone.now()
    since = now - timedelta(minutes=2 * rules.minutes)
    failures = LogInFailure.objects.against(username, since).order_by("-at")
    until = locked_until(list(failures.values_list("at", flat=True)[: rules.tries]), rules)
    return until if until and until > now else None


def people_matching(people: QuerySet[User], text: str) -> QuerySet[User]:
    """People whose name, pinyin (from its beginning) or user name fits what was typed."""
    text = clean_text(text)
    if not text:
        return people
    flat = text.replace(" ", "").lower()
    return people.filter(
        Q(name__contains=text)
        | Q(name_pinyin__startswith=flat)
        | Q(name_initials__startswith=flat)
        | Q(username__istartswith=flat)
    )


@dataclass(frozen=True)
class Explanation:
    """The answer of the permission page: may they, why, and who else could or could grant it."""

    verdict: Verdict
    actor: Actor
    roles: list[Role]
    holders: list[Post]
    grantors: list[Post]

    @property
    def role_names(self) -> list[str]:
        return [str(role.label) for role in self.roles]


def explain(post: Post, right: str, subject: Any, *, on: date) -> Explanation:
    """May the holder of this post do this to that, and why (DIV-13, EXP-09)."""
    actor = Actor.of(post)
    place = getattr(subject, "division_id", None)
    return Explanation(
        verdict=actor.verdict(right, subject),
        actor=actor,
        roles=roles_with(right),
        holders=_reaching(roles_with(right), place, on),
        grantors=_reaching(roles_with("accounts.manage"), place, on),
    )


def _reaching(roles: list[Role], place: int | None, on: date) -> list[Post]:
    """The nearest few posts with one of the roles whose area holds the place."""
    if place is None:
        return []
    # Whoever stands on the place or on one of the few above it.
    posts = Post.objects.held_on(on).filter(role__in=roles, division__in=[*ancestors(place), place])
    return list(posts.select_related("user", "unit").order_by("-division_id", "pk")[:5])


def matrix() -> list[tuple[str, list[Role]]]:
    """Every right with the roles that hold it, for the permission matrix."""
    return [
        (right, [role for role, grant in GRANTS.items() if right in grant.rights])
        for right in sorted(EVERY_RIGHT)
    ]


def nobody_has_an_account() -> bool:
    """Whether this is an empty installation, which the first start may open."""
    return not User.objects.exists()


def account_named(username: str) -> User | None:
    """The account in use with this user name, as a colleague types it to lend a post."""
    found: User | None = User.objects.filter(username__iexact=username, is_active=True).first()
    return found


def second_factors(user: User) -> QuerySet[Authenticator]:
    """What a person set up besides the password; recovery codes alone do not count."""
    recovery = Authenticator.Type.RECOVERY_CODES
    factors: QuerySet[Authenticator] = Authenticator.objects.filter(user=user)
    return factors.exclude(type=recovery)


def session_count(user: User) -> int:
    """On how many devices a person is signed in."""
    return int(UserSession.objects.filter(user=user).count())


def own_loans(user: User, on: date) -> QuerySet[Delegation]:
    """Delegations of the own posts, now and to come."""
    loans = Delegation.objects.filter(post__user=user, ended_at__isnull=True, ends_on__gte=on)
    return loans.select_related("to", "post__unit")


NETWORK_ROLES = {
    Level.COUNTY: Role.COUNTY_NETWORK,
    Level.TOWNSHIP: Role.TOWNSHIP_NETWORK,
    Level.COMMUNITY: Role.COMMUNITY_NETWORK,
}


def network_places(places: DivisionQuerySet, on: date) -> QuerySet[Any]:
    """Places that need a network administrator: `vacant`, and the last day of whoever was there.

    Source: the plan, five (一)2: a named person in every county, township and community (HOT-01).
    """
    role = Case(*(When(level=level, then=Value(str(one))) for level, one in NETWORK_ROLES.items()))
    own = Post.objects.filter(division=OuterRef("pk"), role=OuterRef("network_role"))
    left = own.filter(ends_on__lte=on).order_by("-ends_on").values("ends_on")[:1]
    return (
        places.current()
        .served()
        .filter(level__in=NETWORK_ROLES)
        .annotate(network_role=role)
        .annotate(vacant=~Exists(own.held_on(on)), last_day=Subquery(left))
    )


def possible_successors(post: Post, on: date) -> QuerySet[Post]:
    """Who could go on with the work: posts here or above, the same division first."""
    area = [post.division_id, *ancestors(post.division_id)]
    found = Post.objects.held_on(on).filter(division__in=area)
    found = found.exclude(pk=post.pk).exclude(user=post.user_id)
    return found.select_related("user", "unit").order_by("-division_id", "role")


def own_lines(user: User, most: int = 20) -> list[JournalLine]:
    """The newest lines of the journal that a person wrote, in whichever post."""
    return list(JournalLine.objects.written_by(user.pk)[:most])


def duty_counts(division_id: int) -> dict[str, int]:
    """Duties of the plan by class in one division: lead 1, policy 7, organisation 2, guidance 11.

    Source: the plan, part six (二); a body may follow several duties, a duty is counted once.
    """
    rows = Unit.objects.open().filter(division_id=division_id).values_list("duties", flat=True)
    counted = Counter(duty["class"] for duties in rows for duty in duties)
    return {kind.value: counted[kind.value] for kind in UnitClass if counted[kind.value]}
