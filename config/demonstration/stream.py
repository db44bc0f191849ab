"""A living stream of matters: accepted over the last weeks and handled by the real acts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.reads import calendar
from yiwang.core.rules.calendar import BEIJING
from yiwang.divisions.models import Division
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Matter, ServiceItem, Step
from yiwang.matters.reads import planned
from yiwang.matters.rules import State, StepState
from yiwang.residents.models import Resident
from yiwang.residents.reads import dictionary, known_fields
from yiwang.residents.rules.dictionary import Field

from .people import Population
from .staff import YIJIAQIAO

CHANNELS = (("window", 52), ("visit", 18), ("web", 14), ("phone", 10), ("kiosk", 6))
OPINIONS = ("情况属实，同意上报。", "材料齐全，符合条件。", "已入户核实。", "同意。")
COMMENTS = ("办得快，谢谢。", "态度很好。", "少跑了一趟。", "", "", "")
COMPLAINTS = ("等得太久了。", "跑了两次才办好。")
DAYS_BACK = 45


@dataclass
class Stream:
    """Draws matters and carries them through their steps, in the time they would have taken."""

    people: Population
    posts: list[Post]
    now: datetime
    by_unit: dict[int, Actor] = field(default_factory=dict)
    near: list[Resident] = field(default_factory=list)

    def __post_init__(self) -> None:
        for post in self.posts:
            self.by_unit.setdefault(post.unit_id, Actor.of(post))
        self.leaders = [Actor.of(one) for one in self.posts if one.role == Role.LEADER]
        self.items = list(ServiceItem.objects.public().order_by("-common", "pk"))

    def flow(self, residents: list[Resident], size: int) -> Iterator[Matter]:
        """`size` matters of these residents, oldest first."""
        days = sorted(self._opening() for _ in range(size))
        self.near = [one for one in residents if one.division_id == YIJIAQIAO]
        for opened in days:
            resident = self._whose(residents)
            acceptor = self._acceptor(resident)
            if acceptor is not None:
                matter = self._accept(resident, acceptor, opened)
                self._carry(matter, acceptor, opened)
                yield matter

    def _whose(self, residents: list[Resident]) -> Resident:
        """Every third matter comes from the community whose log-in newcomers try first."""
        near = self.near if self.people.random.random() < 0.3 else []
        return self.people.random.choice(near or residents)

    def _opening(self) -> datetime:
        """A moment in office hours of the last weeks; today's ones lie before now."""
        draw, days = self.people.random, calendar()
        while True:
            day = timezone.localdate(self.now) - timedelta(
                days=int(draw.triangular(0, DAYS_BACK, 0))
            )
            if days.is_working_day(day):
                break
        clock = time(draw.choice((9, 10, 11, 14, 15, 16, 17)), draw.randrange(60))
        moment = datetime.combine(day, clock, BEIJING)
        return moment if moment < self.now else moment - timedelta(days=1)

    def _acceptor(self, resident: Resident) -> Actor | None:
        own = [a for a in self.by_unit.values() if a.division_id == resident.division_id]
        return next((a for a in own if a.has("matters.accept")), None)

    def _accept(self, resident: Resident, by: Actor, opened: datetime) -> Matter:
        draw = self.people.random
        common = draw.random() < 0.7
        item = draw.choice([one for one in self.items if one.common is common] or self.items)
        guide = planned(item.code, timezone.localdate(opened)).guide
        channel = draw.choices([c for c, _ in CHANNELS], [w for _, w in CHANNELS])[0]
        held = known_fields(resident, guide.fields, timezone.localdate(opened))
        told = self._told(code for code in guide.fields if code not in held)
        said = {**{code: one.value for code, one in held.items()}, **told}
        form = guide.form_for(said)
        answers = {code: text for code, text in said.items() if code in form}
        papers = [
            HandedIn(need.code, "waived" if need.held_as and draw.random() < 0.6 else "given")
            for need in guide.materials
        ]
        with circumstances(at=opened, channel="demonstration"):
            return actions.accept_matter(
                Division(pk=by.division_id),
                item=item.code,
                resident=resident,
                answers={**answers, "remarks": "演示"},
                asked=[code for code in told if code in form],
                channel=channel,
                materials=papers,
                by=by,
            )

    def _told(self, missing: Iterable[str]) -> dict[str, str]:
        """What the form asks because nobody knows it yet, answered as people would."""
        words = dictionary()
        asked = (words[code] for code in missing if code in words)
        return {one.code: said for one in asked if (said := self._answer(one))}

    def _answer(self, field: Field) -> str:
        draw = self.people.random
        if field.choices:
            return draw.choice(field.choices).code
        if field.type == "integer":
            return str(draw.randint(1, 4))
        if field.type == "money":
            return str(draw.randrange(800, 6000, 50))
        return draw.choice(("true", "false")) if field.type == "boolean" else ""

    def _carry(self, matter: Matter, acceptor: Actor, moment: datetime) -> None:
        """Walk the steps until the stream reaches now, or until someone lets it lie."""
        draw = self.people.random
        fresh = moment > self.now - timedelta(days=4)
        lazy = draw.random() < (0.4 if fresh else 0.08)
        while matter.state == State.WORKING:
            step = matter.steps.filter(state=StepState.ACTIVE).select_related("matter").first()
            if step is None or lazy:
                break
            moment = self._later(moment, step)
            if moment >= self.now:
                break
            with circumstances(at=moment, channel="demonstration"):
                goes_on = self._do(step, acceptor)
            matter.refresh_from_db()
            if not goes_on:
                break
        if matter.state == State.FINISHED and draw.random() < 0.6:
            self._rate(matter)
        elif lazy and moment < self.now - timedelta(days=2):
            with circumstances(at=self.now - timedelta(hours=draw.randint(2, 40))):
                actions.urge_matter(matter, text="居民来问进度，请尽快办理。", by=acceptor)

    def _later(self, moment: datetime, step: Step) -> datetime:
        """A share of the step's limit later, in working hours."""
        share = self.people.random.choice((0.1, 0.3, 0.5, 0.7, 0.9, 1.15))
        hours = step.limit_amount * (8 if step.limit_unit.endswith("days") else 1)
        return calendar().add_working_seconds(
            moment.astimezone(BEIJING), int(hours * share * 3600) + 600
        )

    def _do(self, step: Step, acceptor: Actor) -> bool:
        """One decision of the unit the step belongs to; False when the matter stops here."""
        draw, by = self.people.random, self.by_unit.get(step.unit_id)
        if by is None or not by.has("matters.handle"):
            return False
        actions.take_step(step, by=by)
        fate = draw.random()
        if fate < 0.05 and not hasattr(step.matter, "correction"):
            return self._return(step, by)
        if fate < 0.08:
            actions.pause_matter(step, kind="hearing", reason="依申请组织听证", by=by)
            return False
        once = not step.matter.extensions.exists()
        if fate < 0.11 and once and by.has("matters.extend"):
            actions.extend_matter(step, amount=3, reason="需向外地核查信息", by=by)
        others = step.matter.steps.exclude(pk=step.pk).exclude(state=StepState.DONE)
        if others.exists():
            actions.complete_step(step, opinion=draw.choice(OPINIONS), by=by)
            return True
        granted = step.kind not in {"decide", "deliver"} or draw.random() < 0.95
        text = (
            "经审核，符合条件，予以办理。"
            if granted
            else "经核实，家庭收入超过规定标准，不予办理。"
        )
        actions.finish_matter(step, granted=granted, text=text, by=by)
        return False

    def _return(self, step: Step, by: Actor) -> bool:
        needs = step.matter.version.guide.materials
        if not needs:
            return False
        item = {"kind": "material", "code": needs[-1].code, "name": needs[-1].name}
        actions.return_matter(step, items=[{**item, "wrong": "复印件不清晰"}], by=by)
        return False

    def _rate(self, matter: Matter) -> None:
        draw = self.people.random
        grade = draw.choices((5, 4, 3, 2, 1), (58, 27, 9, 4, 2))[0]
        finished = matter.finished_at or self.now
        rated = min(finished + timedelta(hours=draw.randint(2, 90)), self.now)
        comment = draw.choice(COMMENTS if grade > 2 else COMPLAINTS)
        with circumstances(at=rated, channel="demonstration"):
            actions.rate_matter(
                matter, grade=grade, comment=comment, by=Actor.public("matters.rate", label="居民")
            )
