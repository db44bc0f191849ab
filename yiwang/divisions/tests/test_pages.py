"""The pages as staff see them: what they show, what they refuse, and in how many statements."""

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.urls import reverse

from yiwang.divisions.models import Change, Division, Review
from yiwang.divisions.sheets import load_divisions

from .conftest import SMALL

RUGAO, DONGCHEN, NANLING = 320682_000_000, 320682_101_000, 320682_101_201


@pytest.fixture
def staff(city, client, django_user_model):
    """Signed in with every right on divisions in the whole city."""
    return _signed_in(client, django_user_model, "A1", city)


@pytest.fixture
def clerk_of_rugao(city, client, django_user_model):
    """Signed in with the rights of a county's administrator in 如皋市."""
    return _signed_in(client, django_user_model, "A1", Division.objects.get(pk=RUGAO))


@pytest.fixture
def worker(city, client, django_user_model):
    """Signed in at a community, to look only."""
    return _signed_in(client, django_user_model, "C3", Division.objects.get(pk=NANLING))


def _signed_in(client: Any, users: Any, role: str, division: Division) -> Any:
    unit = apps.get_model("accounts", "Unit").objects.create(
        division=division, code="civil_affairs", name="单位", short_name="单位"
    )
    user = users.objects.create(username=f"{role}-{division.pk}", name="周敏")
    apps.get_model("accounts", "Post").objects.create(
        user=user, unit=unit, role=role, division=division, starts_on=date(2024, 1, 1)
    )
    client.force_login(user)
    return client


def form(**values: Any) -> dict[str, Any]:
    return {
        "document": "通政发〔2024〕1号", "effective_on": "2024-01-01", "note": "", "code": "",
        **values,
    }  # fmt: skip


def test_the_tree_shows_counties_with_counts_of_kinds(staff):
    page = staff.get(reverse("divisions:tree"))
    assert page.status_code == 200
    text = page.content.decode()
    assert "如皋市" in text
    assert "2 个县（市、区）" in text
    assert "其中 1 个是虚拟区划" in text


def test_a_branch_opens_by_itself(staff):
    text = staff.get(reverse("divisions:branch", args=[DONGCHEN])).content.decode()
    assert "南凌村委会" in text
    assert "<html" not in text


def test_the_search_finds_by_pinyin_and_says_when_nothing_is_found(staff):
    found = staff.get(reverse("divisions:tree"), {"q": "nanling"}).content.decode()
    assert "南凌村委会" in found
    assert "如皋市 · 东陈镇" in found
    nothing = staff.get(reverse("divisions:tree"), {"q": "没有这里"}).content.decode()
    assert "没有找到区划" in nothing


def test_a_day_of_the_past_is_said_in_a_banner_and_nonsense_too(staff):
    past = staff.get(reverse("divisions:tree"), {"as_of": "2019-12-31"}).content.decode()
    assert "这里显示的是 2019年12月31日" in past
    faulty = staff.get(reverse("divisions:tree"), {"as_of": "2019-13-45"}).content.decode()
    assert "日期看不懂" in faulty


def test_a_change_is_shown_before_it_is_done(staff):
    url = f"{reverse('divisions:change-new')}?type=rename&division={NANLING}"
    assert staff.get(url).status_code == 200
    values = form(type="rename", division=NANLING, name="南凌社区居委会")
    shown = staff.post(reverse("divisions:change-new"), values)
    assert "将会发生" in shown.content.decode()
    assert Division.objects.get(pk=NANLING).name == "南凌村委会"
    done = staff.post(reverse("divisions:change-new"), {**values, "confirm": "1"})
    assert done.status_code == 302
    assert Division.objects.get(pk=NANLING).name == "南凌社区居委会"


def test_a_past_day_shows_the_name_of_that_day(staff):
    values = form(type="rename", division=NANLING, name="南凌社区居委会", confirm="1")
    staff.post(reverse("divisions:change-new"), values)
    url = reverse("divisions:detail", args=[NANLING])
    assert "南凌村委会" in staff.get(url, {"as_of": "2023-06-30"}).content.decode()
    assert '<h1 id="h1">南凌社区居委会' in staff.get(url).content.decode()


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("establish", {"division": DONGCHEN, "name": "新陈社区居委会"}),
        ("abolish", {"division": NANLING, "heir": ""}),
        ("merge", {"division": NANLING, "others": [320682101200], "name": "凌雁村委会",
                   "survivor": "", "rows": ""}),
        ("split", {"division": NANLING, "first": "南凌一村委会", "second": "南凌二村委会"}),
        ("move", {"division": NANLING, "to": 320682105000}),
        ("recode", {"division": NANLING, "code": "320682101209", "name": "", "rows": ""}),
    ],
)  # fmt: skip
def test_each_type_of_change_can_be_filled_in_and_confirmed(staff, kind, more):
    url = reverse("divisions:change-new")
    assert staff.get(f"{url}?type={kind}&division={more['division']}").status_code == 200
    values = form(type=kind, **more)
    assert "将会发生" in staff.post(url, values).content.decode()
    assert not Change.objects.exists()
    assert staff.post(url, {**values, "confirm": "1"}).status_code == 302
    assert Change.objects.get().type == kind


def test_missing_document_and_a_refusal_stand_at_the_form(staff):
    url = reverse("divisions:change-new")
    empty = form(type="rename", division=NANLING, name="甲村委会")
    page = staff.post(url, {**empty, "document": ""})
    assert page.status_code == 422
    same = staff.post(url, form(type="rename", division=NANLING, name="南凌村委会"))
    assert same.status_code == 422
    assert "新名称与现名称相同" in same.content.decode()


def test_a_county_may_change_what_lies_in_it_but_not_itself(clerk_of_rugao):
    url = reverse("divisions:change-new")
    assert clerk_of_rugao.get(f"{url}?type=rename&division={DONGCHEN}").status_code == 200
    assert clerk_of_rugao.get(f"{url}?type=rename&division={RUGAO}").status_code == 403


def test_who_may_only_look_gets_no_forms(worker):
    assert worker.get(reverse("divisions:tree")).status_code == 200
    detail = worker.get(reverse("divisions:detail", args=[NANLING])).content.decode()
    assert reverse("divisions:change-new") not in detail
    for name in ("divisions:change-new", "divisions:review"):
        assert worker.get(reverse(name)).status_code == 403


def test_a_classification_is_saved_with_its_reason(staff):
    url = reverse("divisions:classify", args=[NANLING])
    assert staff.get(url).status_code == 200
    values = form(kind="residents", settlement="mixed", reason="村改居", kiosk_phase="")
    assert staff.post(url, values).status_code == 302
    assert Division.objects.get(pk=NANLING).settlement == "mixed"
    assert "村改居" in staff.get(reverse("divisions:detail", args=[NANLING])).content.decode()


def test_the_review_queue_is_worked_off(staff, tmp_path):
    file = tmp_path / "later.csv"
    file.write_text(SMALL.replace("南凌村委会", "南凌社区居委会"))
    load_divisions(file)
    review = Review.objects.get()
    assert "南凌社区居委会" in staff.get(reverse("divisions:review")).content.decode()
    url = reverse("divisions:review-decide", args=[review.pk])
    assert staff.get(url).status_code == 200
    assert staff.post(url, {"way": "rename"}).status_code == 422
    values = {"way": "rename", "document": "通政发〔2024〕1号", "effective_on": "2024-01-01"}
    assert staff.post(url, values).status_code == 302
    assert Division.objects.get(pk=NANLING).name == "南凌社区居委会"
    assert "南凌" in staff.get(reverse("divisions:review"), {"state": "decided"}).content.decode()


@pytest.mark.parametrize("what", ["places", "changes", "review"])
def test_each_list_comes_as_a_workbook(staff, what):
    answer = staff.get(reverse("divisions:export", args=[what]))
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert sheet["A1"].value
    assert sheet["A2"].value.startswith("单位：")


def test_the_workbook_is_filtered_like_the_page(staff):
    answer = staff.get(reverse("divisions:export", args=["places"]), {"q": "nanling"})
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert [row[2].value for row in sheet.iter_rows(min_row=4)] == ["南凌村委会"]


def test_an_unknown_place_is_not_found(staff):
    assert staff.get(reverse("divisions:detail", args=[999])).status_code == 404


def test_tree_and_place_take_few_statements(staff, django_assert_max_num_queries):
    staff.get(reverse("divisions:tree"))  # parameters are remembered from now on
    with django_assert_max_num_queries(16):
        staff.get(reverse("divisions:tree"))
    with django_assert_max_num_queries(26):
        staff.get(reverse("divisions:detail", args=[RUGAO]))
