"""Opening a hall, drawing and calling numbers. Two windows never get the same number (SVC-20)."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.models import Unit
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.queues.models import HallDay, Line, Ticket, Window
from yiwang.queues.reads.hall import most_in_a_row
from yiwang.queues.rules.hall import (
    AT_A_WINDOW,
    PRIORITY_LETTER,
    Claim,
    State,
    claim_by_age,
    number_text,
    place_after,
    priority_is_next,
    run_after,
)
from yiwang.queues.rules.lines import lines_on_offer
from yiwang.residents.models import Resident
from yiwang.residents.reads import living


@act("queues.open")
def open_day(unit: Unit, *, letters: Sequence[str], windows: int, by: Any) -> HallDay:
    """Open the hall for today with some lines of business and a number of windows."""
    day = timezone.localdate(moment())
    offered = lines_on_offer()
    chosen = sorted(set(letters))
    if not chosen or set(chosen) - set(offered):
        raise Refused("lines", _("请至少选一项业务。"), {"letters": _("请至少选一项业务。")})
    most = int(parameter("queues.most_windows", division=unit.division_id))
    if not 1 <= windows <= most:
        text = _("窗口数应为 1 至 %(most)s。") % {"most": most}
        raise Refused("windows", text, {"windows": text})
    if HallDay.objects.filter(unit=unit, on=day).exists():
        raise Refused("open_already", _("这个大厅今天已经开过厅了。"))
    made = HallDay.objects.create(
        division_id=unit.division_id, unit=unit, on=day, opened_at=moment()
    )
    Line.objects.bulk_create(
        Line(
            day=made, letter=one.letter, name=one.name, name_en=one.name_en,
            categories=list(one.categories),
        )
        for one in map(offered.__getitem__, chosen)
    )  # fmt: skip
    Window.objects.bulk_create(
        Window(day=made, division_id=made.division_id, number=number, letters=chosen)
        for number in range(1, windows + 1)
    )
    note(lines=chosen, windows=windows)
    return made


@act("queues.open")
def close_day(day: HallDay, *, by: Any) -> HallDay:
    """End the day; who still waits has not been served, and the figures say so."""
    lock(day)
    if not day.is_open:
        raise Refused("closed", _("大厅已经闭厅。"))
    if Ticket.objects.filter(day=day, state__in=AT_A_WINDOW).exists():
        raise Refused("at_a_window", _("还有号在窗口办理，办完再闭厅。"))
    now = moment()
    waiting = Ticket.objects.filter(day=day, state=State.WAITING)
    left = waiting.update(state=State.LEFT, ended_at=now, updated_at=now)
    Window.objects.filter(day=day).update(is_open=False, post=None, updated_at=now)
    day.closed_at = now
    day.save(update_fields=["closed_at", "updated_at"])
    note(left=left)
    return day


@act("queues.take")
def take_ticket(
    day: HallDay,
    *,
    letter: str,
    claim: str = Claim.NONE,
    resident: Resident | None = None,
    phone_tail: str = "",
    by: Any,
) -> Ticket:
    """Draw a number. The age of a known resident decides by itself; other claims are looked at."""
    lock(day)
    _must_be_open(day)
    line = _line(day, letter)
    _must_be_welcome(day, line, resident, phone_tail, claim)
    known = _claim_of(day, resident)
    reason = known or Claim(claim)
    ticket = _drawn(day, line, priority=bool(reason))
    ticket.claim, ticket.checked = reason, bool(known)
    ticket.resident, ticket.phone_tail = resident, phone_tail
    ticket.save()
    note(number=ticket.number)
    return ticket


def _must_be_welcome(
    day: HallDay, line: Line, resident: Resident | None, phone_tail: str, claim: str
) -> None:
    if claim not in Claim.values:
        raise Refused("claim", _("没有这种优先理由。"), {"claim": _("没有这种优先理由。")})
    if phone_tail and not re.fullmatch("[0-9]{4}", phone_tail):
        text = _("请写手机号的后四位数字，或者不填。")
        raise Refused("phone_tail", text, {"phone_tail": text})
    if resident is not None and resident.pk not in living([resident.pk]):
        text = _("这位居民%(state)s，不能以他的名义取号。") % {
            "state": resident.get_state_display()
        }
        raise Refused("not_live", text, {"resident": text})
    waiting = Ticket.objects.filter(day=day, state=State.WAITING)
    if waiting.count() >= int(parameter("queues.most_waiting", division=day.division_id)):
        raise Refused("full", _("今天等候的人已满，请改日再来，或请大厅工作人员帮忙。"))
    held = waiting.filter(resident=resident, line=line).first() if resident else None
    if held:
        raise Refused(
            "has_one", _("这位居民已经有号 %(number)s，正在等候。") % {"number": held.number}
        )


def _claim_of(day: HallDay, resident: Resident | None) -> Claim:
    """What the register says."""
    if resident is None:
        return Claim.NONE
    age = int(parameter("queues.priority_age", division=day.division_id))
    return claim_by_age(resident.age(day.on), age)


def _drawn(day: HallDay, line: Line, *, priority: bool) -> Ticket:
    """The next number of the line, or of the priority numbers of the day; the day is locked."""
    day.drawn += 1
    if priority:
        day.priority_drawn += 1
        number = number_text(PRIORITY_LETTER, day.priority_drawn)
    else:
        line.drawn += 1
        line.save(update_fields=["drawn", "updated_at"])
        number = number_text(line.letter, line.drawn)
    day.save(update_fields=["drawn", "priority_drawn", "updated_at"])
    return Ticket(
        division_id=day.division_id, day=day, line=line, number=number, priority=priority,
        place=Ticket.place_of(day.drawn), taken_at=moment(),
    )  # fmt: skip


@act("queues.call")
def open_window(window: Window, *, letters: Sequence[str], by: Any) -> Window:
    """Sit down at a window and say which lines it calls."""
    lock(window)
    _must_be_open(window.day)
    offered = set(window.day.lines.values_list("letter", flat=True))
    chosen = sorted(set(letters))
    if not chosen or set(chosen) - offered:
        text = _("请至少选一项今天开的业务。")
        raise Refused("lines", text, {"letters": text})
    window.letters, window.post_id, window.is_open = chosen, by.post_id, True
    window.save(update_fields=["letters", "post", "is_open", "updated_at"])
    note(lines=chosen)
    return window


@act("queues.call")
def close_window(window: Window, *, by: Any) -> Window:
    """Leave a window; not while a number stands at it."""
    lock(window)
    _must_be_free(window)
    window.is_open, window.post, window.run = False, None, 0
    window.save(update_fields=["is_open", "post", "run", "updated_at"])
    return window


@act("queues.call")
def call_next(window: Window, *, by: Any) -> Ticket:
    """The next number for this window, by the fair order; no other window can get the same."""
    lock(window)
    _must_be_open(window.day)
    if not window.is_open:
        raise Refused("window_closed", _("请先开窗口，再叫号。"))
    _must_be_free(window)
    now = moment()
    ticket = _next(window, now)
    if ticket is None:
        raise Refused("nobody", _("这个窗口的业务现在没有人等候。"))
    if ticket.due_at is None:
        window.run = run_after(window.run, ticket.priority)
        window.save(update_fields=["run", "updated_at"])
    ticket.move_to(State.CALLED, now)
    ticket.window, ticket.called_at = window, now
    ticket.first_called_at = ticket.first_called_at or now
    ticket.calls += 1
    ticket.save()
    note(number=ticket.number, window=window.number)
    return ticket


def _next(window: Window, now: datetime) -> Ticket | None:
    """Whose appointment has come; else priority and ordinary in turn; else who is early."""
    waiting = Ticket.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        day_id=window.day_id, state=State.WAITING, line__letter__in=window.letters
    )
    booked = waiting.filter(due_at__isnull=False).order_by("due_at", "pk")
    walked = waiting.filter(due_at__isnull=True).order_by("place", "pk")
    first = priority_is_next(window.run, most_in_a_row(window.division_id))
    return (
        booked.filter(due_at__lte=now).first()
        or walked.filter(priority=first).first()
        or walked.filter(priority=not first).first()
        or booked.first()
    )


@act("queues.call")
def call_again(ticket: Ticket, *, by: Any) -> Ticket:
    """Call the same number once more: it comes to the top of the screen and is read out."""
    lock(ticket)
    _must_stand(ticket, State.CALLED)
    ticket.called_at = moment()
    ticket.calls += 1
    return _kept(ticket)


@act("queues.call")
def mark_absent(ticket: Ticket, *, by: Any) -> Ticket:
    """Nobody came: the number waits behind a few others; after the last time it ends."""
    lock(ticket)
    _must_stand(ticket, State.CALLED)
    ticket.absences, ticket.due_at = ticket.absences + 1, None
    if ticket.absences >= int(parameter("queues.absent_times", division=ticket.division_id)):
        ticket.move_to(State.ABSENT, moment())
        return _kept(ticket)
    others = Ticket.objects.filter(
        day_id=ticket.day_id, line_id=ticket.line_id, priority=ticket.priority, state=State.WAITING
    )
    places = list(others.order_by("place", "pk").values_list("place", flat=True))
    last = Ticket.objects.filter(day_id=ticket.day_id).aggregate(last=Max("place"))["last"]
    behind = int(parameter("queues.absent_others", division=ticket.division_id))
    ticket.place = place_after(places, behind, last)
    return _back_to_wait(ticket)


@act("queues.call")
def start_service(ticket: Ticket, *, by: Any) -> Ticket:
    """The person is at the window, and a claim of priority was looked at."""
    lock(ticket)
    now = moment()
    ticket.move_to(State.SERVING, now)
    ticket.started_at, ticket.checked = now, ticket.checked or ticket.priority
    return _kept(ticket)


@act("queues.call")
def finish_service(ticket: Ticket, *, by: Any) -> Ticket:
    """Done; the window is free for the next number."""
    lock(ticket)
    ticket.move_to(State.SERVED, moment())
    return _kept(ticket)


@act("queues.call")
def hand_on_ticket(ticket: Ticket, *, letter: str, by: Any) -> Ticket:
    """Wrong line: the number keeps its place by the time it was drawn, in another line."""
    lock(ticket)
    _must_stand(ticket, *AT_A_WINDOW)
    line = _line(ticket.day, letter)
    if line.pk == ticket.line_id:
        text = _("这个号本来就在这项业务里。")
        raise Refused("same_line", text, {"letter": text})
    note(number=ticket.number, before=ticket.line.letter, after=letter)
    ticket.line = line
    return _back_to_wait(ticket)


@act("queues.call")
def deny_priority(ticket: Ticket, *, by: Any) -> Ticket:
    """The claim was looked at and does not hold: an ordinary number, at the place it was drawn."""
    lock(ticket)
    _must_stand(ticket, State.CALLED)
    if not ticket.priority or ticket.checked:
        raise Refused("no_claim", _("这个号没有待核对的优先理由。"))
    ticket.priority, ticket.checked = False, True
    return _back_to_wait(ticket)


def _back_to_wait(ticket: Ticket) -> Ticket:
    ticket.move_to(State.WAITING, moment())
    ticket.window, ticket.started_at = None, None
    return _kept(ticket)


def _kept(ticket: Ticket) -> Ticket:
    ticket.save()
    note(number=ticket.number)
    return ticket


def _line(day: HallDay, letter: str) -> Line:
    line = day.lines.filter(letter=letter).first()
    if line is None:
        text = _("今天没有开这项业务。")
        raise Refused("no_line", text, {"letter": text})
    return line


def _must_be_open(day: HallDay) -> None:
    if not day.is_open:
        raise Refused("closed", _("大厅今天已经闭厅。"))
    if day.on != timezone.localdate(moment()):
        raise Refused("past", _("这是以前的排队，不能再取号或叫号。"))


def _must_be_free(window: Window) -> None:
    held = Ticket.objects.filter(window=window, state__in=AT_A_WINDOW).first()
    if held:
        raise Refused("busy", _("%(number)s 还在窗口，请先办结或过号。") % {"number": held.number})


def _must_stand(ticket: Ticket, *states: State) -> None:
    if ticket.state not in states:
        raise Refused(
            "not_now",
            _("%(number)s 现在是“%(state)s”，不能这样操作。")
            % {"number": ticket.number, "state": ticket.get_state_display()},
        )
