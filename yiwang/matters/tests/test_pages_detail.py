"""The page of one matter and everything that may be done from it."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.pictures import PNG
from tests.world import COMMUNITY, STREET
from yiwang.accounts.roles import Role
from yiwang.core.rules.wording import grouped
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Event, Matter


def page(matter):
    return reverse("matters:detail", args=[matter.number])


def step_page(matter, key, step=None):
    return reverse(
        "matters:handle-step", args=[matter.number, (step or matter.steps.first()).pk, key]
    )


def offered(answer):
    return {offer.key for offer in answer.context["offers"]}


def test_the_page_masks_the_person_and_names_every_unit(world, accepted, sign_in):
    text = sign_in(world.network_admin).get(page(accepted())).content.decode()
    assert "陈*英" in text
    assert "154****8830" in text
    assert "陈桂英" not in text
    assert world.unit(COMMUNITY, "committee").name in text


def test_a_number_may_be_typed_in_groups(world, accepted, sign_in):
    matter = accepted()
    browser = sign_in(world.network_admin)
    assert browser.get(reverse("matters:detail", args=[matter.display_number])).status_code == 200
    assert browser.get("/desk/matters/12345/").status_code == 404


def test_another_community_does_not_learn_that_it_exists(world, accepted, sign_in):
    assert sign_in(world.neighbour_admin).get(page(accepted())).status_code == 404


def test_only_what_this_reader_may_do_is_offered(world, accepted, sign_in):
    matter = accepted()
    assert {"take", "complete", "hand-on", "return"} <= offered(
        sign_in(world.network_admin).get(page(matter))
    )
    assert offered(sign_in(world.leader).get(page(matter))) <= {"urge", "note", "contact"}


def test_a_matter_costs_at_most_ten_statements(
    world, accepted, sign_in, django_assert_max_num_queries
):
    matter = accepted()
    browser = sign_in(world.network_admin)
    browser.get(page(matter))
    with django_assert_max_num_queries(10):
        browser.get(page(matter))


def test_a_step_is_completed_and_the_page_says_so(world, accepted, sign_in):
    matter = accepted()
    browser = sign_in(world.network_admin)
    answer = browser.post(
        step_page(matter, "complete"), {"agreed": "yes", "opinion": "属实"}, follow=True
    )
    assert "环节已完成。" in answer.content.decode()
    assert "属实" in answer.content.decode()


def test_a_refusal_reopens_the_dialog_with_what_was_typed(world, accepted, sign_in):
    matter = accepted()
    browser = sign_in(world.network_admin)
    answer = browser.post(
        step_page(matter, "complete"), {"agreed": "no", "opinion": " ", "in_dialog": "1"}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "不同意时请写明理由。" in text
    assert 'id="dlg-complete" aria-labelledby="dlg-complete-t" data-open-now' in text


def test_without_script_the_same_form_is_a_page_of_its_own(world, accepted, sign_in):
    matter = accepted()
    browser = sign_in(world.network_admin)
    assert "<form" in browser.get(step_page(matter, "return")).content.decode()
    answer = browser.post(step_page(matter, "return"), {"reason": "到窗口补"})
    assert answer.status_code == 422
    assert "到窗口补" in answer.content.decode()
    assert "请逐项写明缺什么" in answer.content.decode()


def test_the_second_of_two_clerks_reads_that_a_colleague_was_first(world, accepted, sign_in):
    matter = accepted()
    first = matter.steps.first()
    browser = sign_in(world.network_admin)
    browser.post(step_page(matter, "complete", first), {"agreed": "yes"})
    answer = browser.post(step_page(matter, "complete", first), {"agreed": "yes", "in_dialog": "1"})
    assert answer.status_code == 422
    assert "可能已由他人办理" in answer.content.decode()


def test_a_double_click_notes_once(world, accepted, sign_in):
    matter = accepted()
    browser = sign_in(world.network_admin)
    note = {"text": "家属来电", "_key": uuid4().hex}
    address = reverse("matters:handle", args=[matter.number, "note"])
    assert browser.post(address, note).status_code == 302
    assert browser.post(address, note).status_code == 302
    assert Event.objects.filter(matter=matter, kind="noted").count() == 1


def test_a_step_is_handed_on_to_a_unit_found_by_name(world, accepted, sign_in):
    matter = accepted()
    browser = sign_in(world.network_admin)
    street = world.unit(STREET, "health")
    found = browser.get(reverse("matters:units", args=[matter.number]), {"unit_q": "城东 卫生"})
    assert street.name in found.content.decode()
    browser.post(step_page(matter, "hand-on"), {"unit": street.pk, "reason": "属街道职责"})
    assert matter.steps.first().unit == street


def test_a_step_of_another_unit_is_not_handled(world, accepted, sign_in):
    matter = accepted()
    clerk = world.actor(Role.DEPARTMENT, STREET, "health", "何静")
    assert sign_in(clerk).post(step_page(matter, "complete"), {"agreed": "yes"}).status_code in {
        403,
        404,
    }
    assert matter.steps.first().done_at is None


def test_one_notice_lists_everything_and_is_printed(world, accepted, sign_in):
    matter = accepted()
    browser = sign_in(world.network_admin)
    code = matter.version.guide.materials[0].code
    said = {"materials": [code], "fields_wrong": ["phone"], "others": "屋顶近照\n\n收入证明"}
    assert browser.post(step_page(matter, "return"), said).status_code == 302
    notice = browser.get(reverse("matters:correction-notice", args=[matter.number]))
    for word in (matter.version.guide.materials[0].name, "屋顶近照", "收入证明"):
        assert word in notice.content.decode()
    assert "return" not in offered(browser.get(page(matter)))


def test_a_correction_is_handed_in_and_the_clock_runs_again(world, accepted, sign_in):
    matter = accepted()
    actions.return_matter(
        matter.steps.first(),
        items=[
            {"kind": "field", "code": "phone", "name": "电话"},
            {"kind": "other", "code": "other-1", "name": "近照"},
        ],
        by=world.network_admin,
    )
    browser = sign_in(world.network_admin)
    address = reverse("matters:handle", args=[matter.number, "correct"])
    assert browser.post(address, {"item-phone": ""}).status_code == 422
    photo = SimpleUploadedFile("近照.png", PNG)
    assert (
        browser.post(address, {"item-phone": "13812342207", "item-other-1": photo}).status_code
        == 302
    )
    matter.refresh_from_db()
    assert matter.state == "working"
    assert matter.answers["phone"] == "13812342207"


def test_a_page_named_as_a_picture_is_not_kept(world, accepted, sign_in):
    matter = accepted()
    item = {"kind": "other", "code": "other-1", "name": "近照"}
    actions.return_matter(matter.steps.first(), items=[item], by=world.network_admin)
    browser = sign_in(world.network_admin)
    script = SimpleUploadedFile("photo.png", b"<svg onload=alert(1)>")
    address = reverse("matters:handle", args=[matter.number, "correct"])
    answer = browser.post(address, {"item-other-1": script})
    assert answer.status_code == 422
    assert "不是照片或 PDF" in answer.content.decode()


def test_a_document_is_a_download_and_never_shown_inline(world, accepted, sign_in):
    files = [HandedIn("photo", upload=SimpleUploadedFile("a.png", PNG))]
    plan = accepted("senior-allowance").version.guide
    papers = [*(HandedIn(need.code) for need in plan.materials), *files]
    matter = accepted("senior-allowance", materials=papers)
    kept = matter.materials.exclude(file="").get()
    address = reverse("matters:material", args=[matter.number, kept.pk])
    answer = sign_in(world.network_admin).get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "image/png"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert sign_in(world.neighbour_admin).get(address).status_code == 404


def test_a_whole_number_is_shown_for_a_reason_that_goes_on_record(world, accepted, sign_in):
    matter = accepted()
    browser = sign_in(world.network_admin)
    address = reverse("matters:reveal", args=[matter.number, "phone"])
    assert "15400008830" not in browser.get(address).content.decode()
    assert browser.post(address, {"reason": ""}).status_code == 422
    answer = browser.post(address, {"reason": "电话核实补正材料"})
    assert "15400008830" in answer.content.decode()


def test_a_finished_matter_has_a_numbered_result_to_print(world, accepted, sign_in):
    matter = accepted()
    _finish(world, matter)
    text = sign_in(world.network_admin).get(reverse("matters:result", args=[matter.number]))
    body = text.content.decode()
    assert matter.result.number in body
    assert grouped(matter.result.code) in body
    assert "加盖公章处" in body


def test_there_is_no_paper_before_there_is_a_result(world, accepted, sign_in):
    matter = accepted()
    browser = sign_in(world.network_admin)
    for name in ("result", "correction-notice"):
        assert browser.get(reverse(f"matters:{name}", args=[matter.number])).status_code == 404


def _finish(world, matter):
    """Every step in its order, each by a clerk of its unit."""
    while True:
        matter = Matter.objects.get(pk=matter.pk)
        step = matter.steps.filter(state="active").first()
        clerk = world.actor(Role.WINDOW, step.division_id, step.unit.code, "承办人")
        if matter.steps.exclude(state="done").count() == 1:
            actions.finish_matter(step, granted=True, text="准予补贴", by=clerk)
            return
        actions.complete_step(step, by=clerk)


@pytest.mark.parametrize("granted", ["yes", "no"])
def test_a_leader_decides_on_more_time_once(world, accepted, sign_in, granted):
    matter = accepted()
    extension = actions.extend_matter(
        matter.steps.first(), amount=3, reason="需入户复核", by=world.network_admin
    )
    browser = sign_in(world.leader)
    assert "需入户复核" in browser.get(reverse("matters:extensions")).content.decode()
    address = reverse("matters:extension", args=[extension.pk])
    browser.post(address, {"granted": granted})
    answer = browser.post(address, {"granted": granted}, follow=True)
    assert "这项延期申请已经处理。" in answer.content.decode()
    extension.refresh_from_db()
    assert extension.state == ("granted" if granted == "yes" else "denied")
