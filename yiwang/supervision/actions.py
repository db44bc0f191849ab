"""Orders are issued, answered, sent back and closed; circulars compiled, edited, published."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import Unit, deadline
from yiwang.divisions.models import Division
from yiwang.matters.models import Event, Matter, Step
from yiwang.matters.rules import EventKind, StepState

from .models import Circular, Order, OrderState
from .reads import UnitFigures, figures


def _said(text: str, field: str = "text") -> str:
    """What was written; Refused when there is nothing."""
    if not text.strip():
        raise Refused("text_missing", _("请写明内容。"), {field: _("请写明内容。")})
    return text.strip()


@act("supervision.order")
def issue_order(step: Step, *, text: str, days: int, by: Actor) -> Order:
    """Urge the unit that holds a step to hurry and to answer within some working days."""
    lock(step.matter)
    step.refresh_from_db()
    text = _said(text)
    most = int(parameter("supervision.most_days"))
    if not 0 < days <= most:
        message = _("答复期限为 1 至 %(most)s 个工作日。") % {"most": most}
        raise Refused("days", message, {"days": message})
    if step.state != StepState.ACTIVE or not step.matter.is_open:
        raise Refused("not_running", _("这个环节已不在办理中，不用督办。"))
    if step.unit_id == by.unit_id:
        raise Refused("own_unit", _("不能给本单位发督办单，请由上级督办。"))
    if Order.objects.filter(step=step).exclude(state=OrderState.CLOSED).exists():
        raise Refused("ordered", _("这个环节已有督办单没有销号。"))
    now = moment()
    order = Order.objects.create(
        matter=step.matter,
        step=step,
        unit_id=step.unit_id,
        text=text[:500],
        issued_at=now,
        issued_by=by.label[:160],
        issuer_post_id=by.post_id,
        issued_in_id=by.division_id,
        answer_due_at=deadline(now, days, Unit.WORKING_DAYS, calendar()),
    )
    count = step.matter.events.filter(kind=EventKind.URGED).count() + 1
    due = order.answer_due_at.isoformat()
    Event.tell(
        step.matter, EventKind.URGED, by, text, shown=False, count=count, answer_due=due,
    )  # fmt: skip
    return order


def _locked(order: Order, *states: OrderState) -> Matter:
    lock(order)
    if order.state not in states:
        raise Refused(
            "wrong_state",
            _("督办单现在是“%(state)s”，不能这样办理。") % {"state": order.get_state_display()},
        )
    return order.matter


@act("supervision.answer")
def answer_order(order: Order, *, text: str, by: Actor) -> Order:
    """The unit says what was done and until when; only the unit that was asked answers."""
    matter = _locked(order, OrderState.OPEN)
    if by.unit_id != order.unit_id:
        message = _("督办单由%(unit)s答复。") % {"unit": order.unit.label}
        raise Refused("not_addressed", message)
    order.answer, order.state = _said(text)[:1000], OrderState.ANSWERED
    order.answered_at, order.answered_by = moment(), by.label[:160]
    order.save()
    Event.tell(matter, EventKind.NOTED, by, order.answer, shown=False, order=order.pk)
    return order


@act("supervision.order")
def return_order(order: Order, *, reason: str, by: Actor) -> Order:
    """Not content with the answer: the unit reads why and answers again, the limit as it was."""
    matter = _locked(order, OrderState.ANSWERED)
    _must_have_asked(order, by)
    order.returned = _said(reason, "reason")[:500]
    note(answer=order.answer, answered_at=order.answered_at)
    order.state, order.answer, order.answered_at, order.answered_by = OrderState.OPEN, "", None, ""
    order.save()
    Event.tell(matter, EventKind.URGED, by, order.returned, shown=False, order=order.pk)
    return order


@act("supervision.order")
def close_order(order: Order, *, by: Actor) -> Order:
    """Content with the answer; an order without an answer is never closed."""
    lock(order)
    if order.state == OrderState.OPEN:
        raise Refused("no_answer", _("被督办单位还没有答复，不能销号。"))
    _locked(order, OrderState.ANSWERED)
    _must_have_asked(order, by)
    order.state, order.closed_at, order.closed_by = OrderState.CLOSED, moment(), by.label[:160]
    order.save()
    return order


def _must_have_asked(order: Order, by: Actor) -> None:
    if by.unit_id == order.unit_id or not by.enter.holds(order.issued_in_id):
        raise Refused("not_issuer", _("督办单由发出的一级或它的上级销号或退回。"))


@act("supervision.publish")
def compile_circular(division: Division, *, first: date, last: date, by: Actor) -> Circular:
    """Draft the circular of a place over a period from the records, with a first text."""
    if last < first:
        message = _("结束日期不能早于开始日期。")
        raise Refused("period", message, {"last": message})
    if last > timezone.localdate(moment()):
        message = _("还没有过去的日期不能通报。")
        raise Refused("future", message, {"last": message})
    lines = figures(division.pk, first, last)
    place = {"place": division.name, "first": first.isoformat(), "last": last.isoformat()}
    return Circular.objects.create(
        division=division,
        first=first,
        last=last,
        title=(_("%(place)s办理时限情况通报") % place)[:120],
        text=_first_text(place, lines),
        figures=[line.kept() for line in lines],
        compiled_at=moment(),
        compiled_by=by.label[:160],
        unit_name=by.unit_name,
    )


def _first_text(place: dict[str, str], lines: list[UnitFigures]) -> str:
    done, late = sum(line.done for line in lines), sum(line.late for line in lines)
    told = sum(sum(line.stages.values()) for line in lines)
    share = f"{100 * (done - late) / done:.1f}%" if done else "—"
    words = {**place, "done": done, "late": late, "share": share, "told": told}
    text = _(
        "%(first)s至%(last)s，%(place)s各单位完成办理环节%(done)s个，逾期%(late)s个，"
        "按时率%(share)s；因超时逐级上报%(told)s次。现将各单位情况通报如下。"
    )
    return text % words


def _draft(circular: Circular) -> None:
    lock(circular)
    if circular.published_at:
        raise Refused("published", _("通报已经印发，不能再改。"))


@act("supervision.publish")
def edit_circular(circular: Circular, *, title: str, text: str, by: Actor) -> Circular:
    """Title and text of a draft; the figures are those of the records."""
    _draft(circular)
    note(before={"title": circular.title, "text": circular.text})
    circular.title, circular.text = _said(title, "title")[:120], _said(text)[:4000]
    circular.save()
    return circular


@act("supervision.publish")
def publish_circular(circular: Circular, *, by: Actor) -> Circular:
    """From now on every unit of the place reads it; it can no longer be changed."""
    _draft(circular)
    circular.published_at, circular.published_by = moment(), by.label[:160]
    circular.save()
    return circular


@act("supervision.publish")
def discard_circular(circular: Circular, *, by: Actor) -> Division:
    """Throw a draft away; the journal keeps what it said."""
    _draft(circular)
    note(circular=circular.pk, title=circular.title, first=circular.first, last=circular.last)
    division = circular.division
    circular.delete()
    return division
