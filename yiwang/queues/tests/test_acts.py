"""Opening, drawing, calling: done, refused, not allowed."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.world import BINCHA, STREET, build_world
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.core.reads import parameter
from yiwang.queues import actions
from yiwang.queues.models import Ticket
from yiwang.queues.reads import Queue, board_of, figures_by_line, standing_of, total_of
from yiwang.queues.rules import Claim, State
from yiwang.residents.actions import mark_deceased

from .conftest import draw, open_hall, serve, sit, window_clerk


@pytest.fixture
def stranger(world):
    return world.actor(Role.WINDOW, BINCHA, "service_centre", "外镇人")


@pytest.fixture
def looker(world):
    return world.actor(Role.COMMITTEE, 320613001001, "committee", "村委")


def refusal(work, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        work(*args, **kwargs)
    return caught.value.code


def test_a_clerk_opens_a_hall_with_lines_and_windows_and_the_journal_knows(day):
    assert [line.letter for line in day.lines.all()] == ["A", "B"]
    assert [one.number for one in day.windows.all()] == [1, 2]
    assert JournalLine.objects.get(act="queues.open").facts["windows"] == 2


def test_a_hall_opens_once_a_day_and_only_with_known_lines(world, day, clerk):
    unit = world.unit(STREET, "service_centre")
    again = {"letters": ["A"], "windows": 1, "by": clerk}
    assert refusal(actions.open_day, unit, **again) == "open_already"
    other = world.unit(STREET, "health")
    assert refusal(actions.open_day, other, **{**again, "letters": ["P"]}) == "lines"
    assert refusal(actions.open_day, other, **{**again, "windows": 0}) == "windows"


def test_another_town_and_a_mere_looker_may_not_open_draw_or_call(world, day, stranger, looker):
    window = day.windows.all()[0]
    ticket = draw(world, day)
    for by in (stranger, looker):
        with pytest.raises(PermissionDenied):
            actions.open_day(day.unit, letters=["A"], windows=1, by=by)
        with pytest.raises(PermissionDenied):
            actions.close_day(day, by=by)
        with pytest.raises(PermissionDenied):
            actions.take_ticket(day, letter="A", by=by)
        with pytest.raises(PermissionDenied):
            actions.open_window(window, letters=["A"], by=by)
        for act in (actions.call_next, actions.close_window):
            with pytest.raises(PermissionDenied):
                act(window, by=by)
        for step in (actions.call_again, actions.mark_absent, actions.start_service,
                    actions.finish_service, actions.deny_priority):  # fmt: skip
            with pytest.raises(PermissionDenied):
                step(ticket, by=by)
        with pytest.raises(PermissionDenied):
            actions.hand_on_ticket(ticket, letter="B", by=by)


def test_a_visitor_at_the_touch_screen_may_draw_but_nothing_else(day):
    visitor = Actor.public("queues.take")
    assert actions.take_ticket(day, letter="A", by=visitor).number == "A001"
    with pytest.raises(PermissionDenied):
        actions.close_day(day, by=visitor)


def test_numbers_run_by_line_and_priority_numbers_by_the_day(world, day):
    drawn = [draw(world, day, letter, claim=claim) for letter, claim in (
        ("A", ""), ("B", ""), ("A", "pregnant"), ("B", "soldier"), ("A", ""))]  # fmt: skip
    assert [one.number for one in drawn] == ["A001", "B001", "P001", "P002", "A002"]


def test_the_register_puts_an_elder_first_and_a_word_waits_for_a_look(world, day, resident):
    elder = draw(world, day, resident=resident)
    assert (elder.number, elder.claim, elder.checked) == ("P001", Claim.ELDER, True)
    disabled = draw(world, day, claim="disabled")
    assert (disabled.number, disabled.checked) == ("P002", False)
    resident.born_on, resident.birth_year = date(2000, 1, 1), 2000
    resident.save()
    assert draw(world, day, "B", resident=resident).number == "B001"


def test_a_number_is_refused_where_it_makes_no_sense(world, day, resident, clerk):
    assert refusal(draw, world, day, "E") == "no_line"
    assert refusal(draw, world, day, claim="king") == "claim"
    assert refusal(draw, world, day, phone_tail="88a0") == "phone_tail"
    draw(world, day, resident=resident)
    assert refusal(draw, world, day, resident=resident) == "has_one"
    actions.close_day(day, by=clerk)
    assert refusal(draw, world, day) == "closed"


def test_the_hall_takes_only_so_many(world, day, monkeypatch):
    monkeypatch.setattr(
        "yiwang.queues.actions.hall.parameter",
        lambda name, **more: 1 if name == "queues.most_waiting" else parameter(name, **more),
    )
    draw(world, day)
    assert refusal(draw, world, day) == "full"


def test_yesterday_is_closed_but_neither_draws_nor_calls(world, day, window, clerk):
    type(day).objects.filter(pk=day.pk).update(on=day.on - timedelta(days=1))
    assert refusal(draw, world, day) == "past"
    assert refusal(actions.call_next, window, by=clerk) == "past"
    assert actions.close_day(day, by=clerk).closed_at


def call_and_serve(window, by):
    ticket = actions.call_next(window, by=by)
    actions.finish_service(actions.start_service(ticket, by=by), by=by)
    return ticket.number


def test_a_window_calls_priority_first_and_an_ordinary_number_after_two(world, day, window, clerk):
    for claim in ("", "", "elder", "elder", "elder"):
        draw(world, day, claim=claim)
    order = [one.number for one in Queue.of(day).in_order()]
    called = [call_and_serve(window, clerk) for _turn in range(5)]
    assert called == order == ["P001", "P002", "A001", "P003", "A002"]
    assert refusal(actions.call_next, window, by=clerk) == "nobody"


def test_a_window_calls_only_its_lines_and_one_at_a_time(world, day, clerk):
    window = sit(world, day, letters="B")
    draw(world, day, "A")
    assert refusal(actions.call_next, window, by=clerk) == "nobody"
    draw(world, day, "B")
    actions.call_next(window, by=clerk)
    assert refusal(actions.call_next, window, by=clerk) == "busy"
    assert refusal(actions.close_window, window, by=clerk) == "busy"
    assert refusal(actions.close_day, day, by=clerk) == "at_a_window"


def test_a_window_opens_for_lines_of_the_day_and_rests(world, day, clerk):
    window = day.windows.all()[1]
    assert refusal(actions.call_next, window, by=clerk) == "window_closed"
    assert refusal(actions.open_window, window, letters=["E"], by=clerk) == "lines"
    actions.open_window(window, letters=["A"], by=clerk)
    assert window.post_id == clerk.post_id
    assert not actions.close_window(window, by=clerk).is_open


def test_the_database_itself_refuses_a_second_number_at_a_window(world, day, window, clerk):
    draw(world, day)
    second = draw(world, day)
    first = actions.call_next(window, by=clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=second.pk).update(
            state=State.CALLED, window=window, called_at=first.called_at
        )


def test_the_absent_come_back_after_three_others_and_end_the_second_time(world, day, window, clerk):
    for _turn in range(5):
        draw(world, day)
    first = actions.call_next(window, by=clerk)
    assert actions.call_again(first, by=clerk).calls == 2
    actions.mark_absent(first, by=clerk)
    called = [call_and_serve(window, clerk) for _turn in range(3)]
    assert called == ["A002", "A003", "A004"]
    again = actions.call_next(window, by=clerk)
    assert again.number == "A001"
    assert actions.mark_absent(again, by=clerk).state == State.ABSENT
    assert refusal(actions.call_again, again, by=clerk) == "not_now"
    assert refusal(actions.start_service, again, by=clerk) == "not_now"


def test_a_number_in_the_wrong_line_is_handed_on_and_keeps_its_turn(world, day, clerk):
    window, other = sit(world, day, letters="A"), sit(world, day, 2, letters="B")
    early = draw(world, day, "A")
    draw(world, day, "B")
    ticket = actions.call_next(window, by=clerk)
    assert refusal(actions.hand_on_ticket, ticket, letter="A", by=clerk) == "same_line"
    assert refusal(actions.hand_on_ticket, ticket, letter="E", by=clerk) == "no_line"
    actions.hand_on_ticket(ticket, letter="B", by=clerk)
    assert actions.call_next(other, by=clerk) == early
    waiting = draw(world, day, "A")
    assert refusal(actions.hand_on_ticket, waiting, letter="B", by=clerk) == "not_now"


def test_a_claim_that_does_not_hold_becomes_an_ordinary_number(world, day, window, clerk, resident):
    draw(world, day)
    draw(world, day, claim="soldier")
    ticket = actions.call_next(window, by=clerk)
    assert ticket.number == "P001"
    actions.deny_priority(ticket, by=clerk)
    assert [one.number for one in Queue.of(day).in_order()] == ["A001", "P001"]
    known = draw(world, day, resident=resident)
    assert actions.call_next(window, by=clerk) == known
    assert refusal(actions.deny_priority, known, by=clerk) == "no_claim"


def test_starting_counts_as_having_looked_and_finishing_frees_the_window(world, day, window, clerk):
    draw(world, day, claim="disabled")
    ticket = actions.call_next(window, by=clerk)
    assert refusal(actions.finish_service, ticket, by=clerk) == "not_now"
    assert actions.start_service(ticket, by=clerk).checked
    assert actions.finish_service(ticket, by=clerk).ended_at
    actions.close_window(window, by=clerk)


def test_the_same_key_twice_is_one_number(world, day):
    with circumstances(idempotency_key="tap-1"):
        first = draw(world, day)
    with circumstances(idempotency_key="tap-1"):
        second = draw(world, day)
    assert first.pk == second.pk


def test_the_wait_is_unknown_at_first_and_then_told_from_what_was_served(world, day, window):
    ticket = draw(world, day)
    assert not standing_of(ticket).wait.known
    Ticket.objects.all().delete()
    for minutes in (6, 6, 6, 6):
        serve(world, window, minutes)
    draw(world, day)
    standing = standing_of(draw(world, day))
    assert (standing.before, standing.wait.low, standing.wait.high) == (1, 6, 12)
    assert [one.wait.low for one in board_of(day).lines] == [12, 12]


def test_figures_count_what_happened_and_who_was_left(world, day, window, clerk):
    for waited in (2, 10, 30):
        serve(world, window, 5, waited)
    draw(world, day, "B")
    actions.close_day(day, by=clerk)
    total = total_of(type(day).objects.all())
    assert (total.drawn, total.served, total.left, total.median, total.longest) == (4, 3, 1, 10, 30)
    by_line = {line.letter: sums for line, sums in figures_by_line(day)}
    assert (by_line["A"].served, by_line["B"].left, by_line["B"].median) == (3, 1, None)


def test_two_windows_at_once_never_get_the_same_number(committed_db):
    world = build_world()
    day = open_hall(world, windows=2)
    windows = [sit(world, day, 1), sit(world, day, 2)]
    for _turn in range(4):
        draw(world, day)
    clerk, called, gate = window_clerk(world), [], Barrier(2)

    def work(window):
        try:
            for _turn in range(2):
                gate.wait(30)
                ticket = actions.call_next(window, by=clerk)
                called.append(ticket.number)
                actions.finish_service(actions.start_service(ticket, by=clerk), by=clerk)
        finally:
            connection.close()

    threads = [Thread(target=work, args=[one]) for one in windows]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(called) == ["A001", "A002", "A003", "A004"]


def test_a_number_being_called_elsewhere_is_stepped_over_not_waited_for(committed_db):
    """While one window's call is not yet committed, the other gets the next number at once."""
    world = build_world()
    day = open_hall(world, windows=2)
    windows = [sit(world, day, 1), sit(world, day, 2)]
    for _turn in range(2):
        draw(world, day)
    clerk, called = window_clerk(world), []

    def other():
        try:
            called.append(actions.call_next(windows[1], by=clerk).number)
        finally:
            connection.close()

    with transaction.atomic():
        called.append(actions.call_next(windows[0], by=clerk).number)
        thread = Thread(target=other)
        thread.start()
        thread.join(60)
        assert not thread.is_alive()
    assert called == ["A001", "A002"]


def test_nobody_draws_a_number_in_the_name_of_the_dead(world, day, resident):
    mark_deceased(resident, on=timezone.localdate(), by=world.network_admin)
    assert refusal(draw, world, day, resident=resident) == "not_live"
    assert not Ticket.objects.exists()
