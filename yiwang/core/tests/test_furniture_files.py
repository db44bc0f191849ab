"""The files of the furniture: sizes, licences, contrast, the strict policy; display settings."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

from yiwang.core import views
from yiwang.core.context import display

APPS = Path(__file__).parents[2]
STATIC = APPS / "core" / "static" / "yiwang"
TEMPLATES = sorted(APPS.glob("*/templates/**/*.html"))
MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"

urlpatterns = [path("page/", HttpResponse)]


def name_of(file: Path) -> str:
    return file.relative_to(APPS).as_posix()


# ---------- templates ----------


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_no_template_carries_inline_style_script_or_handler(template: Path) -> None:
    source = template.read_text()
    assert not re.search(r"""\s(style|on[a-z]+|hx-on[^=]*)=["']""", source)
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", source)


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_every_icon_that_a_template_names_is_in_the_sprite(template: Path) -> None:
    known = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img/icons.svg").read_text()))
    named = set(re.findall(r"""{% icon ["']([\w-]+)["']""", template.read_text()))
    assert named <= known


# ---------- static files ----------


def test_our_scripts_stay_under_eight_kilobytes() -> None:
    assert (STATIC / "js/yw.js").stat().st_size <= 8 * 1024


def test_our_scripts_never_evaluate_text() -> None:
    source = (STATIC / "js/yw.js").read_text()
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write", source)


@pytest.mark.parametrize("script", sorted((STATIC / "vendor").glob("*.js")), ids=name_of)
def test_every_library_lies_beside_its_licence(script: Path) -> None:
    package = re.match(r"[a-z_-]+-[\d.]+\d", script.name)
    assert package
    assert (STATIC / "vendor" / f"{package[0]}.LICENSE").stat().st_size > 200


def test_styles_and_pictures_find_each_other_under_hashed_names(
    settings: Any, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": MANIFEST}}
    call_command("collectstatic", interactive=False, verbosity=0)
    assert re.search(r"icons\.[0-9a-f]{12}\.svg", staticfiles_storage.url("yiwang/img/icons.svg"))
    style = tmp_path / "yiwang/css" / Path(staticfiles_storage.url("yiwang/css/app.css")).name
    pictures = re.findall(r"url\(\"?([^)\"]+)", style.read_text())
    assert pictures
    for picture in pictures:
        assert (style.parent / picture).is_file()


# ---------- contrast (WCAG 2.1: 1.4.3 text 4.5:1, 1.4.11 marks 3:1) ----------

TEXT, MARK = 4.5, 3.0
PAIRS = [
    ("ink-900", "paper canvas fill brand-50 warn-tint danger-tint", TEXT),
    ("ink-700", "paper canvas fill brand-50", TEXT),
    ("ink-500", "paper canvas fill brand-50 warn-tint danger-tint", TEXT),
    ("brand-700", "paper canvas brand-100 brand-50 warn-tint", TEXT),
    ("brand-800", "brand-100 brand-200", TEXT),
    ("danger", "paper danger-tint canvas", TEXT),
    ("warn", "paper warn-tint canvas", TEXT),
    ("ok", "paper ok-tint canvas", TEXT),
    ("info", "paper info-tint", TEXT),
    ("share", "paper share-tint", TEXT),
    ("paper", "brand-700 brand-800 danger seal ink-900", TEXT),
    ("line-strong", "paper canvas fill", MARK),
    ("danger-mark", "paper", MARK),
    ("warn-mark", "paper", MARK),
    ("ok-mark", "paper track", MARK),
    ("brand-600", "paper track", MARK),
    ("info-mark", "paper", MARK),
    ("gold", "brand-800", MARK),
]


@pytest.mark.parametrize("mode", ["", '[data-size="elder"]', '[data-contrast="high"]'])
@pytest.mark.parametrize(("ink", "grounds", "least"), PAIRS)
def test_every_pair_of_colours_can_be_told_apart(
    mode: str, ink: str, grounds: str, least: float
) -> None:
    colours = _colours(mode)
    for ground in grounds.split():
        assert _contrast(colours[ink], colours[ground]) >= least, ground


def _colours(mode: str) -> dict[str, str]:
    tokens = (STATIC / "css/tokens.css").read_text()
    colours: dict[str, str] = {}
    for selector in (":root", f"html{mode}"):
        block = re.search(re.escape(selector) + r" {(.*?)\n}", tokens, re.DOTALL)
        found = re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block[1] if block else "")
        colours.update({name: _six(value) for name, value in found})
    return colours


def _six(value: str) -> str:
    return value if len(value) == 7 else "#" + "".join(digit * 2 for digit in value[1:])


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# ---------- display settings ----------


@pytest.fixture(autouse=True)
def _pages_alone(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.mark.parametrize("sent", ["huge", "elder;x", "<b>", "LARGE"])
def test_an_unknown_size_is_the_standard_size(sent: str) -> None:
    request = RequestFactory().get("/page/", {"size": sent})
    assert display(request) == {"display_size": "", "display_contrast": ""}


def test_a_size_in_the_address_counts_before_the_cookie() -> None:
    request = RequestFactory().get("/page/?size=elder")
    request.COOKIES["yw-size"] = "large"
    assert display(request)["display_size"] == "elder"


def choose(**data: str) -> HttpResponse:
    return views.display_settings(RequestFactory().post("/display/", data))


def test_a_chosen_size_is_kept_for_a_year_and_the_reader_returns() -> None:
    response = choose(size="elder", next="/page/?q=1&size=large")
    assert response["Location"] == "/page/?q=1"
    assert response.cookies["yw-size"].value == "elder"
    assert response.cookies["yw-size"]["max-age"] == 365 * 24 * 3600
    assert response.cookies["yw-size"]["samesite"] == "Lax"
    assert "yw-contrast" not in response.cookies


def test_the_standard_size_can_be_chosen_again() -> None:
    assert choose(size="").cookies["yw-size"].value == ""


def test_a_size_that_does_not_exist_is_not_kept() -> None:
    assert not choose(size="giant", contrast="low").cookies


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_the_way_back_never_leaves_the_site(target: str) -> None:
    assert choose(size="large", next=target)["Location"] == "/"


def test_looking_at_the_address_changes_nothing() -> None:
    assert views.display_settings(RequestFactory().get("/display/")).status_code == 405


# ---------- an expired page ----------


def expired(origin: str, **data: str) -> str:
    request = RequestFactory().post("/m/1/note", data, headers={"origin": origin})
    response = views.csrf_failure(request)
    assert response.status_code == 403
    return response.content.decode()


@pytest.fixture
def _bare_context(settings: Any) -> None:
    engine = settings.TEMPLATES[0]
    options = {**engine["OPTIONS"], "context_processors": []}
    settings.TEMPLATES = [{**engine, "OPTIONS": options}]


@pytest.mark.usefixtures("_bare_context")
def test_an_expired_page_gives_back_what_was_typed_but_no_secrets() -> None:
    html = expired("http://testserver", note="楼道灯坏了", password="hunter22", code="123456")
    assert "楼道灯坏了" in html
    assert "hunter22" not in html
    assert "123456" not in html


@pytest.mark.usefixtures("_bare_context")
def test_a_strangers_form_is_not_shown_as_the_readers_own_words() -> None:
    assert "请打这个电话" not in expired("https://evil.example", note="请打这个电话")
