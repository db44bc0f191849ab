"""Accessibility by machine: axe-core looks at a page in every display mode, WCAG 2.1 A and AA.

Use the fixture `axe` (root conftest makes it known) with a Playwright page that shows something:
`assert axe(page) == []`. The loaded page is shown in each of the four display modes.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

VENDOR = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# What depends on sizes, and what on colours; the rest is the same in every display mode.
SIZED = ["scrollable-region-focusable"]
VISUAL = ["color-contrast", "link-in-text-block", *SIZED]
MODES = {
    "standard": {},
    "large": {"yw-size": "large"},
    "elder": {"yw-size": "elder"},
    "contrast": {"yw-contrast": "high"},
}
COOKIES = ("yw-size", "yw-contrast")


@cache
def _source() -> str:
    return VENDOR.read_text(encoding="utf-8")


def violations(page: Any, rules: list[str] = RULES, without: Sequence[str] = ()) -> list[str]:
    """What axe finds wrong on the page as it stands: rule, help and the first elements.

    `without`: selectors of parts that are left out.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found = page.evaluate(
        """([rules, without]) => axe.run(
            {exclude: without.map(one => [one])},
            // Stylesheets and sounds are fetched anew only for rules that are not among ours.
            {runOnly: rules, resultTypes: ['violations'], preload: false})""",
        [rules, list(without)],
    )
    return [
        f"{one['id']}: {one['help']}: "
        + "; ".join(str(node["target"]) for node in one["nodes"][:4])
        for one in found["violations"]
    ]


def show_as(page: Any, mode: str) -> None:
    """Set the display mode's cookies for the address the page is at: for pages to come."""
    parts = urlsplit(page.url)
    origin = f"{parts.scheme}://{parts.netloc}"
    wanted = MODES[mode]
    page.context.add_cookies(
        [{"name": name, "value": wanted.get(name, ""), "url": origin} for name in COOKIES]
    )


def switch_to(page: Any, mode: str) -> None:
    """Show the loaded page in a display mode, as its own buttons do."""
    wanted = MODES[mode]
    page.evaluate(
        """([size, contrast]) => {
            const html = document.documentElement;
            for (const [name, value] of [['data-size', size], ['data-contrast', contrast]]) {
                if (value) html.setAttribute(name, value); else html.removeAttribute(name);
            }
        }""",
        [wanted.get("yw-size", ""), wanted.get("yw-contrast", "")],
    )


def look(page: Any, modes: Iterable[str] = MODES) -> list[str]:
    """What shuts somebody out or runs over the edge of the loaded page, in each display mode."""
    found: list[str] = []
    for number, mode in enumerate(modes):
        switch_to(page, mode)
        rules = RULES if number == 0 else VISUAL if mode == "contrast" else SIZED
        found += [f"{page.url} {mode} {one}" for one in violations(page, rules)]
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found += [f"{page.url} {mode} runs over the edge by {over}"] if over > 0 else []
    switch_to(page, "standard")
    return found


@pytest.fixture
def axe() -> Callable[[Any], list[str]]:
    """`axe(page)` gives what is wrong with the page in the four modes; empty is well."""
    return look
