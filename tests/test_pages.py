"""Every page of the resolver, opened by somebody who may; nothing may be wrong with any of them.

The pages are not listed here: they come from the addresses themselves, with the records of one
corner of the city. A new page is looked at as soon as it has an address. Here are the pages at the
desk; test_pages_matters, _people, _public and _signing have the rest.
"""

import pytest

from tests.crawl import crawling, routes
from yiwang.accounts.roles import Role

pytestmark = pytest.mark.browser
crawl = pytest.fixture(scope="module")(crawling)


@pytest.mark.parametrize("route", routes("desk"), ids=str)
def test_a_page_at_the_desk_is_right_in_both_languages_and_sizes_and_for_everyone(route, crawl):
    assert crawl.wrong_with(route) == []


@pytest.mark.parametrize("role", list(Role), ids=[one.value for one in Role])
def test_every_entry_of_a_roles_menus_opens(role, crawl):
    """What the menu and the workbench offer is never refused."""
    page = crawl.people.window(session=crawl.city.sessions[crawl.city.usernames[role]])
    page.goto("/desk/")
    offered = page.evaluate(
        """[...document.querySelectorAll('nav a[href^="/"], main a[href^="/"]')].map(
            one => one.getAttribute('href'))"""
    )
    answers = {address: page.request.get(address).status for address in sorted(set(offered))}
    page.context.close()
    assert offered
    assert {address: status for address, status in answers.items() if status >= 400} == {}


def test_there_are_pages_to_look_at():
    assert len(routes("desk")) > 60
