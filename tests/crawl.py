"""Looking at pages as people see them: both languages, desk and telephone, all four displays.

Each page is loaded once in each language and then shown in other sizes and modes, as its own
buttons do. A page says the same to a screen reader in both languages: axe looks at it in one, every
other page in English. `YIWANG_PAGES=all` looks at each of the sixteen combinations.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any, cast
from urllib.parse import urlsplit
from zlib import crc32

import pytest
from django.db import connection
from playwright.sync_api import Error, Page, Response, ViewportSize

from tests.axe import MODES, RULES, SIZED, VISUAL, switch_to, violations
from tests.corners import HERE, Corner, actor_on, build_corner, lowest_level, stands_inside
from tests.test_permissions import EMPTY_HERE, QUERIES, Route, Stage, page_routes
from tests.visitors import DESK, PHONE, Visitors, aside, session_of, visitors
from tests.world import CITY, COMMUNITY, World, build_world
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import User
from yiwang.accounts.roles import GRANTS, Role
from yiwang.divisions.models import Division
from yiwang.matters.actions import save_draft
from yiwang.matters.forms.answers import AnswersForm
from yiwang.matters.models import Draft
from yiwang.matters.reads.rating import invitation_path
from yiwang.matters.rules.rating import RatingChannel
from yiwang.matters.sheets import load_catalogue
from yiwang.matters.views.check import form_of
from yiwang.organizations.actions import Offer, decide_provider, send_application

FURNITURE = (".top", ".side", ".botnav")
SIZES = {"desk": DESK, "phone": PHONE}
APPLICANT = "15400009933"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
# What a mask or a cut leaves of a name stays a name.
CHINESE = re.compile(r"[\u4e00-\u9fff\U00020000-\U0002a6df]+")
# A Chinese stop or bracket beside a Latin letter is one that was not translated.
HALF_DONE = re.compile(r"[A-Za-z0-9][，。：；（）、！？]|[，：；（）、][A-Za-z]")
TYPED = {"bank_account": "6228480402564890018", "phone": "15400007723", "_on": "2026-10-01",
         "date": "2026-10-01"}  # fmt: skip
# These answer machines, take what a form sends, or are looked at while signing in.
NO_PAGES = re.compile(r"^(accounts/|i18n/|health$|.*\.(xml|txt|webmanifest)$)")
TEXTS = """() => {
    const found = [], walk = document.createTreeWalker(document.body, 4);
    while (walk.nextNode()) {
        const around = walk.currentNode.parentElement;
        if (!around.closest('[lang^=zh], script, template')) found.push(walk.currentNode.data);
    }
    for (const one of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]')) {
        if (!one.closest('[lang^=zh]')) {
            for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
                found.push(one.getAttribute(name) || '');
            }
        }
    }
    return found.concat(document.title);
}"""
WIDE = """most => {
    if (document.documentElement.scrollWidth <= most) return '';
    const inside = one => one.parentElement && (
        getComputedStyle(one.parentElement).overflowX !== 'visible' || inside(one.parentElement));
    const out = [...document.querySelectorAll('body *')].filter(
        one => one.getBoundingClientRect().right > most + 1 && !one.closest('.botnav') && !inside(one));
    return document.documentElement.scrollWidth + ' pixels wide: ' + out.slice(0, 3).map(
        one => one.tagName.toLowerCase() + '.' + one.className).join(', ');
}"""


@dataclass(frozen=True)
class Sight:
    """How a page is looked at."""

    size: str
    mode: str

    def __str__(self) -> str:
        return f"{self.size} {self.mode}"


THOROUGH = os.environ.get("YIWANG_PAGES") == "all"
SIGHTS = (
    [Sight(*one) for one in product(SIZES, MODES)]
    if THOROUGH
    else [
        Sight("desk", "standard"),
        Sight("phone", "large"),
        Sight("phone", "elder"),
        Sight("desk", "contrast"),
    ]
)


def show(page: Page, sight: Sight) -> None:
    """Size of the window and display mode, as the buttons of the page set it."""
    page.set_viewport_size(cast("ViewportSize", SIZES[sight.size]))
    switch_to(page, sight.mode)


@dataclass
class City:
    """Where each address leads to and who opens it, the sessions, and every word that is data."""

    sessions: dict[str, str]
    words: frozenset[str]
    doors: dict[Route, tuple[str, str]] = field(default_factory=dict)
    usernames: dict[Role, str] = field(default_factory=dict)
    tracked: tuple[str, str] | None = None
    applied: tuple[str, str] | None = None


def build_city() -> City:
    """One corner through the real acts, in the database of the live site."""
    if not Division.objects.filter(pk=CITY).exists():
        build_world()
    load_catalogue(only=("elder-care-subsidy",))
    world = World({one.pk: one for one in Division.objects.all()})
    phone = "15400009930"
    corner = build_corner(world, HERE, "蒋凤英", "近旁人", "320694195303030021", phone)
    actors = {role: actor_on(world, role, lowest_level(role), HERE) for role in Role}
    # Named like people, not like their roles: a role's name left in Chinese must be seen.
    for one in actors.values():
        User.objects.filter(pk=one.user_id).update(name="贾宝山")
    names = {role: User.objects.get(pk=one.user_id).username for role, one in actors.items()}
    _fill_in(corner["draft"], by=actors[Role.COMMUNITY_NETWORK])
    tracked, applied = corner["rated"].number, _applied(world)
    doors = {
        route: (_address(route, corner, tracked, applied), _who_opens(route, corner, actors, names))
        for route in routes()
    }
    sessions = {name: session_of(name) for name in names.values()}
    held, asked = (tracked, phone[-4:]), (applied, APPLICANT[-4:])
    return City(sessions, every_word(), doors, names, held, asked)


def _applied(world: World) -> str:
    """The number of an organisation that applied itself and was asked for corrections.

    Who may be called is kept under lock, so no word of it is found in the database: the family
    name, which the mask leaves, is one that a resident has.
    """
    values = {
        "name": "知味小吃店", "legal_form": "team", "contact_name": "蒋三", "contact_phone": APPLICANT,
    }  # fmt: skip
    offer = Offer(["eldercare"], "送餐", "15400007714")
    by = Actor.public("organizations.apply")
    made = send_application(world.place(COMMUNITY), values=values, offer=offer, by=by)
    decide_provider(made.provider, to="returned", reason="缺备案证明", by=Actor.system())
    return made.number


def _fill_in(draft: Draft, by: Actor) -> None:
    """Plausible answers to everything that is asked, so that the draft's last step opens."""
    asked = form_of(draft).asked
    answers = {}
    for code, one in AnswersForm(asked).fields.items():
        offered = [value for value, _label in getattr(one, "choices", ()) if value]
        said = next((text for part, text in TYPED.items() if part in code), "3")
        answers[code] = offered[0] if offered else said
    assert AnswersForm.of_draft(asked, answers).is_valid()
    save_draft(
        draft.division, item=draft.item.code, draft=draft, resident=draft.resident,
        typed={**draft.typed, "answers": answers}, by=by,
    )  # fmt: skip


def _who_opens(
    route: Route, corner: Corner, actors: dict[Role, Any], names: dict[Role, str]
) -> str:
    """Somebody who has the right, if possible where the record stands; nobody for public pages."""
    if route.public:
        return ""
    record = corner.records.get(route.kind)
    able = [role for role in Role if not route.right or route.right in GRANTS[role].rights]
    if route.kind == "draft":
        able = [role for role in able if actors[role].post_id == corner["draft"].post_id]
    if not able:
        pytest.fail(f"nobody may open {route}")
    home = [role for role in able if record is None or stands_inside(actors[role], record)]
    return names[max(home or able, key=lambda role: len(GRANTS[role].rights))]


def _address(route: Route, corner: Corner, tracked: str, applied: str) -> str:
    if route.name in {"portal:application", "portal:application-correct"}:
        return "/" + re.sub(r"<[^>]+>", applied, route.address)
    if route.name.startswith("portal:") and "number" in route.address:
        return "/" + re.sub(r"<[^>]+>", tracked, route.address)
    if route.name == "portal:rate-invited":
        return invitation_path(tracked, RatingChannel.QR)
    if route.name == "portal:verify":
        return f"/verify/{corner['rated'].result.code}/"
    arguments = Stage.arguments(Stage(None, corner, corner, {}, {}), route, corner)  # type: ignore[arg-type]
    address = re.sub(r"<(?:\w+:)?(\w+)>", lambda one: str(arguments[one.group(1)]), route.address)
    query = QUERIES.get(route.name, "").format(division=corner.place)
    return f"/{address}?{query}" if query else f"/{address}"


def routes(part: str = "") -> list[Route]:
    """Every address that may answer with a page, or those of one part: public, matters, people, desk."""
    found = [
        one for one in page_routes() if one.method == "GET" and not NO_PAGES.match(one.address)
    ]
    return [one for one in found if part in ("", _part(one))]


PEOPLE = re.compile(r"desk/(residents|tags|collection|linkage|needs|assessments|organizations)/")


def _part(route: Route) -> str:
    """Which of the test files looks at it: each may run beside the others."""
    if route.public:
        return "public"
    if route.address.startswith("desk/matters/"):
        return "matters"
    return "people" if PEOPLE.match(route.address) else "desk"


def every_word() -> frozenset[str]:
    """Every run of Chinese in the database: what stands there is data, and is not translated."""
    found: set[str] = set()
    with connection.cursor() as it:
        it.execute("SELECT tablename FROM pg_tables WHERE schemaname LIKE 'city_%'")
        for (table,) in it.fetchall():
            it.execute(f'SELECT t::text FROM "{table}" t')
            for (text,) in it.fetchall():
                found.update(CHINESE.findall(text))
    return frozenset(found)


def _rules(sight: Sight, *, first: bool) -> list[str]:
    """Larger type has the colours of the standard; what has no size or colour is looked at once,
    and what scrolls is found where type is largest."""
    if first or THOROUGH:
        return RULES
    return {"contrast": VISUAL, "elder": SIZED}.get(sight.mode, [])


def _opened(page: Page, address: str) -> Response | None:
    """The answer; None when the browser keeps it as a file."""
    try:
        return page.goto(address)
    except Error as error:
        if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
            return None
        raise


def _heard_in(page: Page) -> str:
    """The language in which axe looks at this page: half of all pages in each."""
    path = re.sub(r"\d+", "", urlsplit(page.url).path)
    return list(LANGUAGES)[crc32(path.encode()) % 2]


@dataclass
class Crawl:
    """One browser with a lasting window for each person and language."""

    people: Visitors
    city: City
    words_now: Callable[[], frozenset[str]]
    windows: dict[tuple[str, str], Page] = field(default_factory=dict)
    furnished: set[Page] = field(default_factory=set)
    """Windows in which axe has been through the furniture: it is the same around every page."""

    def window(self, username: str, language: str) -> Page:
        key = (username, language)
        if key not in self.windows:
            page = self.people.window(session=self.city.sessions.get(username, ""))
            page.context.add_cookies(
                [{"name": "django_language", "value": LANGUAGES[language], "url": self.people.url}]
            )
            self.windows[key] = page
            if not username and self.city.tracked:
                self._hold(page, "track", self.city.tracked)
            if not username and self.city.applied:
                self._hold(page, "join/find", self.city.applied)
        return self.windows[key]

    def _hold(self, page: Page, door: str, held: tuple[str, str]) -> None:
        """Prove to hold the number, as the resident or the applicant does."""
        page.goto(f"/{door}/")
        page.fill("[name=number]", held[0])
        page.fill("[name=last_four]", held[1])
        page.locator("main form button").first.click()
        page.wait_for_url(f"**/{held[0]}/")

    def wrong_with(self, route: Route) -> list[str]:
        """Everything that is wrong with one address; a part of a page is read in English only."""
        self.people.faults.clear()
        address, username = self.city.doors[route]
        page = self.window(username, "en")
        answer = _opened(page, address)
        if answer is None or answer.request.redirected_from:
            self.people.faults.clear()
            return []  # a file, or it leads elsewhere
        missing = answer.status == 404 and route.name not in EMPTY_HERE
        if answer.status >= 500 or missing:
            return [f"{address}: status {answer.status}"]
        if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
            return []  # takes only what is sent, or answers machines
        if "<html" not in answer.text():
            return self.words_left(page)
        return self._faults(page, "en") + self._loaded(username, address, "zh", 200)

    def look(self, username: str, address: str, status: int = 200) -> list[str]:
        return [
            one
            for language in LANGUAGES
            for one in self._loaded(username, address, language, status)
        ]

    def _loaded(self, username: str, address: str, language: str, status: int) -> list[str]:
        page = self.window(username, language)
        answer = page.goto(address)
        assert answer
        wrong = [] if answer.status == status else [f"{language}: status {answer.status}"]
        return wrong + self._faults(page, language)

    def _faults(self, page: Page, language: str) -> list[str]:
        """What is seen of the loaded page, and what its console said."""
        wrong = self.seen(page, language)
        wrong += [f"{language}: {one}" for one in self.people.faults]
        self.people.faults.clear()
        return wrong

    def seen(self, page: Page, language: str) -> list[str]:
        """The page that is loaded, in every size and mode."""
        shown = page.evaluate("document.documentElement.lang").lower()
        found = [] if shown.startswith(language) else [f"lang is {shown or 'missing'}"]
        with_axe = THOROUGH or language == _heard_in(page)
        known = FURNITURE if page in self.furnished and not THOROUGH else ()
        for number, sight in enumerate(SIGHTS):
            show(page, sight)
            wide = page.evaluate(WIDE, SIZES[sight.size]["width"])
            wrong = [wide] if wide else []
            if with_axe and (rules := _rules(sight, first=number == 0)):
                wrong += violations(page, rules, known)
            found += [f"{language} {sight}: {one}" for one in wrong]
        if with_axe:
            self.furnished.add(page)
        return found + (self.words_left(page) if language == "en" else [])

    def words_left(self, page: Page) -> list[str]:
        """Chinese on an English page, or in a part of one, that is neither data nor marked."""
        texts: list[str] = page.evaluate(TEXTS)
        runs = {run for text in texts for run in CHINESE.findall(text)}
        left = {run for run in runs if not is_data(run, self.city.words)}
        if left:  # written since the records were made: lines of the journal, looks
            self.city.words |= self.words_now()
            left = {run for run in left if not is_data(run, self.city.words)}
        english = [text for text in texts if not CHINESE.search(text)]
        left |= {found.group() for text in english for found in HALF_DONE.finditer(text)}
        return [f"not translated: {sorted(left)[:12]}"] if left else []


def is_data(text: str, words: frozenset[str]) -> bool:
    """Whether a run of Chinese is one of the words, several of them, or the beginning of one."""
    reached = [True] + [False] * len(text)
    for end in range(1, len(text) + 1):
        reached[end] = any(reached[at] and text[at:end] in words for at in range(end))
    if reached[-1]:
        return True
    rests = {text[at:] for at, there in enumerate(reached) if there}
    return any(word.startswith(rest) for rest in rests if rest for word in words)


def crawling(live_site: Any) -> Iterator[Crawl]:
    """A crawl of the live site: the body of a fixture of a module."""
    city = live_site.run(build_city)
    with visitors(live_site.url) as people:
        yield Crawl(people, city, lambda: aside(live_site.run, every_word))
        people.faults.clear()  # each test has looked at its own
