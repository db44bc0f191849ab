"""A million matters in the scratch database, for what is measured among them."""

from collections.abc import Mapping

from django.db import connection
from django.db.models import Model

from config.postgres import Site, acting_as_owner
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Event, Matter, Step
from yiwang.matters.reads import planned
from yiwang.residents.models import Resident

from .city import people_city

ITEM = "senior-allowance"
RARE = "高龄津贴补发"
BASE, NUMBER = 10_000_000, "9000000"


def _copied(model: type[Model], pk: int, changes: Mapping[str, str], source: str) -> str:
    """INSERT … SELECT of one row many times, some columns made anew."""
    columns = [str(field.column) for field in model._meta.concrete_fields]
    names = [one for one in columns if one != "id" or one in changes]
    cells = ", ".join(changes.get(name, f't."{name}"') for name in names)
    table, listed = model._meta.db_table, ", ".join(f'"{name}"' for name in names)
    return (
        f"INSERT INTO {table} ({listed}) SELECT {cells} FROM {table} t, {source} WHERE t.id = {pk}"
    )


def many_matters(site: Site, post: Post, count: int) -> Matter:
    """A city with so many matters besides the returned one, which went through the real acceptance.

    The others are copies of it, spread over the communities, their committees, the people and the
    days of a year, taken up after an hour and finished after three days; those of the last three
    days are being worked on. One in a hundred thousand has a title of its own (RARE).
    """
    first = _first(post)
    with acting_as_owner(site):
        _multiply(first, count)
    return first


def running_matters(site: Site, post: Post, count: int) -> Matter:
    """So many matters that wait for the same unit as the returned one, which was really accepted.

    Matter and step have the same key, from BASE on, and the number of a matter ends with it.
    """
    first = _first(post)
    step, event = first.steps.order_by("pk")[0], first.events.order_by("pk")[0]
    key = f"({BASE} + n)"
    with acting_as_owner(site), connection.cursor() as cursor:
        changes = {"id": key, "number": f"'{NUMBER}' || {key}", "accepted_at": "now()"}
        turns = f"generate_series(1, {count}) n"
        cursor.execute(_copied(Matter, first.pk, changes, turns))
        changes = {"id": key, "matter_id": key, "handler_id": "NULL"}
        cursor.execute(_copied(Step, step.pk, changes, turns))
        cursor.execute(_copied(Event, event.pk, {"matter_id": key}, turns))
        cursor.execute("ANALYZE matters_matter, matters_step, matters_event")
    return first


def _first(post: Post) -> Matter:
    people_city(200)
    person = Resident.objects.filter(division_id=post.division_id)[0]
    papers = [HandedIn(need.code) for need in planned(ITEM).guide.materials]
    return actions.accept_matter(
        post.division, item=ITEM, resident=person, answers={}, channel="window", materials=papers,
        by=Actor.of(post),
    )  # fmt: skip


def _multiply(first: Matter, count: int) -> None:
    step = first.steps.order_by("pk")[0]
    event = first.events.order_by("pk")[0]
    came = "(now() - interval '1 day' * (1 + n % 365) - interval '1 minute' * (n % 500))"
    made = f"m.number <> '{first.number}'"
    places = (
        "SELECT array_agg(u.division_id ORDER BY u.division_id), array_agg(u.id ORDER BY "
        "u.division_id) FROM accounts_unit u WHERE u.code = 'committee'"
    )
    people = "SELECT array_agg(id) FROM residents_resident"
    at = "1 + n % array_length(p.keys, 1)"
    with connection.cursor() as cursor:
        cursor.execute(
            _copied(
                Matter, first.pk,
                {
                    "number": "'9' || lpad(n::text, 14, '0')", "accepted_at": came,
                    "division_id": f"p.keys[{at}]", "accepted_in_id": f"p.keys[{at}]",
                    "units": f"ARRAY[p.units[{at}]]", "acceptor_unit_id": f"p.units[{at}]",
                    "acceptor_post_id": "NULL",
                    "resident_id": "r.keys[1 + n % array_length(r.keys, 1)]",
                    "title": f"CASE n % 100000 WHEN 0 THEN '{RARE}' ELSE t.title END",
                    "amber_at": f"{came} + interval '8 days'",
                    "due_at": f"{came} + interval '10 days'",
                    "state": "CASE WHEN n % 365 > 3 THEN 'finished' ELSE 'working' END",
                    "finished_at": f"CASE WHEN n % 365 > 3 THEN {came} + interval '3 days' END",
                },
                f"generate_series(1, {count}) n, ({places}) p(keys, units), ({people}) r(keys)",
            )
        )  # fmt: skip
        changes = {
            "matter_id": "m.id", "unit_id": "m.acceptor_unit_id", "state": "'done'", "done_at": "m.finished_at - interval '1 day'",
            "started_at": "m.accepted_at",
        }  # fmt: skip
        finished = f" AND {made} AND m.finished_at IS NOT NULL"
        cursor.execute(_copied(Step, step.pk, changes, "matters_matter m") + finished)
        changes = {
            "matter_id": "m.id", "division_id": "m.division_id", "unit_id": "m.acceptor_unit_id",
            "handler_id": "NULL", "started_at": "m.accepted_at",
            "amber_at": "m.amber_at", "due_at": "m.due_at",
        }  # fmt: skip
        running = f" AND {made} AND m.finished_at IS NULL"
        cursor.execute(_copied(Step, step.pk, changes, "matters_matter m") + running)
        for kind, at in (("accepted", "m.accepted_at"), ("taken", "m.accepted_at + interval '1 hour'")):  # fmt: skip
            changes = {"matter_id": "m.id", "kind": f"'{kind}'", "at": at}
            cursor.execute(_copied(Event, event.pk, changes, "matters_matter m") + f" AND {made}")
        cursor.execute("ANALYZE matters_matter, matters_step, matters_event")
