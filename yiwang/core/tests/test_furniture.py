"""The page furniture: tags, filters, bases, display settings, and the rules of its files."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import include, path
from django.utils import timezone, translation

from config.catalogues import compile_all
from yiwang.core import views
from yiwang.core.errors import Refused
from yiwang.core.rules.numbers import compose

urlpatterns = [
    path("site/", include("yiwang.core.urls")),
    path("accounts/", include(([path("switch/", HttpResponse, name="switch")], "accounts"))),
]


@pytest.fixture(autouse=True)
def _furniture_alone(settings: Any) -> None:
    """Only core's own addresses and context, so that these tests speak of the furniture."""
    settings.ROOT_URLCONF = __name__
    engine = settings.TEMPLATES[0]
    processors = ["django.template.context_processors.request", "yiwang.core.context.display"]
    options = {**engine["OPTIONS"], "context_processors": processors}
    settings.TEMPLATES = [{**engine, "OPTIONS": options}]


@pytest.fixture(scope="module")
def english() -> None:
    compile_all()


def draw(source: str, query: str = "", **context: Any) -> str:
    context.setdefault("request", RequestFactory().get(f"/list{query}"))
    template = Engine.get_default().from_string("{% load furniture %}" + source)
    return template.render(Context(context))


def base(name: str, **context: Any) -> str:
    request = context.pop("request", RequestFactory().get("/page/"))
    return render_to_string(name, context, request)


# ---------- small marks ----------


def test_an_icon_is_hidden_from_screen_readers_and_points_into_the_sprite() -> None:
    html = draw("{% icon 'home' 'i-lg' %}")
    assert 'class="i i-lg" aria-hidden="true"' in html
    assert re.search(r'href="[^"]*icons[^"]*\.svg#home"', html)


def test_text_in_a_chip_is_escaped() -> None:
    html = draw("{% chip 'warn' text 'clock' %}", text="<b>剩 1 天</b>")
    assert "chip-warn" in html
    assert "&lt;b&gt;剩 1 天" in html


@pytest.mark.parametrize(("given", "drawn"), [(83, "83%"), (-4, "0%"), (140, "100%")])
def test_a_bar_never_leaves_its_frame(given: float, drawn: str) -> None:
    assert f'class="v" width="{drawn}"' in draw("{% bar given %}", given=given)


@pytest.mark.parametrize("kind", ["lib", "visit", "prev", "old", "self", "import"])
def test_every_provenance_has_a_picture(kind: str) -> None:
    assert "<use href=" in draw("{% src kind '走访 · 10-20' %}", kind=kind)


def test_the_dial_tells_its_figures_in_words_and_stops_when_full() -> None:
    html = draw("{% dial 1.4 '超期' '1 天' 'danger' %}")
    assert 'stroke-dasharray="100 100"' in html
    assert 'aria-label="期限已用 100%，超期1 天"' in html


# ---------- fields ----------


class Application(forms.Form):
    bank = forms.CharField(label="收款银行卡号", help_text="19 位数字")
    born_on = forms.DateField(label="出生日期", required=False)
    sex = forms.ChoiceField(
        label="性别", choices=[("m", "男"), ("f", "女")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="居民已同意")
    draft = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("申请人不满 60 岁")


@pytest.fixture
def wrong() -> Application:
    return Application({"bank": "", "born_on": "2026-02-03"})


def test_a_field_says_whether_it_must_be_filled_in() -> None:
    form = Application()
    assert "必填" in draw("{% field form.bank %}", form=form)
    assert "选填" in draw("{% field form.born_on %}", form=form)


def test_a_wrong_field_is_tied_to_its_hint_and_its_error(wrong: Application) -> None:
    html = draw("{% field form.bank %}", form=wrong)
    assert 'aria-invalid="true"' in html
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described
    for name in described[1].split():
        assert f'id="{name}"' in html


def test_a_date_field_is_the_browsers_own_and_keeps_what_was_typed(wrong: Application) -> None:
    html = draw("{% field form.born_on %}", form=wrong)
    assert 'type="date"' in html
    assert 'value="2026-02-03"' in html


def test_choices_are_one_group_with_a_legend(wrong: Application) -> None:
    html = draw("{% field form.sex %}", form=wrong)
    assert html.count("<legend") == 1
    assert html.count('type="radio"') == 2
    assert 'aria-describedby="id_sex_error"' in html


def test_a_tick_stands_before_its_label_and_a_hidden_field_has_none() -> None:
    form = Application()
    assert re.search(
        r"<label.*<input[^>]*>.*居民已同意", draw("{% field form.agreed %}", form=form)
    )
    assert "<label" not in draw("{% field form.draft %}", form=form)


def test_the_error_summary_leads_to_every_wrong_field(wrong: Application) -> None:
    html = draw("{% error_summary form %}{% for x in form %}{% field x %}{% endfor %}", form=wrong)
    assert "有 4 处需要改正" in html
    assert "申请人不满 60 岁" in html
    targets = re.findall(r'href="#([^"]+)"', html.split("</ul>")[0])
    assert len(targets) == 3
    for target in targets:
        assert f'id="{target}"' in html


def test_a_form_without_faults_has_no_summary() -> None:
    assert draw("{% error_summary form %}", form=Application()).strip() == ""


# ---------- lists ----------


def test_the_pager_keeps_the_filters() -> None:
    page = Paginator(range(1286), 25).get_page(2)
    html = draw("{% pager page %}", "?state=open&state=late&page=2", page=page)
    assert 'href="?state=open&amp;state=late&amp;page=1"' in html
    assert 'href="?state=open&amp;state=late&amp;page=3"' in html
    assert "共 1,286 条" in html
    assert "第 2 / 52 页" in html


def test_the_first_page_has_no_way_back() -> None:
    html = draw("{% pager page %}", page=Paginator(range(3), 25).get_page(1))
    assert "href" not in html


def test_a_keyset_page_replaces_one_cursor_by_the_other() -> None:
    page = SimpleNamespace(previous_cursor="b", next_cursor="c", total=None)
    html = draw("{% pager page %}", "?after=a&q=1", page=page)
    assert 'href="?q=1&amp;before=b"' in html
    assert 'href="?after=c&amp;q=1"' in html


@pytest.mark.parametrize(
    ("query", "order", "following"),
    [("", None, "due"), ("?sort=due", "ascending", "-due"), ("?sort=-due", "descending", "due")],
)
def test_a_column_sorts_one_way_then_the_other(query: str, order: str, following: str) -> None:
    html = draw("{% sort_link 'due' '期限' %}", query)
    assert (f'aria-sort="{order}"' in html) is bool(order)
    assert f"sort={following}" in html


def test_sorting_begins_at_the_first_page_and_keeps_the_filters() -> None:
    assert 'href="?q=1&amp;sort=due"' in draw("{% sort_link 'due' '期限' %}", "?q=1&page=7")


def test_a_filter_takes_away_itself_alone() -> None:
    filters = [{"key": "state", "value": "open", "label": "办理中"}, {"key": "q", "label": "灯"}]
    html = draw("{% removable filters %}", "?state=open&state=late&q=x&page=3", filters=filters)
    assert 'href="?state=late&amp;q=x"' in html
    assert 'href="?state=open&amp;state=late"' in html
    assert "全部去掉" in html


def test_crumbs_end_with_the_page_itself() -> None:
    html = draw("{% crumbs '工作台' '/desk/' '事项' '/desk/matters/' '1118' %}")
    assert html.count("<a ") == 2
    assert '<li aria-current="page">1118</li>' in html


def test_an_empty_list_says_what_to_do() -> None:
    html = draw("{% empty 'users' '还没有居民' '导入后在这里查看' '/import/' '导入居民' %}")
    assert '<a class="btn btn-soft" href="/import/">导入居民</a>' in html


# ---------- words and numbers ----------


@pytest.fixture
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 11, 23))


@pytest.mark.usefixtures("_november", "english")
@pytest.mark.parametrize(
    ("source", "value", "chinese", "in_english"),
    [
        ("day", date(2026, 11, 23), "11月23日 星期一", "Mon 23 Nov"),
        ("day", date(2025, 11, 23), "2025年11月23日 星期日", "Sun 23 Nov 2025"),
        ("long_day", date(2026, 11, 23), "2026年11月23日 星期一", "Mon 23 Nov 2026"),
        ("moment", datetime(2026, 11, 23, 1, 5, tzinfo=UTC), "11-23 09:05", "23 Nov 09:05"),
        ("moment", datetime(2025, 12, 31, 16, 1, tzinfo=UTC), "01-01 00:01", "1 Jan 00:01"),
        ("moment", datetime(2025, 1, 1, 1, 1, tzinfo=UTC), "2025-01-01 09:01", "1 Jan 2025 09:01"),
        ("thousands", 1286, "1,286", "1,286"),
        ("thousands", Decimal("2560000.50"), "2,560,000.50", "2,560,000.50"),
    ],
)
def test_dates_and_numbers_in_both_languages(
    source: str, value: object, chinese: str, in_english: str
) -> None:
    for language, expected in (("zh-hans", chinese), ("en", in_english)):
        with translation.override(language):
            assert draw("{{ value|" + source + " }}", value=value) == expected


@pytest.mark.parametrize(
    "name", ["day", "long_day", "moment", "thousands", "matter_number", "mask_name", "mask_phone"]
)
def test_what_is_not_known_is_left_blank(name: str) -> None:
    assert draw("{{ value|" + name + " }}", value=None) == ""


def test_numbers_and_names_are_shown_by_the_rules() -> None:
    number = compose(date(2026, 11, 18), 47)
    html = draw("{{ n|matter_number }} {{ n|matter_short }} {{ name|mask_name }}", n=number,
                name="张桂兰")  # fmt: skip
    assert html.startswith("20261118-0000-47")
    assert " 1118-" in html
    assert html.endswith("张*兰")


# ---------- the bases ----------

BASES = ["base_staff.html", "base_portal.html", "base_plain.html"]
PAGES = [*BASES, "400.html", "403.html", "404.html", "core/csrf.html", "core/refused.html"]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_stands_without_any_context(name: str) -> None:
    html = base(name)
    assert '<html lang="zh-CN">' in html
    assert html.count('id="main"') == 1
    assert 'href="#main"' in html


def test_the_page_of_a_failed_system_needs_no_request() -> None:
    assert "系统出了错" in render_to_string("500.html")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("name", PAGES)
def test_the_furniture_is_wholly_in_english_when_asked(name: str) -> None:
    with translation.override("en"):
        html = base(name, demo=True, typed=["Li"], message="No.", menu=MENU, quick=MENU[0]["items"])
    assert '<html lang="en">' in html
    assert not re.search(r"[\u4e00-\u9fff]", html.replace(">中文<", "><").replace("中文\n", "")), (
        html
    )


@pytest.mark.parametrize("name", BASES)
def test_the_cookies_set_size_and_contrast_in_the_first_byte(name: str) -> None:
    request = RequestFactory().get("/page/")
    request.COOKIES = {"yw-size": "elder", "yw-contrast": "high"}
    html = base(name, request=request)
    assert '<html lang="zh-CN" data-size="elder" data-contrast="high">' in html


@pytest.mark.parametrize("name", BASES)
def test_demonstration_data_is_announced_on_every_base(name: str) -> None:
    words = "演示数据，人名、号码和数字均为虚构"
    assert words in base(name, demo=True)
    assert words not in base(name)


MENU = [
    {"title": "", "items": [{"label": "Home", "icon": "home", "url": "/h", "current": True}]},
    {"title": "S", "items": [{"label": "Matters", "icon": "files", "url": "/m", "count": 1400}]},
]
ACTOR = SimpleNamespace(
    person_name="周敏", post_label="网络管理员", division_name="易家桥社区",
    path_names=["崇川区", "易家桥社区"], initials="周",
)  # fmt: skip


def test_the_staff_shell_shows_who_where_and_what() -> None:
    html = base(
        "base_staff.html", actor=ACTOR, menu=MENU, notices_unread=120,
        posts=[{"id": 7, "label": "街道办"}],
        primary_action={"label": "受理事项", "url": "/accept", "icon": "plus"},
    )  # fmt: skip
    assert 'aria-current="page"' in html
    assert "1,400" in html
    assert '<button name="post" value="7">' in html
    assert 'action="/accounts/switch/"' in html
    assert 'href="/accept"' in html


def test_without_an_actor_nobody_is_named() -> None:
    assert "avatar" not in base("base_staff.html", menu=MENU)


def test_a_refusal_gives_the_sentence_for_the_page_and_for_htmx() -> None:
    request = RequestFactory().post("/x", headers={"referer": "http://testserver/m/1?size=large"})
    response = views.refused(request, Refused("closed", "这一件已经办结"))
    assert response.status_code == 409
    assert "<p data-message>这一件已经办结</p>" in response.content.decode()
    assert 'href="/m/1"' in response.content.decode()


def test_a_denial_names_what_is_missing() -> None:
    response = views.denied(RequestFactory().get("/x"), PermissionError("请向街道管理员申请"))
    assert response.status_code == 403
    assert "请向街道管理员申请" in response.content.decode()
