"""One rating of five grades, by the holder of the number, in time (SVC-24; EV-1 to EV-4)."""

import pytest

from yiwang.core.reads import parameter
from yiwang.matters.models import FollowUp, Rating

from .conftest import finish


def rate(holder, matter, **said):
    return holder.post(f"/track/{matter.number}/rate/", {"grade": "5", **said}, follow=True)


def test_a_rating_keeps_grade_reasons_and_words(holder, finished):
    response = rate(holder, finished, grade="4", reasons=["办得快", "说得清楚"], comment="谢谢 🙏")
    assert "谢谢您的评价" in response.content.decode()
    kept = Rating.objects.get(matter=finished)
    assert (kept.grade, kept.reasons, kept.comment) == (4, ["办得快", "说得清楚"], "谢谢 🙏")
    assert kept.channel == "web"


def test_a_bad_rating_promises_a_follow_up(holder, finished):
    response = rate(holder, finished, grade="1", reasons=["办得太慢"])
    assert "会有人核实情况并整改" in response.content.decode()
    assert FollowUp.objects.filter(rating__matter=finished).exists()


def test_a_second_rating_changes_nothing(holder, finished):
    rate(holder, finished, grade="5")
    rate(holder, finished, grade="1")
    assert Rating.objects.get(matter=finished).grade == 5


@pytest.mark.parametrize("grade", ["", "0", "6", "五", "5; DROP TABLE"])
def test_without_one_of_the_five_grades_nothing_is_kept(holder, finished, grade):
    response = rate(holder, finished, grade=grade)
    assert response.status_code == 422
    assert not Rating.objects.exists()


def test_a_reason_of_ones_own_making_is_refused(holder, finished):
    assert rate(holder, finished, reasons=["<script>"]).status_code == 422


def test_a_comment_that_is_too_long_is_refused_and_kept_on_the_page(holder, finished):
    response = rate(holder, finished, comment="好" * 501)
    assert response.status_code == 422
    assert "好" * 501 in response.content.decode()


def test_a_matter_at_work_cannot_be_rated(holder, handed_in):
    assert "还不能评价" in rate(holder, handed_in).content.decode()
    assert not Rating.objects.exists()


def test_after_the_days_of_the_parameter_it_is_too_late(holder, handed_in):
    finish(handed_in, days_ago=int(parameter("matters.rating_invitation")) + 1)
    assert "评价期已过" in rate(holder, handed_in).content.decode()
    assert not Rating.objects.exists()


def test_the_faces_are_radio_buttons_with_words(holder, finished):
    html = holder.get(f"/track/{finished.number}/rate/").content.decode()
    assert html.count('type="radio"') == 5
    assert html.index("非常满意") < html.index("非常不满意")
