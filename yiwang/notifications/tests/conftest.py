"""Peers on the loopback, and a morning on which one may be written to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.corners import accepted as accept_at
from tests.world import COMMUNITY
from yiwang.core.acts import circumstances
from yiwang.notifications.jobs import deliver_messages
from yiwang.notifications.models import Delivery, Message
from yiwang.notifications.tests.peers import KEY, MailServer, Provider, running


@pytest.fixture
def provider(settings):
    with running(Provider()) as server:
        settings.SMS_URL, settings.SMS_KEY = server.url, KEY
        settings.SMS_SIGNATURE = "南通一网"
        yield server


@pytest.fixture
def mail(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with running(MailServer()) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_FROM = "yiwang@nantong.example"
        yield server


@pytest.fixture
def matter(world, catalogue, resident):
    """Accepted a moment ago at the window of her community."""
    return accept_at(world.place(COMMUNITY), resident, world.network_admin)


def next_morning():
    """A working hour after now, so that neither the quiet hours nor a pause holds anything back."""
    day = timezone.localtime() + timedelta(days=1)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture
def send():
    """Run the outbox as it would run tomorrow at ten, or at another moment."""

    def do(at=None):
        at = at or next_morning()
        waiting = Delivery.objects.filter(state="waiting", next_at__isnull=False)
        waiting.update(next_at=at)
        with circumstances(at=at):
            return deliver_messages()

    return do


def of(matter, channel):
    return Delivery.objects.get(message__reference=f"matter:{matter.number}", channel=channel)


def messages(matter):
    return Message.objects.filter(reference=f"matter:{matter.number}")
