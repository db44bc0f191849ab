"""Questions that are asked only when another answer says so: rules, the act, the wizard, the editor."""

import pytest
from django.urls import reverse

from tests.world import COMMUNITY
from yiwang.core.errors import Refused
from yiwang.matters import actions
from yiwang.matters.models import Matter
from yiwang.matters.reads import planned
from yiwang.matters.rules.conditions import Condition
from yiwang.matters.rules.lint import lint
from yiwang.matters.rules.questions import applying, questions_of
from yiwang.matters.rules.shape import Misshapen, must_be_readable
from yiwang.residents.rules.dictionary import shipped_fields

from .test_pages_accept import answers_for, at, begin, choose, hand_in

ITEM = "veteran-preferential-care"


def when(field, operator="is", value=""):
    return {"match": "all", "rules": [{"field": field, "operator": operator, "value": value}]}


def test_an_answer_counts_only_when_it_was_itself_asked():
    asked = questions_of({"b": when("answer.a", value="yes"), "c": when("answer.b", "filled")})
    form = ["a", "b", "c", "d"]
    assert applying(form, asked, {}) == ["a", "d"]
    assert applying(form, asked, {"a": "yes"}) == ["a", "b", "d"]
    assert applying(form, asked, {"a": "yes", "b": "1"}) == form
    assert applying(form, asked, {"a": "no", "b": "1"}) == ["a", "d"]
    assert Condition.of(when("variant", value="x")).holds({"variant": "x"})


@pytest.mark.django_db
def test_the_linter_names_each_fault_of_a_condition_and_its_cure(catalogue):
    content = {**planned(ITEM).version.content}
    words = shipped_fields()
    assert not [one for one in lint(content, words) if one.part == "fields"]
    wrong = {
        "sex": (when("answer.veteran_status", "filled"), "不在表单里"),
        "phone": (when("answer.veteran_status", "filled"), "不在这一项前面"),
        "employment_status": (when("variant", value="x"), "不在这一项前面"),
        "monthly_income": (when("answer.marital_status", value="moon"), "没有“moon”这个选项"),
        "bank_account": (when("answer.marital_status"), "没有写要比较的值"),
        "emergency_contact": (when("step.civil_check", value="agreed"), "不在这一项前面"),
        "emergency_phone": (
            {"match": "all", "rules": [
                {"field": "answer.marital_status", "operator": "filled", "value": ""},
                {"field": "answer.marital_status", "operator": "empty", "value": ""},
            ]}, "都不会问到",
        ),
    }  # fmt: skip
    for code, (condition, sentence) in wrong.items():
        found = lint({**content, "asked_when": {code: condition}}, words)
        assert [one.part for one in found if sentence in one.sentence] == ["fields"], code
    with pytest.raises(Misshapen):
        must_be_readable({"asked_when": {"phone": "always"}})


def test_what_is_not_asked_is_refused_and_not_counted(catalogue, accepted):
    matter = accepted(ITEM, answers={"veteran_status": "none"})
    assert matter.fields_needed == len(planned(ITEM).guide.fields) - 2
    with pytest.raises(Refused) as refusal:
        accepted(ITEM, answers={"veteran_status": "none", "disability_grade": "2"})
    assert refusal.value.code == "not_asked"
    assert set(refusal.value.fields) == {"disability_grade"}
    assert Matter.objects.count() == 1


def test_the_wizard_asks_what_the_answer_calls_for(catalogue, world, resident, sign_in):
    desk = sign_in(world.network_admin)
    draft = begin(desk, ITEM)
    choose(desk, draft, resident)
    page = desk.get(at("accept-check", draft))
    assert "disability_grade" not in page.context["form"].fields
    assert page.context["maybe"] == 1
    assert "data-decides" in page.content.decode()
    status = {"a-veteran_status": "disabled_veteran"}
    page = desk.post(
        at("accept-check", draft), {**status, "do": "ask"}, headers={"HX-Request": "true"}
    )
    assert page.status_code == 200
    assert {"disability_grade", "veteran_certificate"} <= set(page.context["form"].fields)
    said = {**answers_for(page.context["form"].fields), **status}
    # Changing the mind drops what was written for the question that is no longer asked.
    plain = {**said, "a-veteran_status": "none", "do": "next"}
    assert desk.post(at("accept-check", draft), plain).status_code == 302
    hand_in(desk, draft)
    matter = Matter.objects.get()
    assert "disability_grade" not in matter.answers
    assert matter.fields_needed == len(planned(ITEM).guide.fields) - 2


def test_an_official_chooses_the_condition_without_code(catalogue, world, sign_in):
    desk = sign_in(world.city_bureau)
    item = planned(ITEM).item
    revision = actions.begin_revision(
        world.place(COMMUNITY), item=item, by=world.city_bureau, title="", category=""
    )
    address = reverse("matters:revision-question", args=[revision.pk, "bank_account"])
    page = desk.get(address)
    assert "没有条件" in page.content.decode()
    said = {"edition": revision.edition, "do": "add-rule", "rule_field": "answer.employment_status"}
    desk.post(address, said)
    revision.refresh_from_db()
    assert "bank_account" in revision.content["asked_when"]
    assert "没有写要比较的值" in desk.get(address).content.decode()
    said = {"edition": revision.edition, "do": "done", "rule-0-operator": "is",
            "rule-0-value": ["employed", "retired"]}  # fmt: skip
    answer = desk.post(address, said)
    assert answer.url == reverse("matters:revision-part", args=[revision.pk, "fields"])
    assert "只在" in desk.get(answer.url).content.decode()
    revision.refresh_from_db()
    rule = revision.content["asked_when"]["bank_account"]["rules"][0]
    assert (rule["operator"], rule["value"]) == ("one_of", "employed,retired")
    assert (
        desk.get(reverse("matters:revision-question", args=[revision.pk, "no"])).status_code == 404
    )
