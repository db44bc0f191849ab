"""The search box in a real Chromium: by keyboard, four modes, no complaint."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page

from tests.visitors import session_of, visitors
from tests.world import COMMUNITY, build_world
from yiwang.accounts.models import User
from yiwang.residents.actions import add_resident

pytestmark = pytest.mark.browser


def build() -> str:
    """A resident to be found; the session of the community's network administrator."""
    world = build_world()
    add_resident(
        world.place(COMMUNITY), name="陆秀英", values={"phone": "15400006611"},
        by=world.network_admin,
    )  # fmt: skip
    return session_of(User.objects.get(pk=world.network_admin.user_id).username)


@pytest.fixture
def page(live_site: Any) -> Iterator[Page]:
    """The page of a network administrator at work."""
    session = live_site.run(build)
    with visitors(live_site.url) as people:
        yield people.window(session=session)


def test_the_search_box_works_by_keyboard_alone(page, axe):
    complaints: list[str] = []
    seen: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("request", lambda sent: seen.append(unquote(sent.url)))
    page.goto("/desk/help/")
    page.keyboard.press("/")
    page.keyboard.type("陆秀英")
    page.wait_for_selector("#found a")
    page.keyboard.press("ArrowDown")
    assert "陆*英" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Escape")
    assert page.inner_text("#found") == ""
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/search/?w=*")
    assert "陆*英" in page.inner_text("main")
    page.reload()
    assert page.input_value("#q-page") == "陆秀英"
    assert axe(page) == []
    assert not any("陆" in address for address in seen)
    assert complaints == []
