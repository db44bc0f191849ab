"""The pages of individual assessments in a real browser: at home on a telephone, at the desk."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.visitors import PHONE, Visitors, session_of, visitors
from tests.world import COMMUNITY, World, build_world
from yiwang.accounts.roles import Role
from yiwang.assessments.actions import (
    begin_assessment,
    object_to_grade,
    save_answers,
    submit_scores,
)
from yiwang.assessments.models import Scale
from yiwang.core.acts import circumstances
from yiwang.divisions.models import Division
from yiwang.residents.actions import add_resident, record_facts
from yiwang.tags.actions import recompute

from .scores import FACTS, answers, assessed

pytestmark = pytest.mark.browser
ELDERS = (("陈桂英", "1938-03-12"), ("张建国", "1945-07-01"), ("王志强", "1950-05-05"),
          ("周美玲", "1941-02-20"), ("李秀兰", "1952-09-09"))  # fmt: skip


def build() -> dict[str, Any]:
    """One in force and doubted, one ended, one handed over, one half scored, one not begun."""
    there = {place.pk: place for place in Division.objects.all()}
    world = World(there) if there else build_world()
    place, second = world.place(COMMUNITY), world.network_admin
    worker = world.actor(Role.WORKER, COMMUNITY, "committee", "顾晓燕")
    today = timezone.localdate()
    chen, zhang, wang, zhou, li = (
        add_resident(place, name=name, values={"born_on": born}, surely_new=True, by=second)
        for name, born in ELDERS
    )
    record_facts(wang, values={"living_situation": "alone"}, source_kind="visit", by=second)
    recompute(place, by=second)
    final = assessed(chen, worker, second, today)
    object_to_grade(final, words="母亲平时自己能走路，那天正生病。", by=second)
    long_ago = today - timedelta(days=400)
    with circumstances(at=timezone.now() - timedelta(days=400)):
        assessed(zhang, worker, second, long_ago, {})
    draft = begin_assessment(wang, by=worker)
    half = dict(list(answers(today).items())[:12])
    save_answers(draft, answers=half, by=worker)
    handed = begin_assessment(zhou, by=second)
    save_answers(handed, answers=answers(today), facts=FACTS, conditions=["dementia"], by=second)
    submit_scores(handed, by=second)
    return {
        "final": final.pk, "draft": draft.pk, "handed": handed.pk, "person": chen.pk,
        "new": li.pk, "scale": Scale.objects.get().pk,
        "user": world.post(Role.WORKER, COMMUNITY, "committee").user.username,
    }  # fmt: skip


@pytest.fixture(scope="module")
def made(live_site: Any) -> Any:
    return live_site.run(build)


@pytest.fixture(scope="module")
def session(live_site: Any, made: Any) -> str:
    return str(live_site.run(session_of, made["user"]))


@pytest.fixture
def people(live_site: Any, made: Any) -> Iterator[Visitors]:
    with visitors(live_site.url) as found:
        yield found


def test_at_home_with_a_telephone_every_item_is_a_tap(
    people: Visitors, made: Any, session: str
) -> None:
    page = people.window(PHONE, session=session)
    page.goto(f"/desk/assessments/{made['draft']}/score/")
    for code in ("consciousness", "sight"):
        page.locator(f"input[name={code}]").first.check()
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url("**/score/")
    assert page.locator("input[name=sight]").first.is_checked()
    assert "14" in page.inner_text(".once-n")


def test_the_grade_comes_to_the_resident_s_page(people: Visitors, made: Any, session: str) -> None:
    page = people.window(session=session)
    page.goto(f"/desk/residents/{made['person']}/")
    page.wait_for_selector("#person-grade")
    assert "中度失能" in page.inner_text("#person-grade")
