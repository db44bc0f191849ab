"""People at a real browser: each has a window of their own, and nothing may go wrong in it."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from shutil import which
from typing import Any, cast

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.world import World
from yiwang.accounts.models import User
from yiwang.accounts.roles import Role

Post = tuple[Role, int, str, str]
# The shell has no window to draw: pages stand sooner.
CHROMIUM = which("chromium-headless-shell") or which("chromium") or "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update",
         "--disable-sync"]  # fmt: skip
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass
class Visitors:
    """Opens windows at one site and hears what their consoles say."""

    browser: Browser
    url: str
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def window(
        self, size: dict[str, int] | None = None, *, session: str = "", language: str = "zh-CN"
    ) -> Page:
        """A fresh window, signed in when a session is given."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport=cast("ViewportSize", size or DESK),
            locale=language,
            reduced_motion="reduce",
        )
        self.contexts.append(context)
        if session:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.url}]
            )
        page = context.new_page()
        page.on("console", lambda said: self._heard(page, said))
        page.on("pageerror", lambda error: self.faults.append(f"{page.url} {error}"))
        return page

    def _heard(self, page: Page, said: Any) -> None:
        """Errors of the console, and with them every violation of the content policy.

        That an answer was 4xx is no fault of the page: refusals are answered so on purpose.
        """
        if said.type == "error" and "status of 4" not in said.text:
            self.faults.append(f"{page.url} {said.text}")


@contextmanager
def visitors(url: str) -> Iterator[Visitors]:
    """A running browser; on leaving, no window may have seen an error."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        found = Visitors(browser, url)
        try:
            yield found
        finally:
            browser.close()
    assert found.faults == []


def session_of(username: str) -> str:
    """Sign somebody in at the server; gives the value of the session's cookie."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def at_work(world: World, staff: Mapping[str, Post]) -> dict[str, str]:
    """Everybody of a journey in office, by the word the journey calls them: their sessions."""
    return {who: session_of(world.post(*facts).user.username) for who, facts in staff.items()}


def aside(work: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
    """In a thread of its own: the browser's loop keeps the ORM from working in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work, *arguments, **keywords).result()
