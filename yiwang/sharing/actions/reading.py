"""Reads by the holder of an agreement: answered inside it, counted, told to every person (INF-10)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note, record_line, record_lines
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.residents.models import Resident
from yiwang.sharing.models import Agreement, Member, Reading, SharedFile
from yiwang.sharing.reads import Given, changes_since, given_of, persons_of
from yiwang.sharing.reads.inside import meant_by
from yiwang.sharing.rules.states import State
from yiwang.tags.models import TagKind

from .telling import bring_up_to

Kind = Reading.Kind
P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", Agreement, SharedFile)


def on_record(
    read: Callable[Concatenate[S, P], R],
) -> Callable[Concatenate[S, P], R]:
    """A read that is refused leaves a line as well: who asked, of which agreement, what for, why.

    It stands outside the act, whose own line is taken back with it.
    """

    @wraps(read)
    def asked(subject: S, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return read(subject, *args, **kwargs)
        except Refused as refusal:
            by: Any = kwargs["by"]
            tell_refused(subject, refusal, by, did=read.__name__)
            raise

    return cast("Callable[Concatenate[S, P], R]", asked)


def tell_refused(subject: Agreement | SharedFile, refusal: Refused, by: Actor, *, did: str) -> None:
    """The journal line of a read that was refused; nothing of what was asked for stands in it."""
    agreement = subject if isinstance(subject, Agreement) else subject.agreement
    facts = {
        "did": did, "agreement": agreement.pk, "unit": agreement.unit_id,
        "state": agreement.state, "purpose": agreement.purpose, "why": refusal.code,
    }  # fmt: skip
    record_line("sharing.refused", agreement, by, facts)


@dataclass(frozen=True)
class Answer:
    """What a read gave, with the cursor to go on from."""

    rows: list[Given]
    cursor: int = 0
    more: bool = False
    left: Sequence[Member] = ()


@on_record
@act("sharing.read")
def query_person(agreement: Agreement, *, text: str, by: Actor) -> Answer:
    """The people inside the agreement whom an identity number, telephone or whole name means.

    Somebody outside it is not found, and not told from nobody; the journal says that one asked.
    Raises Refused: not_yours, suspended, run_out, not_granted, no_text.
    """
    must_be_readable(agreement, by)
    wanted = meant_by(text)
    if wanted is None:
        sentence = _("请写身份证号、电话或完整姓名。")
        raise Refused("no_text", sentence, {"text": sentence})
    most = int(parameter("sharing.query_rows"))
    people = persons_of(agreement, by, timezone.localdate(moment())).filter(wanted)
    return Answer(give(agreement, _loaded(people.order_by("pk")[:most]), Kind.QUERY, by))


@on_record
@act("sharing.read")
def list_persons(agreement: Agreement, *, after: int, limit: int, by: Actor) -> Answer:
    """Everybody inside the agreement, page by page in the order of their numbers.

    Raises Refused as `query_person`.
    """
    must_be_readable(agreement, by)
    people = persons_of(agreement, by, timezone.localdate(moment())).filter(pk__gt=after)
    found = _loaded(people.order_by("pk")[: limit + 1])
    rows = give(agreement, found[:limit], Kind.LIST, by)
    return Answer(rows, rows[-1].resident.pk if rows else after, len(found) > limit)


@on_record
@act("sharing.read")
def read_changes(agreement: Agreement, *, after: int, limit: int, by: Actor) -> Answer:
    """Who came in, changed or left since a cursor: people as they stand now, and whom to delete.

    What arrived within the last `sharing.settle_minutes` comes with the next call. Raises Refused
    as `query_person`.
    """
    must_be_readable(agreement, by)
    lock(agreement)
    bring_up_to(
        agreement, moment() - timedelta(minutes=int(parameter("sharing.settle_minutes"))), by
    )
    found = changes_since(agreement, after=after, limit=limit)
    rows = give(agreement, found.people, Kind.CHANGES, by)
    note(left=len(found.left))
    told = Resident.objects.filter(pk__in=[one.person for one in found.left])
    facts = {"agreement": agreement.pk, "purpose": agreement.purpose, "kind": "left"}
    record_lines("sharing.given", told, by, facts)
    return Answer(rows, found.cursor, found.more, found.left)


def must_be_readable(agreement: Agreement, by: Actor) -> None:
    """The holder reads, while the agreement is in force. Raises Refused."""
    if agreement.unit_id != by.unit_id:
        raise Refused("not_yours", _("只有协议的使用单位可以读取。"))
    if agreement.state == State.SUSPENDED:
        raise Refused("suspended", _("这份协议已暂停，恢复前不能读取。"))
    if agreement.state != State.IN_FORCE:
        raise Refused("not_granted", _("这份协议没有生效，不能读取。"))
    if agreement.ends_on < timezone.localdate(moment()):
        raise Refused("run_out", _("协议已到期，请先申请续期。"))
    if TagKind.objects.visible_to(by).filter(code__in=agreement.tags).count() < len(agreement.tags):
        raise Refused("hidden_tag", _("这份协议按敏感人群选人，您的岗位不能读取。"))


def give(agreement: Agreement, people: Iterable[Resident], kind: str, by: Actor) -> list[Given]:
    """What the agreement gives of these people; counted once, and one journal line a person."""
    rows = given_of(agreement, people, timezone.localdate(moment()))
    Reading.objects.create(
        agreement=agreement, version=agreement.version, kind=kind, found=len(rows),
        by_label=by.label[:160],
    )  # fmt: skip
    note(kind=kind, version=agreement.version, found=len(rows))
    facts = {
        "agreement": agreement.pk, "fields": agreement.fields, "purpose": agreement.purpose,
        "kind": kind,
    }  # fmt: skip
    record_lines("sharing.given", [one.resident for one in rows], by, facts)
    return rows


def _loaded(people: Iterable[Resident]) -> list[Resident]:
    return list(people.select_related("division", "dwelling"))  # type: ignore[attr-defined]
