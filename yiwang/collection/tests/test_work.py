"""Collection work from the order to the register (INF-06)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import COMMUNITY, LAN, NEIGHBOUR
from yiwang.accounts.models import Post
from yiwang.collection import actions
from yiwang.collection.models import Campaign, ExtraAnswer, Item, Submission
from yiwang.collection.reads.progress import by_worker
from yiwang.collection.reads.sheet import sheet_of
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.core.reads import calendar
from yiwang.core.rules.calendar import Unit, deadline
from yiwang.residents.actions import add_resident
from yiwang.residents.models import LifeState, Resident, SourceRecord
from yiwang.residents.reads import known_fields

from .place import checker, form_for, items_of, opened, phone, settle, settled, task_of, worker

TODAY = timezone.localdate


def filled(item, by, key="", **values):
    item.refresh_from_db()
    return actions.fill_item(
        item, key=key or f"k{item.pk}.{item.version}", answers=form_for(item, **values),
        base=item.version, by=by,
    )  # fmt: skip


def submitted(world, campaign):
    for item in items_of(campaign):
        filled(item, worker(world))
    actions.submit_items(task_of(campaign), by=worker(world))


def test_an_order_becomes_a_task_with_one_form_a_household(world):
    settled(world, 12)
    campaign = opened(world)
    items = items_of(campaign)
    assert campaign.state == Campaign.State.OPEN
    assert task_of(campaign).division_id == COMMUNITY
    assert len(items) == 12
    assert {one.building for one in items} == {"南园新村1幢", "南园新村2幢"}
    assert campaign.due_at == deadline(
        campaign.created_at, campaign.limit_days, Unit.WORKING_DAYS, calendar()
    )


def test_nobody_is_asked_what_is_held_and_fresh(world):
    settled(world, 2)
    settle(world, 50)
    assert len(items_of(opened(world))) == 2
    with pytest.raises(Refused) as refusal:
        opened(world, fields=["born_on"])
    assert refusal.value.code == "nobody"


def test_ages_and_areas_narrow_the_list(world):
    people = settled(world, 50)
    elder = [one for one in people if (one.birth_year or 0) <= TODAY().year - 80]
    campaign = opened(world, age_from=80)
    assert {one.household_id for one in items_of(campaign)} == {one.household_id for one in elder}
    with pytest.raises(Refused) as refusal:
        opened(world, areas=[NEIGHBOUR])
    assert refusal.value.code == "nobody"
    with pytest.raises(Refused) as refusal:
        opened(world, key=COMMUNITY, by=worker(world), areas=[NEIGHBOUR])
    assert refusal.value.fields.keys() == {"areas"}


def test_a_worker_next_door_cannot_order_or_fill(world):
    settled(world, 1)
    item = items_of(opened(world))[0]
    with pytest.raises(PermissionDenied):
        opened(world, by=world.neighbour_admin)
    with pytest.raises(PermissionDenied):
        filled(item, world.neighbour_admin)
    with pytest.raises(PermissionDenied):
        actions.accept_item(item, by=worker(world))
    assert not Submission.objects.exists()


def test_forty_are_submitted_two_fail_thirty_eight_are_accepted(world):
    """INF-06: two come back with the field marked, nothing is typed again."""
    people = settled(world, 40)
    add_resident(
        world.place(NEIGHBOUR), name="陆一", values=LAN, surely_new=True, by=world.neighbour_admin
    )
    campaign = opened(world, fields=["phone", "identity_number"], target="dwelling")
    task = task_of(campaign)
    numbers = {}
    for number, item in enumerate(items_of(campaign)):
        identity = LAN["identity_number"] if number < 2 else _identity(number)
        said = form_for(item, phone=phone(number + 500), identity_number=identity)
        person = item.people().get()
        said["people"][str(person.pk)]["values"]["identity_number"] = identity
        numbers[person.pk] = phone(number + 500)
        actions.fill_item(item, key=f"d{number}", answers=said, base=0, by=worker(world))
    assert Item.objects.filter(marks={}).count() == 40
    actions.submit_items(task, by=worker(world))
    actions.check_items(task, by=checker(world))
    rows = Item.objects.filter(task=task)
    assert rows.filter(state="accepted").count() == 38
    back = list(rows.filter(state="returned"))
    assert len(back) == 2
    for item in back:
        (mark, sentence), *others = item.marks.items()
        assert not others
        assert mark == f"{item.people().get().pk}.identity_number"
        assert "已采集" in sentence
    taken = Resident.objects.filter(household__in=[p.household_id for p in people])
    kept = [one for one in taken if one.phone == numbers[one.pk]]
    assert len(kept) == 38


def _identity(number):
    """A number of an area that was never issued, with the right check digit, by serial."""
    body = f"32069019{40 + number % 60:02d}01{number % 28 + 1:02d}{number:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11
    return body + "10X98765432"[rest]


def test_what_is_the_same_is_fresh_again_from_the_day_of_the_visit(world):
    person = settled(world, 1)[0]
    campaign = opened(world)
    item = items_of(campaign)[0]
    visit = timezone.now() - timedelta(days=3)
    actions.fill_item(
        item, key="k", answers=form_for(item), base=0, collected_at=visit, by=worker(world)
    )
    actions.submit_items(item.task, by=worker(world))
    actions.accept_item(Item.objects.get(), by=checker(world))
    known = known_fields(person, ["phone"], TODAY())["phone"]
    assert known.fresh
    assert known.collected_on == timezone.localdate(visit)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.CLOSED


def test_a_clock_that_runs_ahead_is_not_believed(world):
    settled(world, 1)
    item = items_of(opened(world))[0]
    ahead = timezone.now() + timedelta(days=30)
    one = actions.fill_item(
        item, key="k", answers=form_for(item), base=0, collected_at=ahead, by=worker(world)
    )
    assert one.collected_at < ahead - timedelta(days=29)


def test_faults_are_marked_before_submitting_and_nothing_is_lost(world):
    settled(world, 2)
    campaign = opened(world)
    bad, good = items_of(campaign)
    one = filled(bad, worker(world), phone="12345")
    filled(good, worker(world))
    bad.refresh_from_db()
    mark = f"{bad.people().get().pk}.phone"
    assert bad.marks.keys() == {mark}
    assert one.answers["people"][mark.partition(".")[0]]["values"]["phone"] == "12345"
    actions.submit_items(task_of(campaign), by=worker(world))
    assert [one.state for one in items_of(campaign)] == ["filled", "submitted"]
    with pytest.raises(Refused) as refusal:
        actions.submit_items(task_of(campaign), by=worker(world))
    assert refusal.value.code == "nothing_ready"
    filled(bad, worker(world), phone=phone(7777))
    bad.refresh_from_db()
    assert bad.marks == {}


def test_a_field_left_open_is_marked_and_an_absent_person_is_not(world):
    settled(world, 1)
    item = items_of(opened(world))[0]
    person = str(item.people().get().pk)
    actions.fill_item(item, key="a", answers={"people": {}}, base=0, by=worker(world))
    assert set(Item.objects.get().marks) == {f"{person}.phone", f"{person}.home_address"}
    away = {"people": {person: {"status": "absent"}}}
    actions.fill_item(item, key="b", answers=away, base=1, by=worker(world))
    assert Item.objects.get().marks == {}


def test_a_return_names_the_field_and_the_form_comes_again(world):
    settled(world, 1)
    campaign = opened(world)
    submitted(world, campaign)
    item = items_of(campaign)[0]
    with pytest.raises(Refused) as refusal:
        actions.return_item(item, marks={}, by=checker(world))
    assert refusal.value.code == "no_mark"
    mark = f"{item.people().get().pk}.phone"
    actions.return_item(item, marks={mark: "空号，请再核实"}, by=checker(world))
    item.refresh_from_db()
    assert (item.state, item.marks) == ("returned", {mark: "空号，请再核实"})
    asked = sheet_of(item, TODAY()).people[0].fields[0]
    assert asked.mark == "空号，请再核实"
    filled(item, worker(world), phone=phone(888))
    item.refresh_from_db()
    assert (item.state, item.marks) == ("filled", {})


def test_who_submitted_does_not_check(world):
    settled(world, 1)
    campaign = opened(world)
    item = items_of(campaign)[0]
    both = checker(world)
    filled(item, both)
    actions.submit_items(task_of(campaign), by=both)
    with pytest.raises(Refused) as refusal:
        actions.check_items(task_of(campaign), by=both)
    assert refusal.value.code == "own_work"
    assert Item.objects.get().state == "submitted"


def test_a_check_has_five_working_days(world):
    settled(world, 1)
    campaign = opened(world)
    submitted(world, campaign)
    item = Item.objects.get()
    assert item.submitted_at
    assert item.check_due_at == deadline(item.submitted_at, 5, Unit.WORKING_DAYS, calendar())


def test_births_deaths_and_new_answers_go_through_the_register(world):
    settled(world, 1)
    question = {"name": "有无燃气报警器", "type": "boolean"}
    campaign = opened(world, fields=["phone"], questions=[question])
    item = items_of(campaign)[0]
    person = item.people().get()
    code = campaign.questions[0]["code"]
    answers = form_for(item)
    answers["people"][str(person.pk)]["values"] = {code: "是"}
    answers["newcomers"] = [
        {"name": "陈小宝", "relation": "child", "phone": phone(4711), code: "否"}
    ]
    actions.fill_item(item, key="k", answers=answers, base=0, by=worker(world))
    assert Item.objects.get().marks == {}
    actions.submit_items(item.task, by=worker(world))
    actions.accept_item(Item.objects.get(), by=checker(world))
    child = Resident.objects.get(name="陈小宝")
    assert (child.household_id, child.relation) == (person.household_id, "child")
    assert person.household
    assert child.dwelling == person.household.dwelling
    said = {one.resident_id: str(one.sealed) for one in ExtraAnswer.objects.all()}
    assert said == {person.pk: "true", child.pk: "false"}


def test_somebody_who_died_leaves_the_register_on_that_day(world):
    person = settled(world, 1)[0]
    item = items_of(opened(world))[0]
    said = {"people": {str(person.pk): {"status": "deceased", "on": "2025-02-03"}}}
    actions.fill_item(item, key="k", answers=said, base=0, by=worker(world))
    actions.submit_items(item.task, by=worker(world))
    actions.accept_item(Item.objects.get(), by=checker(world))
    person.refresh_from_db()
    assert (person.state, str(person.state_on)) == (LifeState.DECEASED, "2025-02-03")


def test_what_the_register_learned_later_is_not_overwritten(world):
    person = settled(world, 1)[0]
    item = items_of(opened(world))[0]
    visit = timezone.now() - timedelta(days=5)
    actions.fill_item(
        item, key="k", answers=form_for(item, phone=phone(1)), base=0, collected_at=visit,
        by=worker(world),
    )  # fmt: skip
    actions.submit_items(item.task, by=worker(world))
    from yiwang.residents.actions import record_facts

    record_facts(person, values={"phone": phone(2)}, source_kind="window", by=worker(world))
    actions.check_items(item.task, by=checker(world))
    item.refresh_from_db()
    assert item.state == "returned"
    assert list(item.marks) == [f"{person.pk}.phone"]
    person.refresh_from_db()
    assert person.phone == phone(2)


def test_the_same_form_twice_is_one_form(world):
    settled(world, 2)
    one, two = items_of(opened(world))
    with circumstances(idempotency_key="form-1", channel="api"):
        first = filled(one, worker(world), key="form-1")
        again = actions.fill_item(
            one, key="form-1", answers=form_for(one), base=0, by=worker(world)
        )
    assert first.pk == again.pk
    later = actions.fill_item(one, key="form-1", answers=form_for(one), base=9, by=worker(world))
    assert (later.pk, Submission.objects.count()) == (first.pk, 1)
    with pytest.raises(Refused) as refusal:
        filled(two, worker(world), key="form-1")
    assert refusal.value.code == "key_reused"


def test_two_devices_on_one_household_both_are_kept_and_somebody_settles(world):
    settled(world, 1)
    item = items_of(opened(world))[0]
    filled(item, worker(world), key="tablet", phone=phone(11))
    other = world.actor(world.network_admin.role, COMMUNITY, "service_centre", "季红")
    second = actions.fill_item(
        item, key="phone", answers=form_for(item, phone=phone(22)), base=0, by=other
    )
    item.refresh_from_db()
    assert (item.state, second.state) == ("conflict", "clashing")
    with pytest.raises(Refused):
        actions.submit_items(item.task, by=worker(world))
    third = actions.fill_item(
        item, key="third", answers=form_for(item, phone=phone(33)), base=2, by=other
    )
    assert third.state == "clashing"
    actions.settle_conflict(
        item, answers=form_for(item, phone=phone(22)), key="s", by=worker(world)
    )
    item.refresh_from_db()
    assert item.state == "filled"
    states = sorted(Submission.objects.values_list("state", flat=True))
    assert states == ["current", "replaced", "replaced", "replaced"]
    with pytest.raises(Refused) as refusal:
        actions.settle_conflict(item, answers={}, key="t", by=worker(world))
    assert refusal.value.code == "wrong_state"


def test_two_devices_that_say_the_same_do_not_clash(world):
    settled(world, 1)
    item = items_of(opened(world))[0]
    filled(item, worker(world), key="tablet", phone=phone(11))
    second = actions.fill_item(
        item, key="phone", answers=form_for(item, phone=phone(11)), base=0, by=worker(world)
    )
    item.refresh_from_db()
    assert (item.state, second.state) == ("filled", "replaced")


def test_items_are_given_to_a_worker_of_the_community(world):
    settled(world, 12)
    campaign = opened(world)
    task = task_of(campaign)
    mine = Post.objects.get(pk=worker(world).post_id or 0)
    actions.assign_items(task, to=mine, building="南园新村1幢", by=worker(world))
    assert Item.objects.filter(worker=mine).count() == 10
    filled(items_of(campaign)[0], worker(world))
    filled(items_of(campaign)[0], worker(world), phone=phone(5))
    counts = {row["worker"]: (row["open"], row["total"]) for row in by_worker(task)}
    assert counts == {mine.pk: (10, 10), None: (2, 2)}
    stranger = Post.objects.get(pk=world.neighbour_admin.post_id or 0)
    with pytest.raises(Refused) as refusal:
        actions.assign_items(task, to=stranger, by=worker(world))
    assert refusal.value.code == "not_here"
    actions.close_campaign(campaign, by=checker(world))
    with pytest.raises(Refused) as refusal:
        actions.assign_items(task_of(campaign), to=mine, by=worker(world))
    assert refusal.value.code == "closed"


def test_a_community_is_urged_but_not_twice_a_day(world):
    settled(world, 1)
    task = task_of(opened(world))
    actions.urge_task(task, by=checker(world))
    assert task.urged_times == 1
    with pytest.raises(Refused) as refusal:
        actions.urge_task(task, by=checker(world))
    assert refusal.value.code == "urged_lately"


def test_closing_drops_what_is_open_and_leaves_what_waits(world):
    settled(world, 2)
    campaign = opened(world)
    one, two = items_of(campaign)
    filled(one, worker(world))
    actions.submit_items(task_of(campaign), by=worker(world))
    actions.close_campaign(campaign, by=checker(world))
    assert [item.state for item in items_of(campaign)] == ["submitted", "dropped"]
    with pytest.raises(Refused):
        filled(two, worker(world))
    with pytest.raises(Refused):
        actions.close_campaign(campaign, by=checker(world))
    actions.check_items(task_of(campaign), by=checker(world))
    assert items_of(campaign)[0].state == "accepted"


def test_a_large_list_is_made_in_the_background(world, monkeypatch):
    from yiwang.collection.actions import campaigns

    settled(world, 3)
    monkeypatch.setattr(campaigns, "_size", lambda campaign: 10**6)
    campaign = opened(world)
    assert campaign.state == Campaign.State.PREPARING
    from yiwang.collection.jobs import spread

    spread(campaign=campaign.pk)
    spread(campaign=campaign.pk)
    campaign.refresh_from_db()
    assert (campaign.state, len(items_of(campaign))) == (Campaign.State.OPEN, 3)
    with pytest.raises(Refused) as refusal:
        actions.spread_campaign(campaign, by=checker(world))
    assert refusal.value.code == "wrong_state"


def test_nothing_personal_stands_in_the_journal(world):
    settled(world, 1)
    campaign = opened(world)
    item = items_of(campaign)[0]
    filled(item, worker(world), phone=phone(4242))
    actions.take_along(item.task, how="phone", by=worker(world))
    actions.submit_items(item.task, by=worker(world))
    actions.check_items(item.task, by=checker(world))
    lines = JournalLine.objects.filter(act__startswith="collection.")
    text = " ".join(str(line.facts) + line.reason for line in lines)
    assert "take_along" in text
    for secret in (phone(4242), phone(0), "陈甲一", "南园新村1幢01室"):
        assert secret not in text
    told = [one.values_open for one in SourceRecord.objects.all()]
    assert phone(4242) not in str(told)


def test_open_forms_go_over_with_the_post(world):
    settled(world, 2)
    task = task_of(opened(world))
    old = Post.objects.get(pk=worker(world).post_id or 0)
    other = world.actor(world.network_admin.role, COMMUNITY, "service_centre", "季红")
    new = Post.objects.get(pk=other.post_id or 0)
    actions.assign_items(task, to=old, by=worker(world))
    assert old.hand_over_to(new) == {"collection.item": 2}
    assert Item.objects.filter(worker=new).count() == 2
