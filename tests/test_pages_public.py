"""The residents' pages, and the pages that say no, as every page is seen."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tests.crawl import LANGUAGES, crawling, routes
from yiwang.accounts.roles import Role

pytestmark = pytest.mark.browser
crawl = pytest.fixture(scope="module")(crawling)


@pytest.mark.parametrize("route", routes("public"), ids=str)
def test_a_page_for_residents_is_right_in_both_languages_and_sizes_and_for_everyone(route, crawl):
    assert crawl.wrong_with(route) == []


@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        (None, "/nowhere/", 404),
        (None, "/verify/NOTACODE/", 404),
        (Role.ADMINISTRATOR, "/desk/matters/", 403),
        (Role.WORKER, "/desk/residents/99999999/", 404),
    ],
)
def test_a_page_that_says_no_is_right_too(role, address, status, crawl):
    username = crawl.city.usernames[role] if role else ""
    assert crawl.look(username, address, status) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_broken_server_is_right_too(language, crawl):
    """It is shown without anything that could be broken: no settings, no records."""
    with translation.override(LANGUAGES[language]):
        body = render_to_string("500.html")
    page = crawl.window("", language)
    page.route("**/broken/", lambda it: it.fulfill(status=500, content_type="text/html", body=body))
    page.goto("/broken/")
    crawl.people.faults.clear()  # the browser itself says that the answer was 500
    assert crawl.seen(page, language) == []
