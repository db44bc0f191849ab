"""A network administrator at a real browser: what others say, one tap, and it is decided."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.axe import show_as, violations
from tests.visitors import PHONE, session_of, visitors
from tests.world import CHONGCHUAN, COMMUNITY, LAN, build_world
from yiwang.core.sheets import DATA, load_parameters
from yiwang.residents.actions import add_resident, change_resident, record_facts
from yiwang.residents.models import Resident

pytestmark = pytest.mark.browser
NARROW = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def family() -> tuple[Resident, str]:
    """Somebody of whom three sources speak, and the session of who looks after her."""
    world = build_world()
    load_parameters(DATA / "parameters.csv")
    by = world.network_admin
    chen = add_resident(
        world.place(COMMUNITY), name="陈桂英", source="visit", by=by,
        values={**LAN, "home_address": "易家桥新村12幢302室", "employer": "益民超市",
                "emergency_contact": "陈建国", "emergency_phone": "13900005678"},
    )  # fmt: skip
    record_facts(
        chen, values={"chronic_disease": "hypertension", "phone": "13900007777"},
        source_kind="department", source_label="卫健慢病名单", purpose="慢病管理",
        owner=world.unit(CHONGCHUAN, "health"), by=by,
    )  # fmt: skip
    record_facts(chen, values={"phone": "13900001234"}, source_kind="resident", by=by)
    change_resident(chen, changes={"employer": "市第一人民医院"}, by=by)
    return chen, session_of(f"n3-{COMMUNITY}-committee")


def looked_at(page: Page, name: str) -> None:
    """Nothing runs over the edge and nobody is shut out; a picture where somebody wants one."""
    assert page.evaluate(NARROW)
    assert violations(page) == []
    if folder := os.environ.get("YIWANG_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_sources_side_by_side_and_one_tap_decides(live_site: Any) -> None:
    chen, session = live_site.run(family)
    with visitors(live_site.url) as people:
        desk = people.window(session=session)
        desk.goto("/desk/residents/quality/")
        looked_at(desk, "quality")
        desk.goto(chen.get_absolute_url())
        looked_at(desk, "detail")
        desk.get_by_text("来源不一致").click()
        expect(desk.get_by_text("首次采集")).to_be_visible()
        looked_at(desk, "detail-open")
        phone = people.window(PHONE, session=session)
        for path, name in (("", "detail"), ("fields/phone/", "field"), ("records/", "records")):
            phone.goto(f"{chen.get_absolute_url()}{path}")
            looked_at(phone, f"{name}-phone")
        phone.goto("/desk/residents/quality/")
        looked_at(phone, "quality-phone")
        show_as(phone, "elder")
        phone.goto(f"{chen.get_absolute_url()}fields/phone/")
        looked_at(phone, "field-elder")
        english = people.window(session=session, language="en")
        english.goto(f"{chen.get_absolute_url()}fields/phone/")
        looked_at(english, "field-english")
        row = desk.get_by_role("row").filter(has_text="居民自报")
        row.get_by_role("button", name="以此为准").click()
        expect(desk.get_by_text("已核定，从现在起以此为准。")).to_be_visible()
        expect(desk.get_by_text("139****1234")).to_be_visible()
