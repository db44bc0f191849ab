"""The pages of matters, from the acceptance to the result, as every page is seen."""

import pytest

from tests.crawl import crawling, routes

pytestmark = pytest.mark.browser
crawl = pytest.fixture(scope="module")(crawling)


@pytest.mark.parametrize("route", routes("matters"), ids=str)
def test_a_page_of_matters_is_right_in_both_languages_and_sizes_and_for_everyone(route, crawl):
    assert crawl.wrong_with(route) == []
