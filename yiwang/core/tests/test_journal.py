"""The journal: one line an act, sealed, closed to the application, and provably whole."""

import pytest
from django.db import ProgrammingError, connections, transaction

from config.postgres import acting_as_owner
from tests.world import COMMUNITY, build_world
from yiwang.core.acts import act, circumstances, note
from yiwang.core.errors import Refused
from yiwang.core.jobs import seal_journal
from yiwang.core.models import JournalLine, JournalSeal
from yiwang.core.reads import verify_journal
from yiwang.divisions.models import Division


@act("matters.note")
def write_something(place: Division, *, text: str, by: object) -> Division:
    """A made-up act of the tests."""
    note(text=text)
    if text == "refused":
        raise Refused("no", "不行")
    return place


def write(world, text="一句话", times=1):
    for _time in range(times):
        write_something(world.place(COMMUNITY), text=text, by=world.network_admin)


def test_an_act_leaves_who_what_where_and_why(world):
    with circumstances(channel="page", address="127.0.0.1", reason="试一试"):
        write(world)
    line = JournalLine.objects.get(act="matters.note")
    assert (line.division_key, line.channel, line.address) == (COMMUNITY, "page", "127.0.0.1")
    assert line.reason == "试一试"
    assert "社区网络管理员" in line.by
    assert line.facts["text"] == "一句话"


def test_a_refused_act_leaves_nothing(world):
    with pytest.raises(Refused):
        write(world, "refused")
    assert not JournalLine.objects.filter(act="matters.note").exists()


def test_the_application_can_neither_change_nor_delete_a_line(world):
    write(world)
    lines = JournalLine.objects.filter(act="matters.note")
    for attempt in (lambda: lines.update(by="别人"), lines.delete):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            attempt()


def _committed(count):
    world = build_world()
    write(world, times=count)
    return world


def test_sealing_covers_every_line_once(committed_db):
    world = _committed(7)
    assert seal_journal() == JournalLine.objects.count()
    assert seal_journal() == 0
    write(world)
    assert seal_journal() == 1
    report = verify_journal()
    assert report.sound
    assert (report.seals, report.unsealed) == (2, 0)


def test_a_line_of_a_transaction_still_open_is_sealed_when_it_ends(committed_db):
    world = _committed(2)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "INSERT INTO core_journalline (at, act, by, subject_model, subject_id, facts, reason,"
                " channel, address) VALUES (now(), 'late', '', '', '', '{}', '', '', '')"
            )
            write(world)
            assert seal_journal() == JournalLine.objects.exclude(act="late").count()
            cursor.execute("COMMIT")
    finally:
        other.close()
    assert seal_journal() == 1
    report = verify_journal()
    assert (report.sound, report.unsealed) == (True, 0)


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE core_journalline SET reason = '另一个原因' WHERE id = %s",
        "DELETE FROM core_journalline WHERE id = %s",
    ],
    ids=["changed", "removed"],
)
def test_a_changed_line_is_named(committed_db, forgery):
    _committed(5)
    seal_journal()
    victim = JournalLine.objects.order_by("pk")[2].pk
    with acting_as_owner(committed_db), connections["default"].cursor() as cursor:
        cursor.execute(forgery, [victim])
    report = verify_journal()
    assert not report.sound
    assert report.broken_line == victim


def test_a_forged_seal_breaks_the_chain(committed_db):
    world = _committed(3)
    seal_journal()
    write(world)
    seal_journal()
    with acting_as_owner(committed_db), connections["default"].cursor() as cursor:
        first = JournalSeal.objects.order_by("pk")[0].pk
        cursor.execute(
            "UPDATE core_journalseal SET digest = decode(repeat('00', 32), 'hex') WHERE id = %s",
            [first],
        )
    assert not verify_journal().sound
