"""Tracking by number and last four digits: what opens, what locks, what never tells (SVC-04)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.models import JournalLine
from yiwang.core.reads import parameter
from yiwang.core.rules import numbers
from yiwang.matters import actions
from yiwang.matters.models import Matter
from yiwang.portal.models import Guess

from .conftest import LAST_FOUR, ask_back, finish, hand_in

WRONG = "0001"


def ask(client, number, digits):
    return client.post("/track/", {"number": number, "last_four": digits})


def sentences(response):
    return [str(one) for one in response.context["form"].non_field_errors()]


def unknown_number():
    """A well-formed number that no matter has."""
    return numbers.compose(timezone.localdate(), 999_999)


def test_number_and_digits_open_the_matter_in_plain_words(client, handed_in):
    response = ask(client, handed_in.number, LAST_FOUR)
    assert response.headers["Location"] == f"/track/{handed_in.number}/"
    html = client.get(response.headers["Location"]).content.decode()
    for words in ("正在办理", "入户核实", "高龄津贴", "答应您最晚", "受理了您的申请"):
        assert words in html


def test_a_number_may_be_typed_as_it_is_read_out(client, handed_in):
    spoken = handed_in.display_number.replace("-", " — ")
    assert ask(client, spoken, "８８３０").status_code == 302


@pytest.mark.parametrize(
    ("number", "digits", "field", "words"),
    [
        ("", LAST_FOUR, "number", "请填写编号"),
        ("2026", LAST_FOUR, "number", "15 位数字"),
        ("二〇二六一一一八", LAST_FOUR, "number", "只由数字组成"),
        ("202611230000001", LAST_FOUR, "number", "校验位不符"),
        ("202613400000473", LAST_FOUR, "number", "不是日期"),
        ("x" * 5000, LAST_FOUR, "number", "40"),
        ("20261118-0000-473", "", "last_four", "最后四位"),
        ("20261118-0000-473", "88", "last_four", "4 位数字"),
        ("20261118-0000-473", "🙂🙂🙂🙂", "last_four", "4 位数字"),
    ],
)
def test_wrong_input_gets_a_sentence_beside_the_field(client, db, number, digits, field, words):
    response = ask(client, number, digits)
    assert response.status_code == 422
    assert words in str(response.context["form"].errors[field])


def test_a_wrong_try_tells_how_many_are_left_and_the_fifth_locks(client, handed_in):
    tries = parameter("matters.tracking_tries")
    for left in range(tries - 1, 0, -1):
        response = ask(client, handed_in.number, WRONG)
        assert f"还可以试 {left} 次" in sentences(response)[0]
    assert "以后才能再查" in sentences(ask(client, handed_in.number, WRONG))[0]
    # Locked for everybody, also with the right digits.
    assert "以后才能再查" in sentences(ask(Client(), handed_in.number, LAST_FOUR))[0]


def test_an_unknown_number_answers_word_for_word_like_a_known_one(client, handed_in):
    known = [sentences(ask(client, handed_in.number, WRONG)) for _try in range(6)]
    unknown = [sentences(ask(client, unknown_number(), WRONG)) for _try in range(6)]
    minute = timezone.localtime(timezone.now()).strftime("%H:")
    assert [one[0].split(minute)[0] for one in known][:5] == [
        one[0].split(minute)[0] for one in unknown
    ][:5]
    assert "以后才能再查" in unknown[5][0]
    assert "以后才能再查" in known[5][0]


def test_after_the_lock_the_right_digits_open_again(client, handed_in):
    for _try in range(5):
        ask(client, handed_in.number, WRONG)
    Matter.objects.update(tracking_locked_until=timezone.now() - timedelta(seconds=1))
    assert ask(client, handed_in.number, LAST_FOUR).status_code == 302


def test_every_wrong_try_is_in_the_journal(client, handed_in):
    ask(client, handed_in.number, WRONG)
    ask(client, unknown_number(), WRONG)
    acts = JournalLine.objects.filter(act__in=["matters.track", "portal.guess"])
    assert sorted(acts.values_list("act", flat=True)) == ["matters.track", "portal.guess"]


def test_tries_at_unknown_numbers_keep_no_number_and_are_swept_out(client, handed_in):
    ask(client, unknown_number(), WRONG)
    guess = Guess.objects.get()
    assert unknown_number().encode() not in bytes(guess.digest)
    Guess.objects.update(updated_at=timezone.now() - timedelta(days=91))
    ask(client, numbers.compose(timezone.localdate(), 888_888), WRONG)
    assert Guess.objects.count() == 1
    assert Guess.objects.get().pk != guess.pk


def test_only_the_right_to_guess_counts_a_guess(db, world):
    from django.core.exceptions import PermissionDenied

    from yiwang.portal.actions import note_guess

    with pytest.raises(PermissionDenied):
        note_guess(Guess(digest=b"0" * 16), by=Actor.public("matters.track"))


def test_the_proof_opens_that_number_alone(holder, handed_in, world, resident):
    other = hand_in(world, resident)
    assert holder.get(f"/track/{handed_in.number}/").status_code == 200
    response = holder.get(f"/track/{other.number}/")
    assert response.headers["Location"] == f"/track/?number={other.number}"


def test_the_proof_ends_after_the_minutes_of_the_parameter(holder, handed_in):
    session = holder.session
    session["tracked"] = dict.fromkeys(session["tracked"], 1.0)
    session.save()
    assert holder.get(f"/track/{handed_in.number}/").status_code == 302


def test_leaving_closes_the_matter_on_this_computer(holder, handed_in):
    holder.post(f"/track/{handed_in.number}/leave/")
    assert holder.get(f"/track/{handed_in.number}/").status_code == 302


@pytest.mark.parametrize("page", ["", "correct/", "rate/", "result/"])
def test_without_the_proof_no_page_of_a_matter_opens(client, finished, page):
    response = client.get(f"/track/{finished.number}/{page}")
    assert response.headers["Location"] == f"/track/?number={finished.number}"


def test_the_page_title_never_names_the_matter(holder, handed_in):
    html = holder.get(f"/track/{handed_in.number}/").content.decode()
    title = html.split("<title>")[1].split("</title>")[0]
    assert "高龄津贴" not in title
    assert "noindex" in html


def test_notes_among_colleagues_are_not_shown(holder, handed_in):
    actions.note_matter(handed_in, text="同事之间的话", shown=False, by=Actor.system())
    actions.note_matter(handed_in, text="请您耐心等待", shown=True, by=Actor.system())
    html = holder.get(f"/track/{handed_in.number}/").content.decode()
    assert "请您耐心等待" in html
    assert "同事之间的话" not in html


def test_an_agent_tracks_with_the_own_telephone(client, world, catalogue, resident):
    matter = hand_in(world, resident)
    matter.agent_phone = "15400001234"
    matter.save()
    assert ask(client, matter.number, "1234").status_code == 302


def test_a_matter_that_waits_for_papers_says_which_and_why(holder, handed_in):
    ask_back(handed_in)
    html = holder.get(f"/track/{handed_in.number}/").content.decode()
    for words in ("等您补材料", "本人银行卡", "看不清卡号", "现在暂停计时"):
        assert words in html


def test_a_finished_matter_shows_its_result_and_asks_for_a_rating(holder, handed_in):
    finish(handed_in)
    html = holder.get(f"/track/{handed_in.number}/").content.decode()
    for words in ("已经办好", "从本月起按月发放", "我来评价"):
        assert words in html


def test_a_withdrawn_matter_says_so_and_cannot_be_rated(holder, handed_in):
    actions.withdraw_matter(handed_in, reason="不办了", by=Actor.system())
    html = holder.get(f"/track/{handed_in.number}/").content.decode()
    assert "已经撤回" in html
    assert "我来评价" not in html
    assert "还不能评价" in holder.get(f"/track/{handed_in.number}/rate/").content.decode()


def test_the_receipt_leads_here_with_its_number(client, handed_in):
    html = client.get(f"/track/?number={handed_in.number}").content.decode()
    assert f'value="{handed_in.number}"' in html


def test_the_page_speaks_english(holder, handed_in):
    holder.cookies["django_language"] = "en"
    html = holder.get(f"/track/{handed_in.number}/").content.decode()
    assert "In progress" in html
    assert "Allowance for the Very Old" in html
