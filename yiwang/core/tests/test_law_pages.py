"""Parameters and the calendar as acts, files and pages; the journal's page; the site's health."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.world import CHONGCHUAN, CITY, World
from yiwang.accounts.models import User
from yiwang.accounts.roles import Role
from yiwang.core import actions, sheets
from yiwang.core.errors import Refused
from yiwang.core.models import CalendarDay, JournalLine, Parameter
from yiwang.core.models.law import forget_law
from yiwang.core.reads import parameter

TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def fresh_law():
    forget_law()
    yield
    forget_law()


def change(world: World, **facts) -> Parameter:
    current = Parameter.objects.filter(rule_id="accounts.lock_tries").latest("effective_from")
    said: dict[str, Any] = {
        "value": 4,
        "effective_from": TOMORROW,
        "jurisdiction": "CN",
        "source": "测试文件",
    }
    said |= {"confidence": "ours", "by": world.administrator}
    return actions.set_parameter(current, **(said | facts))


def code_of(do, *args, **facts) -> str:
    with pytest.raises(Refused) as refusal:
        do(*args, **facts)
    return refusal.value.code


def test_a_new_value_counts_from_its_day_and_the_past_stays(world):
    change(world)
    forget_law()
    assert parameter("accounts.lock_tries", on=TODAY) == 5
    assert parameter("accounts.lock_tries", on=TOMORROW) == 4
    line = JournalLine.objects.latest("pk")
    assert (line.facts["before"], line.facts["after"]) == (5, 4)


def test_the_past_and_the_kind_of_a_value_cannot_be_changed(world):
    assert code_of(change, world, effective_from=date(2004, 1, 1)) == "past"
    assert code_of(change, world, value="五") == "kind"
    assert code_of(change, world, value=True) == "kind"


def test_a_county_sets_no_value_for_the_nation(world):
    county = world.actor(Role.ADMINISTRATOR, CHONGCHUAN, "civil_affairs", "区管理员")
    with pytest.raises(PermissionDenied):
        change(world, by=county)
    with pytest.raises(PermissionDenied):
        change(world, by=world.city_window)


def test_a_day_becomes_a_holiday_and_ordinary_again(world):
    day = CalendarDay(date=date(2026, 3, 4))
    facts = {"name": "测试假日", "source": "通知", "by": world.administrator}
    kept = actions.set_calendar_day(day, kind="holiday", **facts)
    assert CalendarDay.objects.get(date=day.date) == kept
    actions.set_calendar_day(day, kind="workday", **facts)
    assert not CalendarDay.objects.filter(date=day.date).exists()
    assert code_of(actions.set_calendar_day, day, kind="makeup", **facts) == "kind"
    with pytest.raises(PermissionDenied):
        actions.set_calendar_day(day, kind="holiday", by=world.city_window)


HEAD = "date,kind,name,name_en,provisional,source\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_calendar_file_is_read_in_the_encodings_offices_use(encoding):
    text = f"{HEAD}2028-01-01,holiday,元旦,New Year,1,暂定\r\n"
    [day] = sheets.read_calendar(text.encode(encoding))
    assert (day.name, day.provisional) == ("元旦", True)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (f"{HEAD}2028-13-01,holiday,元旦,,0,\n".encode(), "rows"),
        (f"{HEAD}2028-01-01,feast,元旦,,0,\n".encode(), "rows"),
        (f"{HEAD}2028-01-01,holiday,,,0,\n2028-01-01,holiday,,,0,\n".encode(), "twice"),
        ("日期,性质\n".encode(), "columns"),
        (b"", "columns"),
        (b"PK\x03\x04xlsx", "not_csv"),
        (b"\xff\xfe\x00", "not_csv"),
    ],
)
def test_a_bad_calendar_file_is_refused_with_what_to_do(data, code):
    assert code_of(sheets.read_calendar, data) == code


def test_files_go_out_as_they_came_in(db):
    rows = list(CalendarDay.objects.all())
    again = sheets.read_calendar(sheets.write_calendar(rows).encode())
    assert [(d.date, d.kind, d.name) for d in again] == [(d.date, d.kind, d.name) for d in rows]
    kept = list(Parameter.objects.all())
    values = sheets.read_parameters(sheets.write_parameters(kept).encode())
    assert [row.value for row in values] == [row.value for row in kept]


def test_loading_parameters_again_adds_nothing_and_overwrites_nothing(world):
    change(world)
    before = Parameter.objects.count()
    sheets.load_parameters(sheets.DATA / "parameters.csv")
    assert Parameter.objects.count() == before


@pytest.fixture
def signed_in(client, world):
    def sign(role: Role):
        user = world.post(role, CITY, "data_bureau", "某人").user
        User.objects.update(password_changed_at=timezone.now())
        client.force_login(user)
        return client

    return sign


def test_the_pages_of_the_law_change_it_only_for_who_may(signed_in):
    client = signed_in(Role.ADMINISTRATOR)
    assert client.get("/site/parameters/?q=锁定").status_code == 200
    page = "/site/parameters/accounts.lock_tries/"
    form = {"value": "4", "effective_from": TOMORROW, "jurisdiction": "CN", "source": "文件"}
    assert client.post(page, form | {"value": "四", "confidence": "ours"}).status_code == 422
    assert client.post(page, form | {"confidence": "ours"}).status_code == 302
    assert client.get("/site/parameters/no.such/").status_code == 404
    auditor = signed_in(Role.AUDITOR)
    assert auditor.post(page, form | {"confidence": "ours", "value": "3"}).status_code == 403


def test_a_calendar_file_is_uploaded_whole_or_not_at_all(signed_in):
    client, before = signed_in(Role.ADMINISTRATOR), CalendarDay.objects.count()
    bad = f"{HEAD}2027-12-30,holiday,测试,,0,\n2027-12-32,holiday,坏,,0,\n".encode()
    answer = client.post("/site/calendar/file/", {"file": SimpleUploadedFile("a.csv", bad)})
    assert answer.status_code == 422
    assert "第 3 行" in answer.content.decode()
    assert CalendarDay.objects.count() == before
    good = f"{HEAD}2027-12-30,holiday,测试,,0,通知\n".encode()
    answer = client.post("/site/calendar/file/", {"file": SimpleUploadedFile("a.csv", good)})
    assert answer.status_code == 302
    assert client.get("/site/calendar/?year=2027").status_code == 200
    assert client.get("/site/calendar/?year=1999").status_code == 200


def test_the_journal_is_for_its_officers_and_says_whether_it_is_whole(signed_in):
    assert signed_in(Role.ADMINISTRATOR).get("/site/journal/").status_code == 403
    client = signed_in(Role.AUDITOR)
    client.post("/site/journal/verify/")
    page = client.get("/site/journal/?act=core.verify&from=2026-01-01&to=bad")
    assert [line.act for line in page.context["page"].lines] == ["core.verify"]
    export = client.get("/site/journal/export/")
    assert export.headers["Content-Type"].startswith("text/csv")
    assert JournalLine.objects.filter(act="core.export").exists()


def test_health_is_public_and_tells_no_secrets(client, db):
    body = client.get("/site/health/").json()
    assert body["ok"] is True
    assert set(body) == {"ok", "database", "version", "journal"}


def test_the_deadline_calculator_counts_working_days_and_knows_its_limits(client, db):
    ask = "/api/v1/core/deadline?start=2026-09-30T10:00:00&unit=working_days&amount="
    assert client.get(f"{ask}1").json()["due"].startswith("2026-10-08")
    assert client.get(f"{ask}99999").json()["code"] == "calendar_ends"
    assert client.get(f"{ask}-1").status_code == 409
