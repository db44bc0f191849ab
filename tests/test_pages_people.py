"""The pages about residents and organisations, from the register to the surveys."""

import pytest

from tests.crawl import crawling, routes

pytestmark = pytest.mark.browser
crawl = pytest.fixture(scope="module")(crawling)


@pytest.mark.parametrize("route", routes("people"), ids=str)
def test_a_page_about_people_is_right_in_both_languages_and_sizes_and_for_everyone(route, crawl):
    assert crawl.wrong_with(route) == []
