"""Signing in: lock-out, temporary passwords, idle time, closed doors, keys over HTTP."""

import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.world import BINCHA, CHONGCHUAN, CITY, COMMUNITY, RUDONG, STREET, World
from yiwang.accounts import actions
from yiwang.accounts.middleware import SESSION_KEY
from yiwang.accounts.models import LogInFailure, User
from yiwang.accounts.roles import Role
from yiwang.core.models import JournalLine

LOGIN = "/accounts/login/"
PASSWORD = "Blue-calico-11"


@pytest.fixture
def clerk(world: World) -> User:
    post = world.post(Role.TOWNSHIP_OFFICE, STREET, "civil_affairs", "黄军")
    post.user.set_password(PASSWORD)
    post.user.password_changed_at = timezone.now()
    post.user.save()
    return post.user


def sign_in(client: Client, username: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": username, "password": password})


def acts() -> list[str]:
    return list(JournalLine.objects.order_by("pk").values_list("act", flat=True))


def test_signing_in_and_out_stands_in_the_journal(client, clerk):
    assert sign_in(client, clerk.username).status_code == 302
    client.post("/accounts/logout/")
    assert acts()[-2:] == ["accounts.log_in", "accounts.log_out"]


def test_five_failures_lock_and_then_even_the_right_password_waits(client, clerk):
    for _try in range(5):
        sign_in(client, clerk.username, "wrong")
    page = sign_in(client, clerk.username).content.decode()
    assert "已锁定" in page
    assert "_auth_user_id" not in client.session
    assert LogInFailure.objects.count() == 5
    assert acts().count("accounts.log_in_failed") == 5


def test_an_unknown_name_gets_the_very_same_answers(client, clerk):
    def answers(name: str) -> list[str]:
        found = []
        for _try in range(6):
            errors = sign_in(client, name, "wrong").context["form"].non_field_errors()
            found.append(str(errors[0])[:9])
        return found

    assert answers(clerk.username) == answers("nobody-here")


def test_success_forgets_the_failures_before_it(client, clerk):
    sign_in(client, clerk.username, "wrong")
    sign_in(client, clerk.username)
    assert not LogInFailure.objects.exists()


def test_a_temporary_password_opens_only_the_page_that_changes_it(client, world):
    person = actions.create_person(
        world.place(STREET), name="单国平", username="shan01", by=world.administrator
    )
    sign_in(client, "shan01", person.temporary_password)
    changing = "/accounts/password/change/"
    for closed in ("/desk/accounts/me/", "/desk/accounts/units/", "/site/calendar/"):
        assert client.get(closed).headers["Location"] == changing
    form = {"oldpassword": person.temporary_password, "password1": PASSWORD}
    assert client.post(changing, form | {"password2": PASSWORD}).status_code == 302
    assert client.get("/desk/accounts/me/").status_code == 200


def test_a_temporary_password_that_is_too_old_opens_nothing(client, world):
    person = actions.create_person(
        world.place(STREET), name="单国平", username="shan01", by=world.administrator
    )
    User.objects.update(temporary_until=timezone.now())
    assert "已过期" in sign_in(client, "shan01", person.temporary_password).content.decode()


def test_idle_people_are_signed_out_and_what_they_typed_comes_back(client, clerk):
    sign_in(client, clerk.username)
    client.get("/desk/accounts/me/")
    session = client.session
    session["seen"] = int(time.time()) - 31 * 60
    session.save()
    answer = client.post("/desk/accounts/me/profile/", {"phone": "0513-85001122"})
    assert answer.status_code == 403
    assert "0513-85001122" in answer.content.decode()
    assert client.get("/desk/accounts/me/").headers["Location"].startswith(LOGIN)


def test_someone_without_a_post_sees_the_own_account_and_no_business(client, world):
    person = User.objects.create(username="loose", name="无岗", password_changed_at=timezone.now())
    client.force_login(person)
    assert client.get("/desk/accounts/me/").status_code == 200
    assert client.get("/desk/accounts/units/").status_code == 403


def test_accounts_are_not_opened_by_whoever_comes(client, world):
    for closed in ("/accounts/signup/", "/accounts/password/reset/"):
        assert client.get(closed).status_code == 404


def test_a_county_group_sees_the_people_of_its_own_county_only(client, world, clerk):
    stranger = world.post(Role.TOWNSHIP_OFFICE, BINCHA, "civil_affairs", "栟茶人").user
    group = world.post(Role.COUNTY_GROUP, CHONGCHUAN, "civil_affairs", "区小组").user
    User.objects.update(password_changed_at=timezone.now())
    client.force_login(group)
    page = client.get("/desk/accounts/people/").content.decode()
    assert clerk.name in page
    assert stranger.name not in page
    assert client.get(f"/desk/accounts/people/{stranger.pk}/").status_code == 404
    appoint = f"/desk/accounts/people/{clerk.pk}/appoint/?division="
    assert client.get(f"{appoint}{STREET}").status_code == 200
    assert client.get(f"{appoint}{RUDONG}").status_code == 404


def test_switching_goes_only_to_posts_one_holds(client, world, clerk):
    other = world.post(Role.WINDOW, CITY, "service_centre", "吴芳")
    client.force_login(clerk)
    User.objects.update(password_changed_at=timezone.now())
    client.post("/desk/accounts/switch/", {"post": other.pk})
    assert SESSION_KEY not in client.session
    own = world.post(Role.TOWNSHIP_OFFICE, STREET, "civil_affairs")
    client.post("/desk/accounts/switch/", {"post": own.pk, "next": "//evil.example/"})
    assert client.session[SESSION_KEY] == own.pk
    assert acts()[-1] == "accounts.switch"


def test_a_double_click_on_appoint_appoints_once(client, world, clerk):
    admin = world.post(Role.ADMINISTRATOR, CITY, "data_bureau", "系统管理员").user
    User.objects.update(password_changed_at=timezone.now())
    client.force_login(admin)
    unit = world.unit(COMMUNITY, "committee")
    address = f"/desk/accounts/people/{clerk.pk}/appoint/?division={COMMUNITY}"
    form = {"unit": unit.pk, "role": "C3", "starts_on": timezone.localdate(), "_key": "k1"}
    assert client.post(address, form).status_code == 302
    assert client.post(address, form).status_code == 302
    assert clerk.posts.filter(role="C3").count() == 1


def test_the_permission_page_says_no_and_who_could(client, world, clerk):
    admin = world.post(Role.ADMINISTRATOR, CITY, "data_bureau", "系统管理员").user
    User.objects.update(password_changed_at=timezone.now())
    client.force_login(admin)
    post = clerk.posts.get()
    ask = f"/desk/accounts/why/?post={post.pk}&right=matters.accept&division="
    assert "可以" in client.get(f"{ask}{STREET}").content.decode()
    page = client.get(f"{ask}{BINCHA}")
    assert "不可以" in page.content.decode()
    assert page.context["answer"].verdict.allowed is False
    assert admin.name in page.content.decode()


def test_a_key_calls_within_its_scopes_and_quota(client, world):
    post = world.post(Role.ADMINISTRATOR, CITY, "data_bureau", "系统管理员")
    token = actions.issue_token(
        post, name="平台", scopes=["core.view"], per_minute=3,
        expires_on=timezone.localdate() + timedelta(days=9), by=world.administrator,
    )  # fmt: skip
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token.secret}"}
    assert client.get("/api/v1/core/parameters?rule_id=accounts.lock", **bearer).status_code == 200
    refusal = client.get("/api/v1/core/journal", **bearer)
    assert (refusal.status_code, refusal.json()["code"]) == (403, "denied")
    client.get("/api/v1/accounts/me", **bearer)
    assert client.get("/api/v1/accounts/me", **bearer).status_code == 429
    assert client.get("/api/v1/accounts/me").status_code == 401


def test_the_first_start_page_is_shut_once_somebody_has_an_account(client, world, clerk):
    assert client.get("/desk/accounts/first-start/").headers["Location"].endswith(LOGIN)
    answer = client.post("/desk/accounts/first-start/step/")
    assert settings.LOGIN_URL == "account_login"
    assert answer.headers["Location"].endswith(LOGIN)
