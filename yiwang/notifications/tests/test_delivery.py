"""From the act to the carrier and back: in one transaction, again when it fails, never twice."""

from datetime import datetime, timedelta
from email import message_from_string
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.corners import first_step
from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.matters import actions as on_matters
from yiwang.matters.jobs import remind_applicants
from yiwang.matters.models import Matter
from yiwang.notifications import actions
from yiwang.notifications.jobs import deliver_messages
from yiwang.notifications.models import Delivery, Message
from yiwang.notifications.reads import messages_about
from yiwang.personal.actions import ask_for_right, decide_request
from yiwang.personal.reads import own_actor
from yiwang.residents.actions import mark_deceased
from yiwang.residents.models import Resident

from .conftest import messages, next_morning, of

BEIJING = ZoneInfo("Asia/Shanghai")


def choose(resident, channel, **said):
    wanted = {"language": "zh-hans", "optional": True, "email": "", **said}
    return actions.choose_way(resident, channel=channel, **wanted, by=own_actor(resident))


def test_an_act_and_its_message_stand_or_fall_together(world, matter):
    assert [one.kind for one in messages(matter)] == ["accepted"]
    step = first_step(matter)
    with pytest.raises(Refused):
        on_matters.return_matter(step, items=[], by=world.network_admin)
    assert messages(matter).count() == 1
    on_matters.return_matter(
        step, items=[{"kind": "material", "code": "id", "name": "身份证"}], by=world.network_admin
    )
    told = messages(matter).latest("pk")
    assert (told.kind, told.facts["missing"]) == ("returned", "身份证")


def test_a_text_message_reaches_the_provider_signed_and_says_nothing_personal(
    matter, resident, provider, send
):
    assert send() == 1
    (said,) = provider.sent.values()
    assert said["to"] == resident.phone
    assert said["signature"] == "南通一网"
    assert matter.display_number in said["text"]
    for secret in (resident.name, resident.name[1:], resident.identity, matter.item.title):
        assert secret not in said["text"]
    sent = of(matter, "sms")
    assert (sent.state, sent.attempts) == ("sent", 1)
    assert sent.carrier_id.startswith("sms-")
    assert resident.phone not in sent.shown_to
    assert send() == 0
    assert len(provider.asked) == 1


def test_what_fails_is_tried_again_later_and_at_last_given_up(matter, provider, send):
    provider.plan = [503] * 20
    send()
    first = of(matter, "sms")
    assert first.state == "waiting"
    assert "503" in first.problem
    assert first.next_at > next_morning()
    for _turn in range(10):
        send()
    dead = of(matter, "sms")
    assert (dead.state, dead.attempts, len(provider.asked)) == ("failed", 6, 6)
    assert list(Delivery.objects.dead()) == [dead]
    provider.plan = []
    actions.send_again(dead, by=Actor.system())
    assert send() == 1
    assert of(matter, "sms").state == "sent"


def test_a_refusal_for_good_is_a_dead_letter_at_once(matter, provider, send):
    provider.plan = [422]
    send()
    assert (of(matter, "sms").state, of(matter, "sms").attempts) == ("failed", 1)


def test_an_answer_that_was_lost_does_not_send_twice(matter, provider, send):
    provider.plan = ["drop"]
    send()
    assert of(matter, "sms").state == "waiting"
    send()
    assert of(matter, "sms").state == "sent"
    assert (len(provider.asked), len(provider.sent)) == (2, 1)


def test_a_crash_between_sending_and_writing_down_does_not_send_twice(
    matter, provider, send, monkeypatch
):
    def crash(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("yiwang.notifications.jobs.settle_delivery", crash)
        with pytest.raises(KeyboardInterrupt):
            send()
    assert of(matter, "sms").state == "sending"
    Delivery.objects.filter(channel="sms").update(begun_at=next_morning() - timedelta(minutes=9))
    send()
    assert len(provider.asked) == 1, "not before it counts as broken off"
    Delivery.objects.filter(channel="sms").update(begun_at=next_morning() - timedelta(minutes=11))
    send()
    assert of(matter, "sms").state == "sent"
    assert (len(provider.asked), len(provider.sent)) == (2, 1)


def test_an_email_reaches_the_mail_server_in_the_language_of_the_resident(
    matter, resident, mail, send
):
    choose(resident, "email", email="chen@example.cn", language="en")
    assert send() == 1
    ((to, text),) = mail.letters
    letter = message_from_string(text)
    body = str(letter.get_payload(decode=True), "utf-8")  # type: ignore[arg-type]
    assert to == "chen@example.cn"
    assert "has been accepted" in body
    assert matter.item.title not in body
    assert matter.item.title_en not in body
    assert str(of(matter, "email").key) in letter["Message-ID"]
    assert of(matter, "email").shown_to == "c***@example.cn"


def test_the_mail_server_says_later_never_or_nothing(matter, resident, mail, send):
    choose(resident, "email", email="chen@example.cn")
    mail.plan = ["451 later", "drop"]
    send()
    assert (of(matter, "email").state, mail.letters) == ("waiting", [])
    send()
    unsure = of(matter, "email")
    assert (unsure.state, len(mail.letters)) == ("unsure", 1)
    send()
    assert len(mail.letters) == 1, "nobody is written to twice by a machine that does not know"
    actions.send_again(unsure, by=Actor.system())
    mail.plan = ["550 no such user"]
    send()
    assert of(matter, "email").state == "failed"


def test_a_crash_while_mailing_is_for_somebody_to_judge(matter, resident, mail, send):
    choose(resident, "email", email="chen@example.cn")
    send(at=next_morning().replace(hour=23))
    Delivery.objects.filter(channel="email").update(
        state="sending", begun_at=next_morning() - timedelta(minutes=11)
    )
    send()
    assert (of(matter, "email").state, mail.letters) == ("unsure", [])


@pytest.mark.parametrize(("hour", "days"), [(23, 1), (5, 0)])
def test_in_the_quiet_hours_it_waits_for_the_morning(matter, provider, hour, days):
    night = datetime(2030, 5, 6, hour, 30, tzinfo=BEIJING)
    with circumstances(at=night):
        assert deliver_messages() == 0
    held = of(matter, "sms")
    morning = datetime(2030, 5, 6, 7, tzinfo=BEIJING) + timedelta(days=days)
    assert (held.state, held.next_at, provider.asked) == ("waiting", morning, [])
    assert of(matter, "app").state == "sent"


def test_nothing_is_sent_to_the_dead(world, matter, resident, provider, send):
    send(at=next_morning().replace(hour=23))
    mark_deceased(resident, on=timezone.localdate(), by=world.network_admin)
    assert send() == 0
    held = of(matter, "sms")
    assert (held.state, provider.asked) == ("withheld", [])
    assert "去世" in held.problem


def test_nothing_is_sent_to_who_had_all_use_restricted(world, matter, resident, provider, send):
    asked = ask_for_right(resident, kind="restrict", words="都不要用", by=world.network_admin)
    decide_request(asked, granted=True, answer="照办", by=world.network_admin)
    assert send() == 0
    (held,) = Delivery.objects.all()
    assert (held.state, provider.asked) == ("withheld", [])


def test_a_telephone_objected_to_is_not_used_and_the_letter_takes_over(
    world, matter, resident, provider, send
):
    asked = ask_for_right(
        resident, kind="object", field="phone", words="不要用", by=world.network_admin
    )
    decide_request(asked, granted=True, answer="照办", by=world.network_admin)
    on_matters.return_matter(
        first_step(matter), items=[{"kind": "material", "code": "id", "name": "身份证"}],
        by=world.network_admin,
    )  # fmt: skip
    send()
    assert provider.asked == []
    letter = Delivery.objects.get(channel="print")
    assert (letter.message.kind, letter.state) == ("returned", "waiting")
    actions.mark_printed(letter, by=world.network_admin)
    with pytest.raises(Refused):
        actions.mark_printed(letter, by=world.network_admin)


def test_who_wants_no_reminders_gets_none_and_who_waits_is_reminded_once(
    world, matter, resident, provider, send
):
    step = first_step(matter)
    on_matters.return_matter(
        step, items=[{"kind": "material", "code": "id", "name": "身份证"}], by=world.network_admin
    )
    assert remind_applicants() == 0
    long_ago = timezone.now() - timedelta(days=6)
    Matter.objects.get(pk=matter.pk).correction.__class__.objects.update(asked_at=long_ago)
    assert remind_applicants() == 1
    assert remind_applicants() == 0
    choose(resident, "sms", optional=False)
    send()
    withheld = Delivery.objects.get(message__kind="remind_correct")
    assert (withheld.state, len(provider.sent)) == ("withheld", 2)


def test_what_was_sent_stays_on_the_matter_and_in_the_journal_masked(
    matter, resident, provider, send
):
    send()
    told = {one.channel: one for one in messages_about(f"matter:{matter.number}")}
    assert {way: one.state for way, one in told.items()} == {"sms": "sent", "app": "sent"}
    assert told["sms"].to == "154****8830"
    lines = JournalLine.objects.filter(act="notifications.deliver")
    assert [one.facts["did"] for one in lines.order_by("pk")] == [
        "route_message", "begin_delivery", "settle_delivery",
    ]  # fmt: skip
    assert not any(resident.phone in str(one.facts) for one in lines)


def test_history_that_is_entered_later_is_not_announced(world, catalogue, resident):
    from tests.corners import accepted as accept_at
    from tests.world import COMMUNITY

    with circumstances(at=timezone.now() - timedelta(days=30)):
        accept_at(world.place(COMMUNITY), resident, world.network_admin)
    assert not Message.objects.exists()


def test_only_who_may_sends_again_and_only_what_is_dead(world, matter, provider, send):
    send()
    sent = of(matter, "sms")
    with pytest.raises(Refused, match="没有送到"):
        actions.send_again(sent, by=world.network_admin)
    Delivery.objects.filter(pk=sent.pk).update(state="failed")
    with pytest.raises(PermissionDenied):
        actions.send_again(sent, by=world.neighbour_admin)
    letter = actions.print_instead(sent, by=world.network_admin)
    assert letter.channel == "print"
    with pytest.raises(Refused):
        actions.print_instead(sent, by=world.network_admin)
    home = Resident.objects.get(pk=letter.message.resident_id or 0).dwelling
    assert home is not None
    assert home.address not in letter.shown_to
