"""The pages of tags and needs in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.visitors import PHONE, Visitors, session_of, visitors

from .neighbourhood import build

pytestmark = pytest.mark.browser


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


def test_the_chips_come_to_the_resident_s_page(people: Visitors, made: Any, session: str) -> None:
    page = people.window(session=session)
    page.goto(f"/desk/residents/{made['person']}/")
    page.wait_for_selector("#person-tags")
    assert "高龄老人" in page.inner_text("#person-tags")
    assert "残疾人" not in page.inner_text("#person-tags")


def test_a_question_appears_with_the_answer_it_depends_on(
    people: Visitors, made: Any, session: str
) -> None:
    page = people.window(PHONE, session=session)
    page.goto(f"/desk/needs/surveys/{made['survey']}/answer/?paper=1")
    assert not page.is_visible("text=哪几餐？")
    page.check("[data-question=q1] input[value=yes]")
    assert page.is_visible("text=哪几餐？")
    page.check("[data-question=q1] input[value=no]")
    assert not page.is_visible("text=哪几餐？")
