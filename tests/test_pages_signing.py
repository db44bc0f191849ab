"""The pages of signing in: log-in, second factor, password and devices, as every page is seen.

They belong to the library that signs people in; whoever gets a page of an address looks at it.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from tests.crawl import LANGUAGES, City, Crawl, every_word
from tests.test_permissions import patterns
from tests.visitors import aside, visitors
from tests.world import CITY, World, build_world
from yiwang.accounts.middleware import CLOSED
from yiwang.accounts.models import User
from yiwang.accounts.roles import Role
from yiwang.divisions.models import Division

pytestmark = pytest.mark.browser
PASSWORD = "Blue-calico-11"
A_DAY = 86_400
# Signed in with a password alone, with every second factor, with the first password of all.
PEOPLE = ("plain01", "keeper01", "fresh01")
ADDRESSES = {
    name: re.sub(r"<int:pk>", "{pk}", address)
    for name, address, _view in patterns()
    if address.startswith("accounts/") and name not in CLOSED
}
# They answer machines, or lead on at once.
NO_PAGE = {"mfa_login_webauthn", "mfa_download_recovery_codes", "account_confirm_login_code"}


def build() -> dict[str, str]:
    """The people and their sessions, signed in a moment ago."""
    if not Division.objects.filter(pk=CITY).exists():
        build_world()
    world = World({})
    sessions = {}
    for name in PEOPLE:
        post = world.post(Role.WINDOW, CITY, "service_centre", "吴芳")
        user, _new = User.objects.get_or_create(username=name, defaults={"name": "吴芳"})
        user.set_password(PASSWORD)
        user.password_changed_at = None if name == "fresh01" else timezone.now()
        user.save()
        if not user.posts.exists():
            post.pk, post.user = None, user
            post.save(force_insert=True)
        sessions[name] = _signed_in(user)
    keeper = User.objects.get(username="keeper01")
    if not Authenticator.objects.filter(user=keeper).exists():
        TOTP.activate(keeper, generate_totp_secret())
        RecoveryCodes.activate(keeper)
    return sessions


def _signed_in(user: User) -> str:
    """As by the form: the session knows how and when."""
    client = Client()
    client.force_login(user)
    request = HttpRequest()
    request.session, request.user = client.session, user
    record_authentication(request, user, method="password", reauthenticated=True)
    for one in request.session["account_authentication_methods"]:
        one["at"] += A_DAY  # on a busy machine it takes longer than the five minutes it holds
    request.session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture(scope="module")
def crawl(live_site: Any) -> Iterator[Crawl]:
    sessions = live_site.run(build)
    words = live_site.run(every_word)
    # A passkey belongs to a name, not to a number.
    with visitors(live_site.url.replace("127.0.0.1", "localhost")) as people:
        found = Crawl(people, City(sessions, words), lambda: words)
        add_passkey(found.window("keeper01", "zh"))
        yield found
        people.faults.clear()


def add_passkey(page: Page) -> None:
    """Through the page itself, with an authenticator of the browser's."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
               "hasUserVerification": True, "isUserVerified": True,
               "automaticPresenceSimulation": True}  # fmt: skip
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("input[name=name]", "Office")
    page.click("#passkey-add")
    page.wait_for_url(re.compile("2fa/(recovery-codes/)?$"))


def _key() -> int:
    found: int = Authenticator.objects.get(user__username="keeper01", type="webauthn").pk
    return found


@pytest.mark.parametrize("name", sorted(set(ADDRESSES) - NO_PAGE))
def test_a_page_of_signing_in_is_right_for_everyone(name, crawl, live_site):
    key = aside(live_site.run, _key)
    address = "/" + ADDRESSES[name].format(pk=key)
    looked = False
    wrong = []
    for person in ("", *PEOPLE):
        asked = crawl.window(person, "en").request.get(address, max_redirects=0)
        if asked.status == 200 and "<html" in asked.text():
            looked = True
            wrong += [f"{person}: {one}" for one in crawl.look(person, address)]
    assert wrong == []
    assert looked or name == "mfa_authenticate"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_second_step_and_a_wrong_password_are_right_for_everyone(language, crawl):
    """Both stand only while somebody is signing in."""
    page = crawl.window("", language)
    wrong = []
    for password in ("wrong", PASSWORD):
        page.goto("/accounts/login/")
        page.fill("[name=login]", "keeper01")
        page.fill("[name=password]", password)
        page.locator("main form button").first.click()
        page.wait_for_load_state()
        wrong += crawl.seen(page, language)
    assert "2fa/authenticate" in page.url
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    assert wrong + crawl.people.faults == []
