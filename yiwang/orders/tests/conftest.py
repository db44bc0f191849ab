"""A repair company of the register with its work area, and an order for a resident."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.pictures import PNG
from tests.world import COMMUNITY
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import User
from yiwang.orders import actions
from yiwang.orders.actions.placing import Wanted
from yiwang.organizations.tests.town import admitted, code, enter


def picture():
    return SimpleUploadedFile("完工.png", PNG)


def open_company(world, name="新城家电维修有限公司", number=21, username="xincheng"):
    """An admitted company of the community, and the actor who signs in for it."""
    company = enter(world, name, "company", credit_code=code(number))
    admitted(world, company, "水电维修、疏通", areas=[world.place(COMMUNITY)])
    post = actions.open_workplace(
        company, name="顾师傅", username=username, phone="15400008801", by=world.street_clerk
    )
    return company, Actor.of(post)


def place(world, company, resident=None, **more):
    said = {
        "what": "厨房水管漏水，请上门维修", "due_on": timezone.localdate() + timedelta(days=3),
        "place_text": "" if resident else "新城社区 3 幢楼道",
        "resident": resident, "shared": ["name", "phone", "address"], **more,
    }  # fmt: skip
    return actions.place_order(
        world.place(COMMUNITY), organization=company, wanted=Wanted(**said), by=world.network_admin
    )


@pytest.fixture
def company(world):
    return open_company(world)


@pytest.fixture
def order(world, company, resident):
    return place(world, company[0], resident)


@pytest.fixture
def sign_in(db):
    """A browser of whoever holds the actor's post."""

    def do(actor):
        browser = Client()
        # As after the first log-in, when the temporary password was changed.
        User.objects.filter(pk=actor.user_id).update(must_change_password=False)
        browser.force_login(User.objects.get(pk=actor.user_id))
        return browser

    return do
