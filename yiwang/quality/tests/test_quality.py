"""Standards, samples, checks, corrections, the board and promises (QUA-05 to QUA-08, QUA-12)."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from tests.world import COMMUNITY, STREET
from yiwang.accounts.actor import Actor
from yiwang.core.errors import Refused
from yiwang.matters.actions import rate_matter
from yiwang.matters.models import CallBack, Reopening
from yiwang.quality import actions
from yiwang.quality.actions.checking import Plan, Seen
from yiwang.quality.actions.promising import Word
from yiwang.quality.jobs import tell_missed
from yiwang.quality.models import Check, Finding, Sample
from yiwang.quality.reads.board import board_lines, board_rows
from yiwang.quality.reads.promises import facts_of
from yiwang.quality.reads.sampling import drawn_again, is_reproduced
from yiwang.quality.rules.points import fault_of, numbered, score
from yiwang.quality.rules.states import kept

from .conftest import ITEM, JPG, POINTS


def proof(name="改后.jpg", body=JPG):
    return SimpleUploadedFile(name, body)


# ---------- rules ----------


def test_points_are_a_standard_only_when_each_can_be_checked():
    assert fault_of(numbered(POINTS)) == ""
    assert fault_of([])
    assert fault_of(numbered([POINTS[0], POINTS[0]]))
    assert fault_of(numbered([{**POINTS[0], "level": " "}]))
    assert fault_of(numbered([{**POINTS[0], "method": "guess"}]))


def test_a_score_counts_what_was_looked_at():
    assert score({"p1": "pass", "p2": "fail", "p3": "none"}) == 50
    assert score({"p1": "none"}) is None


def test_a_promise_of_minutes_is_kept_from_below_and_a_share_from_above():
    assert kept("waiting", 5, 4)
    assert not kept("waiting", 5, 6)
    assert kept("on_time", 95, 95)
    assert kept("grade", 4.5, None) is None


# ---------- standards ----------


def test_a_standard_is_versioned_and_stands_in_the_guide(world, standard, item, client):
    assert standard.number == 1
    with pytest.raises(Refused) as refused:
        actions.publish_standard(item, points=POINTS, by=world.city_bureau)
    assert refused.value.code == "unchanged"
    newer = actions.publish_standard(item, points=POINTS[:1], by=world.city_bureau)
    assert newer.number == 2
    page = client.get(item.get_absolute_url()).content.decode()
    assert "不低于60℃" in page
    assert "12点前" not in page


def test_only_the_city_publishes_a_standard(world, item, township):
    with pytest.raises(PermissionDenied):
        actions.publish_standard(item, points=POINTS, by=township)


def test_the_inspector_sees_the_points_with_their_pass_levels(visit, township, sign_in):
    page = sign_in(township).get(visit.get_absolute_url()).content.decode()
    assert "送餐温度" in page
    assert "不低于60℃" in page


# ---------- samples ----------


def draw(world, by, **more):
    today = timezone.localdate()
    said = {"first": today - timedelta(days=9), "last": today - timedelta(days=1),
            "kind": "call_back", **more}  # fmt: skip
    return actions.draw_sample(world.place(STREET), **said, by=by)


def test_a_draw_is_at_least_the_share_and_can_be_repeated(world, finished, township, standard):
    finished(5)
    sample = draw(world, township, seed=42)
    assert (sample.population, sample.drawn, sample.checks.count()) == (5, 1, 1)
    assert sample.checks.get().standard == standard
    assert is_reproduced(sample)
    again = draw(world, township, seed=42)
    assert list(drawn_again(again)) == list(drawn_again(sample))
    sample.checks.update(matter=None)
    assert not is_reproduced(sample)


def test_a_draw_is_handed_out_in_turn(world, finished, township, county, monkeypatch):
    finished(2)
    monkeypatch.setattr("yiwang.quality.actions.checking.sample_size", lambda *_a, **_k: 2)
    posts = [type("P", (), {"pk": one.post_id})() for one in (township, county)]
    sample = draw(world, township, posts=posts)
    assert set(sample.checks.values_list("post_id", flat=True)) == {
        township.post_id, county.post_id,
    }  # fmt: skip


@pytest.mark.parametrize(("more", "code"), [
    ({"last": date(2999, 1, 1)}, "period"), ({"first": date(2999, 1, 1)}, "period"),
    ({"kind": "gossip"}, "kind"), ({}, "nothing"),
])  # fmt: skip
def test_a_draw_that_cannot_be_repeated_or_is_empty_is_refused(world, township, more, code):
    with pytest.raises(Refused) as refused:
        draw(world, township, **more)
    assert refused.value.code == code


# ---------- checks and corrections ----------


def test_the_checked_unit_sees_a_visit_only_afterwards(world, visit, township):
    admin = world.network_admin
    assert not Check.objects.visible_to(admin).exists()
    actions.record_check(visit, seen=Seen("看了食堂", {"p1": "pass"}), by=township)
    assert Check.objects.visible_to(admin).get().score == 100


def test_a_unit_does_not_check_itself(world, visit):
    with pytest.raises((Refused, PermissionDenied)):
        actions.record_check(visit, seen=Seen("很好"), by=world.network_admin)


def test_a_dissatisfied_resident_of_a_sample_has_the_matter_done_again(world, finished, township):
    finished(1)
    check = draw(world, township).checks.get()
    seen = Seen("老人说没人告诉她", outcome="reached", grade=1, problem="没有告知结果")
    actions.record_check(check, seen=seen, by=township)
    assert CallBack.objects.get().grade == 1
    assert Reopening.objects.get().matter_id == check.matter_id
    assert Finding.objects.get().text == "没有告知结果"


@pytest.fixture
def cold(visit, township):
    """The finding “cold meal” of the standard."""
    actions.record_check(visit, seen=Seen("饭是凉的", {"p1": "fail", "p2": "pass"}), by=township)
    return Finding.objects.get()


def test_a_finding_is_corrected_with_proof_and_rechecked_by_another(world, cold, township):
    admin = world.network_admin
    with pytest.raises(Refused) as refused:
        actions.correct_finding(cold, action="换了保温箱", by=admin)
    assert refused.value.code == "proof_missing"
    with pytest.raises(Refused) as refused:
        actions.correct_finding(cold, action="换了", upload=proof("a.jpg", b"no"), by=admin)
    assert refused.value.code == "file_type"
    actions.correct_finding(cold, action="换了保温箱", upload=proof(), by=admin)
    with pytest.raises((Refused, PermissionDenied)):
        actions.recheck_finding(cold, passed=True, text="好了", by=admin)
    actions.recheck_finding(cold, passed=False, text="还是凉", by=township)
    assert (cold.state, cold.returned) == ("issued", 1)
    actions.correct_finding(cold, action="再换", upload=proof(), by=admin)
    done = actions.recheck_finding(cold, passed=True, text="65度", by=township)
    assert done.state == "closed"


def test_a_missed_correction_is_told_to_the_township_once_and_holds_the_settlement(cold, township):
    assert tell_missed() == 0
    Finding.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert (tell_missed(), tell_missed()) == (1, 0)
    cold.refresh_from_db()
    assert (cold.told_place_id, cold.told_post_id) == (STREET, township.post_id)
    assert cold.holds_settlement


def test_the_same_finding_again_is_flagged(world, cold, standard, township):
    assert not cold.repeated
    plan = Plan("mystery", cold.unit, standard=standard)
    check = actions.plan_check(world.place(STREET), plan=plan, by=township)
    actions.record_check(check, seen=Seen("又凉了", {"p1": "fail"}), by=township)
    assert Finding.objects.exclude(pk=cold.pk).get().repeated


def test_nobody_of_another_community_corrects(world, cold):
    with pytest.raises(PermissionDenied):
        actions.correct_finding(cold, action="x", upload=proof(), by=world.neighbour_admin)


# ---------- board and promises ----------


def test_nine_ratings_are_too_few_and_ten_are_enough(world, finished, client, monkeypatch):
    matters = finished(2)
    for matter in matters:
        rate_matter(matter, grade=5, by=Actor.public("matters.rate"))
    today = timezone.localdate()
    month = (today - timedelta(days=40), today)
    (line,) = board_lines(board_rows(STREET, *month), *month)
    assert (line.finished, line.rated, line.shown_grade) == (2, 2, None)
    when = matters[0].finished_at.strftime("%Y-%m")
    assert "样本不足" in client.get(f"/quality/?month={when}").content.decode()
    line.enough = True
    assert line.shown_grade == 5


def test_a_promise_stands_against_fact_with_what_broke_it(world, finished, client):
    unit = world.unit(COMMUNITY, "committee")
    word = Word("5分钟内有人招呼", "waiting", 5, reasons=["等候太久"])
    promise = actions.make_promise(unit, word=word, by=world.network_admin)
    with pytest.raises(Refused) as refused:
        actions.make_promise(unit, word=word, by=world.network_admin)
    assert refused.value.code == "twice"
    (matter,) = finished(1)
    rate_matter(matter, grade=1, reasons=["等候太久"], by=Actor.public("matters.rate"))
    (fact,) = facts_of(unit, [promise], timezone.now())
    assert (fact.value, fact.kept, fact.complaints) == (None, None, 1)
    assert "5分钟内有人招呼" in client.get(f"/units/{unit.pk}/").content.decode()
    actions.end_promise(promise, by=world.network_admin)
    assert "5分钟内有人招呼" not in client.get(f"/units/{unit.pk}/").content.decode()


def test_a_neighbour_promises_nothing_for_others(world):
    unit = world.unit(COMMUNITY, "committee")
    with pytest.raises(PermissionDenied):
        actions.make_promise(unit, word=Word("快", "on_time", 99), by=world.neighbour_admin)


# ---------- pages and interface ----------


def test_the_pages_do_it_all(world, finished, standard, township, sign_in):
    finished(1)
    desk, today = sign_in(township), timezone.localdate()
    base = "/desk/quality/"
    assert desk.post(base + "samples/", {"first": "x"}).status_code == 422
    made = desk.post(base + "samples/", {
        "first": today - timedelta(days=9), "last": today - timedelta(days=1), "kind": "visit",
    })  # fmt: skip
    assert made.status_code == 302
    check = Sample.objects.get().checks.get()
    seen = {"p1": "fail", "p2": "none", "note": "饭是凉的"}
    assert desk.post(check.get_absolute_url(), {"p1": "fail"}).status_code == 422
    assert desk.post(check.get_absolute_url(), seen).status_code == 302
    finding = Finding.objects.get()
    ours = sign_in(world.network_admin)
    sent = {"action": "换了保温箱", "upload": proof()}
    assert ours.post(finding.get_absolute_url(), sent).status_code == 302
    assert ours.get(f"{base}findings/{finding.pk}/proof/").status_code == 200
    again = {"passed": "yes", "text": "65度"}
    assert desk.post(f"{base}findings/{finding.pk}/recheck/", again).status_code == 302
    assert Finding.objects.get().state == "closed"
    for name in ("export/", "checks/export/", "findings/export/"):
        file = desk.get(base + name)
        assert len(list(load_workbook(io.BytesIO(file.content)).active.values)) >= 4
    for query in ("?state=closed&repeated=1&q=温度", "?state=missed", "?state=held&sort=unit"):
        assert desk.get(f"{base}findings/{query}").status_code == 200
    assert desk.get(f"{base}checks/?kind=visit&state=mine&q=凉&sort=-score").status_code == 200


def test_the_city_publishes_a_standard_on_its_page(world, item, sign_in):
    desk = sign_in(world.city_bureau)
    address = f"/desk/quality/standards/{ITEM}/"
    rows = {"p-TOTAL_FORMS": 1, "p-INITIAL_FORMS": 0}
    assert desk.post(address, rows).status_code == 422
    one = {f"p-0-{key}": value for key, value in POINTS[0].items()}
    assert desk.post(address, {**rows, **one}).status_code == 302
    assert item.standards.get().points[0].name == "送餐温度"


def test_other_systems_do_the_same(world, finished, standard, township, sign_in):
    finished(1)
    desk, today, json = sign_in(township), timezone.localdate(), "application/json"
    base = "/api/v1/quality"
    days = {"first": str(today - timedelta(days=9)), "last": str(today - timedelta(days=1))}
    made = desk.post(f"{base}/samples", {**days, "kind": "visit", "seed": 7}, json).json()
    assert desk.get(f"{base}/samples/{made['id']}").json()["reproduced"] is True
    (check,) = desk.get(f"{base}/checks?state=open").json()
    told = desk.post(
        f"{base}/checks/{check['id']}/record", {"note": "凉", "results": {"p1": "fail"}}, json
    ).json()
    (finding,) = told["findings"]
    ours = sign_in(world.network_admin)
    sent = ours.post(
        f"{base}/findings/{finding}/correct", {"action": "换了保温箱", "file": proof()}
    )
    assert sent.json()["state"] == "corrected"
    done = desk.post(f"{base}/findings/{finding}/recheck", {"passed": True, "text": "好"}, json)
    assert done.json()["state"] == "closed"
    assert desk.get(f"{base}/standards").json()[0]["item"] == ITEM
    word = {"text": "准时", "measure": "on_time", "target": 90}
    promise = ours.post(f"{base}/promises", word, json).json()
    assert desk.get(f"{base}/promises/{promise['unit']}").json()[0]["promise"]["text"] == "准时"
    assert ours.post(f"{base}/promises/{promise['id']}/end").json()["ends_on"]
    (line,) = desk.get(f"{base}/board", {"first": days["first"]}).json()
    assert (line["finished"], line["shown_grade"]) == (1, None)
