"""The rules run over a place: tags are set and ended with a trace, all in a few statements."""

from datetime import date

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, moment, note
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.tags.models import RuleRun, TagKind
from yiwang.tags.models.matching import Matching


@act("tags.recompute")
def recompute(division: Division, *, on: date | None = None, by: Actor) -> RuleRun:
    """Run every rule over a division and all below, as of a day; what expired or left ends too.

    Running twice changes nothing the second time. One run at a time: a second waits.
    """
    day = on or timezone.localdate(moment())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('yiwang.tags'))")
    work = Matching(division.area, day, _("规则"), lambda age: _years(age, day))
    counts: dict[str, list[int]] = {
        "left": [0, work.end_of_the_left()],
        "expired": [0, work.end_expired()],
    }
    kinds = list(TagKind.objects.current())
    if any(kind.the_rule.looks_at_homes for kind in kinds):
        elder, adult = _years("residents.elder_age", day), _years("residents.adult_age", day)
        work.gather_homes(elder=elder, adult=adult)
    for kind in kinds:
        counts[kind.code] = _run(work, kind)
    changed = {code: pair for code, pair in counts.items() if any(pair)}
    note(on=day, changed=changed)
    return RuleRun.objects.create(
        division=division,
        on=day,
        was_set=sum(pair[0] for pair in counts.values()),
        was_ended=sum(pair[1] for pair in counts.values()),
        counts=changed,
        by_label=by.label[:160],
    )


def _run(work: Matching, kind: TagKind) -> list[int]:
    rule, was_set, was_ended = kind.the_rule, 0, 0
    if rule.ends is not None:
        was_ended += work.end_matching(kind, rule.ends)
    if rule.sets is not None:
        was_ended += work.end_unmatched(kind, rule.sets)
        was_set += work.set_matching(kind, rule.sets)
    return [was_set, was_ended]


def _years(age: int | str, day: date) -> int:
    return age if isinstance(age, int) else int(parameter(age, on=day))
