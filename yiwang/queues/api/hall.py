"""The hall for other systems: touch screens, displays, appointment systems; same acts as the pages."""

from datetime import date, datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.queues import actions
from yiwang.queues.models import HallDay, Ticket, Window
from yiwang.queues.reads.hall import Board, board_of, day_of, figures_by_line, standing_of
from yiwang.queues.rules.hall import Claim
from yiwang.residents.models import Resident

router = Router()
Limit = Annotated[int, Field(ge=1, le=100)]


class HallLineOut(Schema):
    """A line of business of the day."""

    letter: str
    name: str
    name_en: str
    categories: list[str]


class HallWindowOut(Schema):
    """A window: the lines it calls, whether it is open."""

    id: int
    number: int
    letters: list[str]
    is_open: bool


class HallDayOut(Schema):
    """One day of a hall."""

    id: int
    division: int = Field(alias="division_id")
    unit: int = Field(alias="unit_id")
    on: date
    opened_at: datetime
    closed_at: datetime | None
    lines: list[HallLineOut]
    windows: list[HallWindowOut]

    @staticmethod
    def resolve_lines(day: HallDay) -> list[Any]:
        return list(day.lines.all())

    @staticmethod
    def resolve_windows(day: HallDay) -> list[Any]:
        return list(day.windows.all())


class OpenHallIn(Schema):
    """Which hall, which lines by letter, how many windows."""

    unit: int
    letters: list[str]
    windows: int = 1


class WaitOut(Schema):
    """Minutes from and to; null when it cannot be known."""

    low: int | None
    high: int | None


class TicketOut(Schema):
    """A number: nothing of the person."""

    id: int
    number: str
    line: str
    priority: bool
    claim: str
    state: str
    window: int | None
    taken_at: datetime
    called_at: datetime | None

    @staticmethod
    def resolve_line(ticket: Ticket) -> str:
        return ticket.line.letter

    @staticmethod
    def resolve_window(ticket: Ticket) -> int | None:
        return ticket.window.number if ticket.window else None


class DrawnOut(TicketOut):
    """A number with people before it and the expected wait."""

    before: int | None
    wait: WaitOut


class Tickets(Schema):
    """Some numbers, and the cursor of the next page."""

    tickets: list[TicketOut]
    next: str | None


class TakeTicketIn(Schema):
    """A number to draw; a resident's age decides by itself, other claims are looked at."""

    letter: str
    claim: Claim = Claim.NONE
    resident: int | None = None
    phone_tail: str = ""


class LettersIn(Schema):
    letters: list[str]


class LetterIn(Schema):
    letter: str


class LineFiguresOut(Schema):
    """A line's day; waits in minutes."""

    letter: str
    drawn: int
    first: int
    served: int
    absent: int
    left: int
    median: int | None
    longest: int | None


class LineWaitOut(Schema):
    letter: str
    waiting: int
    wait: WaitOut


class BoardOut(Schema):
    """What the screen shows."""

    called: list[TicketOut]
    following: list[str]
    lines: list[LineWaitOut]


def _day(request: StaffRequest, pk: int) -> HallDay:
    return get_object_or_404(HallDay.objects.visible_to(request.actor), pk=pk)


def _window(request: StaffRequest, pk: int) -> Window:
    return get_object_or_404(Window.objects.visible_to(request.actor), pk=pk)


def _ticket(request: StaffRequest, pk: int) -> Ticket:
    return get_object_or_404(Ticket.objects.visible_to(request.actor), pk=pk)


def _with_standing(ticket: Ticket) -> Ticket:
    standing = standing_of(ticket)
    ticket.before, ticket.wait = standing.before, standing.wait  # type: ignore[attr-defined]
    return ticket


@router.get("/days", response=list[HallDayOut], summary="大厅排队日 Days of halls")
@allowed("queues.view")
def days(
    request: StaffRequest, on: date | None = None, before: int | None = None, limit: Limit = 25
) -> Any:
    """Newest first; `before` a day's id for the next page."""
    rows = HallDay.objects.visible_to(request.actor)
    rows = rows.filter(on=on) if on else rows
    rows = rows.filter(pk__lt=before) if before else rows
    return rows.prefetch_related("lines", "windows").order_by("-pk")[:limit]


@router.post("/days", response={201: HallDayOut}, summary="开厅 Open a hall")
@allowed("queues.open")
def open_day(request: StaffRequest, body: OpenHallIn) -> Status[HallDay]:
    unit = get_object_or_404(Unit.objects.visible_to(request.actor), pk=body.unit)
    made = actions.open_day(unit, letters=body.letters, windows=body.windows, by=request.actor)
    return Status(201, made)


@router.get("/days/{pk}", response=HallDayOut, summary="一天的排队 One day")
@allowed("queues.view")
def one_day(request: StaffRequest, pk: int) -> HallDay:
    return _day(request, pk)


@router.post("/days/{pk}/close", response=HallDayOut, summary="闭厅 Close a hall")
@allowed("queues.open")
def close_day(request: StaffRequest, pk: int) -> HallDay:
    return actions.close_day(_day(request, pk), by=request.actor)


@router.get("/days/{pk}/figures", response=list[LineFiguresOut], summary="当天数字 Figures by line")
@allowed("queues.view")
def figures(request: StaffRequest, pk: int) -> list[dict[str, Any]]:
    found = figures_by_line(_day(request, pk))
    return [{"letter": line.letter, **vars(sums)} for line, sums in found]


@router.get("/days/{pk}/tickets", response=Tickets, summary="号码 Numbers")
@allowed("queues.view")
def tickets(
    request: StaffRequest, pk: int, state: str = "", after: int = 0, limit: Limit = 50
) -> dict[str, Any]:
    rows = Ticket.objects.visible_to(request.actor).filter(day=_day(request, pk), pk__gt=after)
    rows = rows.filter(state=state) if state else rows
    page = list(rows.select_related("line", "window").order_by("pk")[: limit + 1])
    more = str(page[limit - 1].pk) if len(page) > limit else None
    return {"tickets": page[:limit], "next": more}


@router.post("/days/{pk}/tickets", response={201: DrawnOut}, summary="取号 Draw a number")
@allowed("queues.take")
def take(request: StaffRequest, pk: int, body: TakeTicketIn) -> Status[Ticket]:
    """Send `Idempotency-Key`: the same key twice is the same number once."""
    people = Resident.objects.searchable_by(request.actor).live()
    resident = get_object_or_404(people, pk=body.resident) if body.resident else None
    said = body.dict(exclude={"resident"})
    made = actions.take_ticket(_day(request, pk), **said, resident=resident, by=request.actor)
    return Status(201, _with_standing(made))


@router.post("/windows/{pk}/open", response=HallWindowOut, summary="开窗口 Open a window")
@allowed("queues.call")
def open_window(request: StaffRequest, pk: int, body: LettersIn) -> Window:
    return actions.open_window(_window(request, pk), letters=body.letters, by=request.actor)


@router.post("/windows/{pk}/close", response=HallWindowOut, summary="停窗口 Close a window")
@allowed("queues.call")
def close_window(request: StaffRequest, pk: int) -> Window:
    return actions.close_window(_window(request, pk), by=request.actor)


@router.post("/windows/{pk}/call", response=TicketOut, summary="叫下一号 Call the next")
@allowed("queues.call")
def call(request: StaffRequest, pk: int) -> Ticket:
    return actions.call_next(_window(request, pk), by=request.actor)


@router.get("/tickets/{pk}", response=DrawnOut, summary="一个号 One number")
@allowed("queues.view")
def ticket(request: StaffRequest, pk: int) -> Ticket:
    return _with_standing(_ticket(request, pk))


@router.post("/tickets/{pk}/again", response=TicketOut, summary="再叫 Call again")
@allowed("queues.call")
def again(request: StaffRequest, pk: int) -> Ticket:
    return actions.call_again(_ticket(request, pk), by=request.actor)


@router.post("/tickets/{pk}/absent", response=TicketOut, summary="过号 Absent")
@allowed("queues.call")
def absent(request: StaffRequest, pk: int) -> Ticket:
    return actions.mark_absent(_ticket(request, pk), by=request.actor)


@router.post("/tickets/{pk}/start", response=TicketOut, summary="开始办理 Start")
@allowed("queues.call")
def start(request: StaffRequest, pk: int) -> Ticket:
    return actions.start_service(_ticket(request, pk), by=request.actor)


@router.post("/tickets/{pk}/finish", response=TicketOut, summary="办结 Finish")
@allowed("queues.call")
def finish(request: StaffRequest, pk: int) -> Ticket:
    return actions.finish_service(_ticket(request, pk), by=request.actor)


@router.post("/tickets/{pk}/deny", response=TicketOut, summary="不符合优先 Priority denied")
@allowed("queues.call")
def deny(request: StaffRequest, pk: int) -> Ticket:
    return actions.deny_priority(_ticket(request, pk), by=request.actor)


@router.post("/tickets/{pk}/hand-on", response=TicketOut, summary="转业务 Hand on")
@allowed("queues.call")
def hand_on(request: StaffRequest, pk: int, body: LetterIn) -> Ticket:
    return actions.hand_on_ticket(_ticket(request, pk), letter=body.letter, by=request.actor)


@router.get("/screen/{unit}", response=BoardOut, auth=None, summary="叫号屏 Calling screen")
def screen(request: StaffRequest, unit: int) -> dict[str, Any]:
    """What hangs on the wall; public."""
    hall = get_object_or_404(Unit.objects.public(), pk=unit)
    day = day_of(hall)
    board = board_of(day) if day and day.is_open else Board([], [], [], 0)
    return {
        "called": board.called,
        "following": [one.number for one in board.following],
        "lines": [
            {"letter": one.line.letter, "waiting": one.waiting, "wait": one.wait}
            for one in board.lines
        ],
    }
