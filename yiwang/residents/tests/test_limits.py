"""What a person restricted or objected to is shown as such and used by nobody (PIPL 44-47)."""

import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.world import COMMUNITY, World
from yiwang.accounts.models import User
from yiwang.core.errors import Refused
from yiwang.personal.actions import ask_for_right, decide_request, lift_restriction
from yiwang.personal.reads import is_restricted, own_actor
from yiwang.residents.actions import add_resident, override_limit
from yiwang.residents.models import Resident, UseLimit
from yiwang.residents.reads import NOTHING, limits_of, limits_on, listed_value
from yiwang.residents.sheets import residents_workbook
from yiwang.tags.reads import listed


@pytest.fixture
def desk(world):
    browser = Client()
    browser.force_login(User.objects.get(pk=world.network_admin.user_id))
    return browser


def granted(world: World, resident, kind="restrict", field="phone"):
    asked = ask_for_right(resident, kind=kind, field=field, words="不要用", by=own_actor(resident))
    return decide_request(asked, granted=True, answer="照办", by=world.network_admin)


def cells(people):
    book = openpyxl.load_workbook(io.BytesIO(residents_workbook(people, title="名单")))
    return [[str(cell or "") for cell in row] for row in book.active.iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["restrict", "object"])
def test_a_request_that_is_granted_is_told_to_the_register_until_it_is_lifted(
    world, resident, kind
):
    asked = granted(world, resident, kind)
    held = UseLimit.objects.get()
    assert (held.kind, held.field, held.reference) == (kind, "phone", f"request:{asked.pk}")
    assert is_restricted(resident, "phone")
    assert not is_restricted(resident, "name")
    lift_restriction(asked.restriction, by=world.network_admin)
    assert not limits_on(resident)


def test_a_limit_on_everything_covers_every_field(world, resident):
    granted(world, resident, field="")
    limits = limits_on(resident)
    assert limits.on("phone")
    assert limits.on("name")
    assert limits_of([resident, resident.pk])[resident.pk].sentence == "全部信息限制使用，未列出"


def test_the_register_shows_it_as_restricted(world, resident, desk):
    granted(world, resident)
    text = desk.get(resident.get_absolute_url()).content.decode()
    assert "本人要求限制使用" in text
    assert "限制使用" in desk.get(reverse("residents:list")).content.decode()
    field = reverse("residents:field", args=[resident.pk, "phone"])
    assert "本人要求限制使用" in desk.get(field).content.decode()
    facts = desk.get(f"/api/v1/residents/{resident.pk}").json()["facts"]
    assert {one["code"] for one in facts if one["limited"]} == {"phone"}


def test_an_export_leaves_it_out_and_says_why(world, resident):
    granted(world, resident)
    rows = cells(Resident.objects.select_related("division", "dwelling", "household"))
    line = next(row for row in rows if row[0] == resident.masked_name)
    assert line[4] == "限制使用"
    assert line[5] == resident.masked_address
    assert "有 1 人要求限制使用部分信息" in rows[-1][0]


def test_a_list_of_tagged_people_and_a_department_s_result_leave_it_out(world, resident):
    granted(world, resident)
    assert listed(resident).phone == "限制使用"
    assert listed_value(resident, "phone", "154****8830", limits_on(resident)) == "限制使用"
    assert listed_value(resident, "name", "陈*英", limits_on(resident)) == "陈*英"


def test_a_legal_duty_is_named_or_the_field_is_not_used(world, resident):
    granted(world, resident)
    by = world.network_admin
    with pytest.raises(Refused) as short:
        override_limit(resident, field="phone", reason="要", by=by)
    assert short.value.code == "reason_needed"
    with pytest.raises(PermissionDenied):
        override_limit(resident, field="phone", reason="依法核对补贴对象", by=world.neighbour_admin)
    override_limit(resident, field="phone", reason="依法核对补贴对象", by=by)
    assert limits_on(resident).on("phone")


@pytest.fixture
def child(world):
    return add_resident(
        world.place(COMMUNITY), name="欧阳小宝",
        values={"born_on": f"{timezone.localdate().year - 8}-01-01", "phone": "13900012345",
                "home_address": "南园新村12幢302室"},
        surely_new=True, by=world.network_admin,
    )  # fmt: skip


def test_of_a_child_no_list_shows_more_than_surname_year_and_community(world, child, desk):
    assert (child.masked_name, child.masked_phone, child.masked_address) == ("欧阳**", "", "")
    place = child.division.label
    shown = {
        code: listed_value(child, code, text, NOTHING)
        for code, text in (
            ("name", "欧阳*宝"), ("born_on", "2018-05-20"), ("school", "南园小学"),
            ("home_address", "南园新村12幢**室"), ("phone", "139****2345"), ("sex", "女"),
        )
    }  # fmt: skip
    assert shown == {
        "name": "欧阳**", "born_on": "2018", "school": "", "home_address": place, "phone": "",
        "sex": "女",
    }  # fmt: skip
    text = desk.get(reverse("residents:list")).content.decode()
    assert "欧阳**" in text
    assert "南园新村" not in text
    assert "南园新村" not in str(cells(Resident.objects.select_related("division", "dwelling")))


def test_the_age_is_the_parameter_s(world, child):
    today = timezone.localdate()
    assert child.is_minor_on(today.replace(year=today.year + 5, day=1))
    assert not child.is_minor_on(today.replace(year=today.year + 6, day=1))
    nobody_knows = Resident(name="王某")
    assert not nobody_knows.is_minor
