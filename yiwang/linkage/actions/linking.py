"""A run over the register of an area: people entered twice become pairs to be looked at."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.divisions.rules import KeyRange, range_of
from yiwang.linkage.models import LinkRun, Pair
from yiwang.linkage.reads import Likeness, find_pairs, people_of
from yiwang.linkage.rules.model import current_model
from yiwang.linkage.rules.places import common_place
from yiwang.residents.models import Resident


@act("linkage.run")
def start_run(
    division: Division, *, engine: str = LinkRun.Engine.DUCKDB, background: bool = True, by: Actor
) -> LinkRun:
    """Look for people entered twice in an area; thresholds are those in force today.

    Raises Refused: unknown_engine, running (a run of the same area waits already).
    """
    if engine not in LinkRun.Engine.values:
        raise Refused("unknown_engine", _("没有这个引擎：%(engine)s。") % {"engine": engine})
    if LinkRun.objects.filter(division=division, state=LinkRun.State.WAITING).exists():
        raise Refused("running", _("这个地方的查重正在进行，完成后再开始。"))
    run = LinkRun.objects.create(
        division=division,
        engine=engine,
        version=current_model().version,
        lower=parameter("linkage.lower_percent"),
        upper=parameter("linkage.upper_percent"),
        by_user_id=by.user_id,
        by_post_id=by.post_id,
        by_label=by.label[:160],
    )
    if background:
        app.configure_task("linkage.carry_out").defer(run=run.pk)
    return run


@act("linkage.run")
def carry_out(run: LinkRun, *, by: Actor) -> LinkRun:
    """Compare everybody and keep the pairs; nobody is merged by a score.

    Answers given before stay; open pairs that are no longer alike go. Raises Refused wrong_state.
    """
    lock(run)
    if run.state != LinkRun.State.WAITING:
        raise Refused("wrong_state", _("这次查重已经结束。"))
    area = range_of(run.division_id)
    people = people_of(_live_in(area))
    found = find_pairs(people, lower=run.lower, engine=run.engine)
    run.people, run.pairs = people.height, _keep(run, area, found)
    run.state, run.finished_at = LinkRun.State.DONE, moment()
    run.save()
    note(people=run.people, pairs=run.pairs, engine=run.engine)
    return run


@act("linkage.run")
def fail_run(run: LinkRun, *, problem: str, by: Actor) -> LinkRun:
    """Nothing was kept; the page says why."""
    run.state, run.problem = LinkRun.State.FAILED, problem
    run.save()
    return run


def _live_in(area: KeyRange) -> QuerySet[Resident]:
    return Resident.objects.live().filter(division_id__range=(area.lo, area.hi))


def _keep(run: LinkRun, area: KeyRange, found: list[Likeness]) -> int:
    """Write the pairs that nobody has answered yet; gives how many are open."""
    within = Pair.objects.filter(
        left__division_id__range=(area.lo, area.hi), right__division_id__range=(area.lo, area.hi)
    )
    settled = within.exclude(answer__in=(Pair.Answer.OPEN, Pair.Answer.UNSURE))
    answered = set(settled.values_list("left_id", "right_id"))
    keys = {key for one in found for key in (one.left, one.right)}
    places = dict(Resident.objects.filter(pk__in=keys).values_list("pk", "division_id"))
    pairs = [
        Pair(
            run=run,
            division_id=common_place(places[one.left], places[one.right]),
            left_id=min(one.left, one.right),
            right_id=max(one.left, one.right),
            score=one.score,
            weight=one.weight,
            reasons=one.reasons,
        )
        for one in found
    ]
    open_pairs = [one for one in pairs if (one.left_id, one.right_id) not in answered]
    Pair.objects.bulk_create(
        open_pairs,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["left", "right"],
        update_fields=["run", "division", "score", "weight", "reasons", "updated_at"],
    )
    within.open().exclude(run=run).delete()
    return len(open_pairs)
