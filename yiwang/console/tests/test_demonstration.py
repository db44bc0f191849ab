"""Demonstration data: said on every page, removed only by who may and who means it."""

from types import SimpleNamespace

import pytest

from yiwang.console.reads import surroundings
from yiwang.console.views import demonstration

PAGE = "/desk/remove-demo/"


@pytest.fixture
def loaded(monkeypatch):
    """As if demonstration data were there; keeps what was asked of it."""
    asked = []
    state = {"loaded": True}

    def remove(*, by, progress):
        asked.append(by.name)
        state["loaded"] = False

    part = SimpleNamespace(is_loaded=lambda: state["loaded"], remove=remove)
    monkeypatch.setattr(surroundings, "demonstration", lambda: part)
    monkeypatch.setattr(demonstration, "demonstration", lambda: part)
    return asked


@pytest.mark.parametrize("address", ["/desk/", "/desk/help/", "/accounts/login/", "/"])
def test_every_page_says_that_the_data_is_made_up(world, loaded, sign_in, client, address):
    browser = sign_in(world.network_admin) if address.startswith("/desk/") else client
    text = browser.get(address).content.decode()
    assert "演示数据，人名、号码和数字均为虚构" in text


def test_without_demonstration_nothing_is_said(world, sign_in):
    text = sign_in(world.network_admin).get("/desk/help/").content.decode()
    assert "均为虚构" not in text


def test_only_an_administrator_is_offered_to_remove_it(world, loaded, sign_in):
    assert PAGE in sign_in(world.administrator).get("/desk/help/").content.decode()
    assert PAGE not in sign_in(world.network_admin).get("/desk/help/").content.decode()


def test_the_name_of_the_city_removes_it(world, loaded, sign_in):
    page = sign_in(world.administrator).post(PAGE, {"typed": "南通市"})
    assert page.status_code == 302
    assert loaded == ["系统管理员"]


@pytest.mark.parametrize("typed", ["", "南通", "确定", "南通市 x"])
def test_any_other_words_remove_nothing(world, loaded, sign_in, typed):
    page = sign_in(world.administrator).post(PAGE, {"typed": typed})
    assert page.status_code == 422
    assert loaded == []


def test_nobody_else_may_remove_it(world, loaded, sign_in):
    page = sign_in(world.leader).post(PAGE, {"typed": "南通市"})
    assert page.status_code == 403
    assert loaded == []


def test_where_there_is_none_there_is_no_page(world, sign_in):
    assert sign_in(world.administrator).get(PAGE).status_code == 404
