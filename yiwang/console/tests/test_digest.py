"""What waits, by e-mail on the morning of each working day (EXP-12)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yiwang.accounts.models import Post, User
from yiwang.console.actions import wish_digest
from yiwang.console.jobs import send_digests
from yiwang.console.models import Digest
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.notifications.tests.conftest import mail

__all__ = ["mail"]
MONDAY = datetime(2026, 11, 30, 8, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def wish_of(actor):
    return Digest(user_id=actor.user_id, post_id=actor.post_id)


def send(at=MONDAY):
    with circumstances(at=at):
        return send_digests()


def body_of(text):
    return text.partition("\r\n\r\n")[2]


@pytest.fixture
def matter(accept):
    return accept()


@pytest.fixture
def wished(world, matter):
    return wish_digest(
        wish_of(world.network_admin), email="zhou@example.cn", by=world.network_admin
    )


def test_the_counts_of_the_workbench_go_out_once_a_working_day(wished, matter, mail):
    assert send(MONDAY - timedelta(days=1)) == 0, "Sunday"
    assert send() == 1
    assert send(MONDAY + timedelta(minutes=10)) == 0
    ((to, text),) = mail.letters
    assert to == "zhou@example.cn"
    assert "1 件事等本单位办" in body_of(text)
    for secret in (matter.resident.name, matter.number, matter.item.title):
        assert secret not in body_of(text)
    assert send(MONDAY + timedelta(days=1)) == 1


def test_it_speaks_the_language_of_the_reader(wished, world, mail):
    User.objects.filter(pk=world.network_admin.user_id).update(language="en")
    send()
    assert "1 matter waits for your unit" in body_of(mail.letters[0][1])


def test_a_server_that_is_away_is_tried_again_and_one_that_hung_up_is_not(wished, mail, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert send() == 0
    wished.refresh_from_db()
    assert wished.sent_on is None
    assert wished.problem
    settings.EMAIL_PORT = port
    mail.plan = ["drop"]
    assert send() == 0
    assert send() == 0
    assert len(mail.letters) == 1, "nobody is written to twice"


def test_who_left_the_post_hears_nothing(wished, mail):
    Post.objects.filter(pk=wished.post_id).update(ends_on=MONDAY.date() - timedelta(days=1))
    assert send() == 0
    assert mail.letters == []


def test_the_page_takes_an_address_and_lets_it_go(world, matter, sign_in, mail):
    desk = sign_in(world.network_admin)
    assert "每天早上发到邮箱" in desk.get("/desk/notices/").content.decode()
    wrong = desk.post("/desk/notices/digest/", {"email": "zhou"})
    assert wrong.status_code == 422
    assert "name@example.cn" in wrong.content.decode()
    assert desk.post("/desk/notices/digest/", {"email": "zhou@example.cn"}).status_code == 302
    assert Digest.objects.get().user_id == world.network_admin.user_id
    assert "已开通" in desk.get("/desk/notices/").content.decode()
    assert desk.post("/desk/notices/digest/", {"email": ""}).status_code == 302
    assert not Digest.objects.exists()
    with pytest.raises(Refused):
        wish_digest(wish_of(world.network_admin), email="不是邮箱", by=world.network_admin)
