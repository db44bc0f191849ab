"""Second factors in a real browser: an authenticator app and a passkey."""

import base64
import hmac
import re
import struct
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, sync_playwright

from tests.visitors import CHROMIUM, FLAGS
from tests.world import CITY, build_world
from yiwang.accounts.models import User
from yiwang.accounts.roles import Role
from yiwang.divisions.models import Division

pytestmark = pytest.mark.browser
PASSWORD = "Blue-calico-11"
ME = "/desk/accounts/me/"
AT_ME = re.compile(rf"//[^/?]+{ME}")


def code_of(secret: str, at: float) -> str:
    """The six digits of RFC 6238 for a secret at a moment."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(at) // 30), "sha1")
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def _open_account(name: str) -> None:
    if not Division.objects.filter(pk=CITY).exists():
        build_world()
    from tests.world import World

    post = World({}).post(Role.WINDOW, CITY, "service_centre", "吴芳")
    user, _new = User.objects.get_or_create(username=name, defaults={"name": "吴芳"})
    user.set_password(PASSWORD)
    user.password_changed_at = timezone.now()
    user.save()
    post.pk = None
    post.user = user
    if not user.posts.exists():
        post.save(force_insert=True)


@pytest.fixture
def page(live_site: Any) -> Iterator[Page]:
    # Before the browser starts: its event loop keeps the ORM from working in this thread.
    for name in ("app01", "key01"):
        live_site.run(_open_account, name)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        site = live_site.url.replace("127.0.0.1", "localhost")
        context = browser.new_context(base_url=site, locale="zh-CN")
        yield context.new_page()
        browser.close()


def sign_in(page: Page, name: str) -> None:
    page.goto(f"/accounts/login/?next={ME}")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form >> nth=0 >> button")


def confirm(page: Page) -> None:
    """The password once more, when the site asks for it."""
    if "reauthenticate" in page.url:
        page.fill("input[name=password]", PASSWORD)
        page.click("main form button")


def test_an_authenticator_app_is_set_up_and_then_asked_for(page):
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    sign_in(page, "app01")
    page.wait_for_url(AT_ME)
    page.goto("/accounts/2fa/totp/activate/")
    confirm(page)
    secret = page.locator("code.num").inner_text()
    page.fill("input[name=code]", code_of(secret, time.time()))
    page.get_by_role("button", name="启用").click()
    page.wait_for_url(re.compile("recovery-codes"))
    assert page.locator("main ol.howto li").count() == 10
    page.context.clear_cookies()
    sign_in(page, "app01")
    page.wait_for_url(re.compile("2fa/authenticate"))
    page.fill("input[name=code]", "000000")
    page.click("main form >> nth=0 >> button")
    assert "验证码不正确" in page.locator("main").inner_text()
    # The next step of the clock: a code is accepted once only.
    page.fill("input[name=code]", code_of(secret, time.time() + 30))
    page.click("main form >> nth=0 >> button")
    page.wait_for_url(AT_ME)
    assert [text for text in faults if "Content Security Policy" in text] == []


def test_a_passkey_signs_in_without_a_password(page):
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                "hasUserVerification": True, "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    sign_in(page, "key01")
    page.wait_for_url(AT_ME)
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    page.fill("input[name=name]", "办公室电脑")
    page.check("input[name=passwordless]")
    page.click("#passkey-add")
    page.wait_for_url(re.compile("recovery-codes|webauthn/$"))
    page.context.clear_cookies()
    page.goto(f"/accounts/login/?next={ME}")
    page.click("#passkey-login")
    page.wait_for_url(AT_ME)
    assert "吴芳" in page.locator("main h1").inner_text()
