"""The catalogue in force, who handles a step where, and tracking by number (SVC-02, INF-09)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.models import Unit
from yiwang.assessments.models import PersonAssessment
from yiwang.assessments.reads import grade_of
from yiwang.core.errors import Refused
from yiwang.core.memory import remember
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules import numbers
from yiwang.core.rules.calendar import Unit as TimeUnit
from yiwang.core.rules.calendar import remaining, used_share
from yiwang.core.rules.chinese import bigrams, clean_text
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Level
from yiwang.divisions.rules import Depth, ancestor, ancestors
from yiwang.matters.models import (
    Category,
    Matter,
    Offering,
    Opinion,
    ServiceItem,
    ServiceVersion,
    Step,
)
from yiwang.matters.rules import RUNNING, State
from yiwang.matters.rules.guide import Guide, Variant
from yiwang.matters.rules.process import Process, StepPlan
from yiwang.residents.models import Resident

LEVELS = {
    "community": Depth.COMMUNITY,
    "township": Depth.TOWNSHIP,
    "county": Depth.COUNTY,
    "city": Depth.CITY,
}
# Who steps in when a place has no such unit, so that nothing is nobody's.
SUBSTITUTES = {
    Depth.COMMUNITY: ("committee", "service_centre"),
    Depth.TOWNSHIP: ("service_centre", "civil_affairs"),
    Depth.COUNTY: ("civil_affairs",),
    Depth.CITY: ("civil_affairs",),
}
KEEP_SECONDS = 60


@dataclass(frozen=True)
class Planned:
    """An item with the version in force, kept in the process for a minute."""

    item: ServiceItem
    version: ServiceVersion
    confidential: bool

    @property
    def guide(self) -> Guide:
        return self.version.guide


def planned(code: str, on: date | None = None) -> Planned:
    """The item and its version in force on a day. Refused when there is none."""
    day = on or timezone.localdate()
    return remember(f"matters.planned.{code}.{day}", KEEP_SECONDS, lambda: _planned(code, day))


def _planned(code: str, day: date) -> Planned:
    item = ServiceItem.objects.select_related("category").filter(code=code).first()
    version = item.version_on(day) if item and not item.retired_on else None
    if item is None or version is None:
        raise Refused("no_such_item", _("没有这个服务事项，或现在不再受理。"))
    return Planned(item, version, item.confidential or item.category.confidential)


def process_of(matter: Matter) -> Process:
    """The process a matter was accepted under: a version in force is never changed."""
    key = f"matters.process.{matter.version_id}"
    return remember(key, KEEP_SECONDS, lambda: Guide(matter.version.content).process)


def no_unit(plan: StepPlan) -> Refused:
    """Nobody can do a step."""
    sentence = _("“%(step)s”没有可以承办的单位，请联系管理员。")
    return Refused("no_unit", sentence % {"step": plan.name})


def standing_unit(plan: StepPlan, division: int) -> Unit | None:
    """The unit of the level and kind a step names, or its substitute; None where neither stands."""
    depth = LEVELS[plan.level]
    place = ancestor(division, depth)
    wanted = (plan.unit, *SUBSTITUTES[depth])
    key = f"matters.unit.{place}.{plan.unit}"
    return remember(key, KEEP_SECONDS, lambda: _first_unit(place, wanted))


@dataclass(frozen=True)
class Variants:
    """The variants of an item for one person: her grade in force, which are open, which are not."""

    graded: PersonAssessment | None
    allowed: list[Variant]
    closed: list[Variant]

    @property
    def codes(self) -> set[str]:
        return {one.code for one in self.allowed}


def variants_for(guide: Guide, resident: Resident, on: date) -> Variants:
    """Which variants the grade of a person opens; no statement for an item without variants."""
    if not guide.variants:
        return Variants(None, [], [])
    found = grade_of(resident, on)
    grade = found.grade if found else ""
    allowed = [one for one in guide.variants if one.open_to(grade)]
    return Variants(found, allowed, [one for one in guide.variants if one not in allowed])


def _first_unit(place: int, wanted: tuple[str, ...]) -> Unit | None:
    units = Unit.objects.open().filter(division_id=place, code__in=wanted)
    offered = {unit.code: unit for unit in units}
    return next((offered[code] for code in wanted if code in offered), None)


def offered_in(item: ServiceItem, division: int) -> bool:
    """Whether a division offers an item: the nearest row up the tree decides; none means no."""
    rows = dict(
        Offering.objects.filter(
            item=item, division_id__in=[division, *ancestors(division)]
        ).values_list("division_id", "offered")
    )
    return rows[max(rows)] if rows else False


def missing_categories(division: int) -> list[Category]:
    """The categories in which a community offers nothing: SVC-01 asks for ten of ten."""
    offered = {
        item.category_id for item in ServiceItem.objects.public() if offered_in(item, division)
    }
    return [one for one in Category.objects.all() if one.pk not in offered]


def search_items(text: str, limit: int = 30) -> list[ServiceItem]:
    """Items whose title or key words hold the words asked for; common ones first."""
    words = clean_text(text).lower()
    items = ServiceItem.objects.public().select_related("category")
    if not words:
        return list(items.filter(common=True)[:limit])
    found = items.filter(tokens__contains=bigrams(words) or [words])
    by_letters = items.filter(initials__contains=words) if words.isascii() else items.none()
    in_english = items.filter(title_en__icontains=words) if words.isascii() else items.none()
    ordered = [*found.order_by("-common", "pk")[:limit], *by_letters[:limit], *in_english[:limit]]
    return list(dict.fromkeys(ordered))[:limit]


@dataclass(frozen=True)
class Dial:
    """The deadline as the dial and the chips show it."""

    percent: int
    left: int
    unit: str
    tone: str
    due_at: datetime
    paused: bool


def dial(matter: Matter, now: datetime) -> Dial:
    """How much time of a matter is used and how much is left; tone: ok, warn, danger, done."""
    unit = TimeUnit(matter.limit_unit)
    until = matter.finished_at or now
    pauses = [(pause.started_at, pause.ended_at) for pause in matter.pauses.all()]
    share = used_share(matter.accepted_at, matter.due_at, until, pauses, calendar(), unit)
    return Dial(
        percent=min(100, int(share * 100)),
        left=remaining(matter.due_at, until, pauses, unit, calendar()),
        unit=unit,
        tone=tone_of(matter, now),
        due_at=matter.due_at,
        paused=matter.state in {State.PAUSED, State.CORRECTING},
    )


def tone_of(matter: Matter, now: datetime) -> str:
    """Green, amber or red as a word; the colour follows, never stands alone (SVC-23)."""
    if not matter.is_open:
        return "done"
    if matter.state not in RUNNING:
        return "paused"
    if now > matter.due_at:
        return "danger"
    return "warn" if now >= matter.amber_at else "ok"


def reached_number(number: str) -> str:
    """The matter a plain number leads to: the first part of a whole, or the one it was merged into."""
    rows = Matter.objects.filter(Q(number=number) | Q(bundle_case__number=number)).order_by("pk")
    found = rows.values_list("number", "merged_into__number").first()
    return str(found[1] or found[0]) if found else number


def find_tracked(number: str, last_four: str) -> Matter | None:
    """The matter for a number and the last four digits of the phone; None when they disagree.

    Raises InvalidNumber for a mistyped number, Refused while the matter is locked.
    """
    reached = reached_number(numbers.parse(number))
    matter = Matter.objects.select_related("resident").filter(number=reached).first()
    if matter is None:
        return None
    until = matter.tracking_locked_until
    if until and until > timezone.now():
        raise Refused(
            "tracking_locked",
            _("尾号多次不符，%(time)s 之后才能再查。您也可以打社区电话询问。")
            % {"time": timezone.localtime(until).strftime("%H:%M")},
        )
    digits = clean_text(last_four)
    agent = matter.agent_phone or ""
    right = matter.resident.phone_last4_matches(digits) or (
        len(digits) == 4 and agent.endswith(digits)
    )
    return matter if right else None


def tracking_tries_left(number: str) -> int:
    """How many wrong tries a matter still allows before it is locked."""
    used = Matter.objects.filter(number=number).values_list("tracking_failures", flat=True).first()
    return max(0, int(parameter("matters.tracking_tries")) - (used or 0))


# ---------- what pages show beside a matter ----------


def with_people(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """Matters with what a line of a list shows: person, address, and `active_steps` (two statements)."""
    active = Step.objects.active().select_related("unit")
    return rows.select_related(
        "resident__dwelling", "division", "item__category", "acceptor_unit"
    ).prefetch_related(Prefetch("steps", active, to_attr="active_steps"))


def with_file(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """Matters with everything the page of one shows: person, steps, pauses, materials, result."""
    steps = Step.objects.select_related("unit", "handler__user", "rule")
    asked = Opinion.objects.filter(matter=OuterRef("pk"))
    return (
        rows.select_related(
            "item__category",
            "version",
            "division",
            "resident__dwelling",
            "resident__division",
            "acceptor_unit",
            "acceptor_post__user",
            "result__unit",
            "result__handover",
            "rating",
            "correction",
            "merged_into",
            "bundle_case__bundle",
        )
        .annotate(has_opinions=Exists(asked))
        .prefetch_related(
            Prefetch("steps", steps),
            "pauses",
            "extensions",
            "materials",
            "events",
        )
    )


def opinions_of(matter: Matter) -> list[Opinion]:
    """What units were asked on a matter, read once; most matters ask nobody and cost nothing."""
    kept: list[Opinion] | None = getattr(matter, "opinions_read", None)
    if kept is None:
        asked = getattr(matter, "has_opinions", True)
        kept = list(matter.opinions.select_related("unit", "step")) if asked else []
        matter.opinions_read = kept  # type: ignore[attr-defined]
    return kept


def elsewhere(rows: QuerySet[Matter], unit: int | None) -> QuerySet[Matter]:
    """Of matters, the open ones a unit has a part in and which now lie with others."""
    ours = Step.objects.active().filter(unit_id=unit or 0).values("matter")
    return rows.open().filter(units__contains=[unit or 0]).exclude(pk__in=ours)  # type: ignore[attr-defined,no-any-return]


def guides_in_force(items: Sequence[ServiceItem], on: date) -> dict[int, ServiceVersion]:
    """The version in force of each item, by item."""
    rows = ServiceVersion.objects.in_force(on).filter(item__in=items).order_by("number")
    return {version.item_id: version for version in rows}


def offered_items(items: Sequence[ServiceItem], division: int) -> dict[int, bool]:
    """Which of some items a division offers; an item without any row is absent."""
    places = [*ancestors(division), division]
    rows = Offering.objects.filter(item__in=items, division_id__in=places).order_by("division_id")
    return {row.item_id: row.offered for row in rows}


@dataclass(frozen=True)
class Completeness:
    """How many communities offer all categories, and for each other one what it offers and lacks."""

    communities: int
    categories: int
    lacking: list[tuple[Division, int, list[Category]]]

    @property
    def complete(self) -> int:
        return self.communities - len(self.lacking)


def completeness(division: int) -> Completeness:
    """Every community of a division against the ten categories, in four statements (SVC-01)."""
    below = Division.objects.under(division).current().served().filter(level=Level.COMMUNITY)
    communities = list(below.only("key", "name", "name_en"))
    categories = list(Category.objects.all())
    items = dict(ServiceItem.objects.public().values_list("pk", "category_id"))
    rows: dict[int, dict[int, bool]] = {}
    told = Offering.objects.filter(item__in=items).values_list("division_id", "item_id", "offered")
    for place, item, offered in told:
        rows.setdefault(place, {})[item] = offered
    lacking = []
    for community in communities:
        found = _categories_of(community.pk, items, rows)
        missing = [one for one in categories if one.pk not in found]
        if missing:
            lacking.append((community, len(categories) - len(missing), missing))
    return Completeness(len(communities), len(categories), lacking)


def _categories_of(
    place: int, items: Mapping[int, str], rows: Mapping[int, Mapping[int, bool]]
) -> set[str]:
    """The nearest row up the tree decides for each item: rows further down are read later."""
    state: dict[int, bool] = {}
    for key in [*ancestors(place), place]:
        state |= rows.get(key, {})
    return {items[item] for item, offered in state.items() if offered}


def open_same(resident: Resident, items: Sequence[ServiceItem]) -> QuerySet[Matter]:
    """Open matters of one person about some items, the latest first: the clerk continues them."""
    rows = Matter.objects.open().filter(resident=resident, item__in=items)
    return rows.select_related("acceptor_unit", "item").order_by("-accepted_at")
