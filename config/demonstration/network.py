"""The network of administrators at work: equipment, a course, a notice, logs of the last day."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit, User
from yiwang.accounts.reads import NETWORK_ROLES
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.divisions.models import Division
from yiwang.liaison.actions import (
    confirm_notice,
    file_log,
    fill_roster,
    offer_course,
    record_result,
    register_device,
    report_broken,
    send_notice,
)
from yiwang.liaison.actions.equipment import Facts
from yiwang.liaison.actions.notices import Letter
from yiwang.liaison.actions.training import Plan
from yiwang.liaison.models import Enrolment, Receipt
from yiwang.liaison.reads.logs import last_due

from .staff import CHONGCHUAN, XINCHENGQIAO, YIJIAQIAO

COURSE = Plan(
    "网络管理员上岗培训", 8, 60, [role.value for role in NETWORK_ROLES.values()], 30, 24,
    title_en="First course of network administrators",
)  # fmt: skip
KIT = (("computer", "联想启天 M428"), ("telephone", "TCL 868"), ("line", "电信宽带 200M"))
WEEK = 7
HALF, FEW = 2, 5
"""Every second has done it; of every fifth something is broken."""


def open_course() -> None:
    """Before anybody is appointed, so that the appointments assign it."""
    city = Division.objects.get(pk=settings.CITY)
    offer_course(city, plan=COURSE, by=Actor.system())


def connect(places: Sequence[Division], today: date) -> None:
    """Computers, telephones and lines everywhere, and a township that answers and writes."""
    _equip(places, today)
    # A log-in is no act: nobody of the demonstration has come yet.
    keepers = Post.objects.held_on(today).filter(role__in=NETWORK_ROLES.values())
    User.objects.filter(posts__in=keepers).update(last_login=timezone.now())
    for at, one in enumerate(
        Enrolment.objects.open().select_related("course", "post").order_by("pk")
    ):
        if at % HALF == 0:
            record_result(one, taken_on=today, score=70 + at % 30, by=Actor.system())
    _write(today)
    _roster(today)


def _equip(places: Sequence[Division], today: date) -> None:
    keys = [place.pk for place in places]
    units = Unit.objects.open().filter(division_id__in=keys, code="committee").order_by("pk")
    by, since = Actor.system(), today - timedelta(days=400)
    for at, unit in enumerate(units):
        kit = [register_device(unit, facts=Facts(kind, name, since), by=by) for kind, name in KIT]
        if at % FEW == FEW - 1:
            report_broken(kit[at % 2], problem="开机没有反应", by=by)


def _roster(today: date) -> None:
    """A week of the committee of 易家桥, everybody in turn."""
    unit = Unit.objects.get(division_id=YIJIAQIAO, code="committee")
    posts = Post.objects.held_on(today).filter(unit=unit).order_by("pk")[:4]
    fill_roster(unit, first=today, days=WEEK, posts=list(posts), by=Actor.system())


def _write(today: date) -> None:
    """A notice of the county with half of the receipts, and the logs of the last working day."""
    county = Post.objects.select_related("user", "unit").get(
        division_id=CHONGCHUAN, role=Role.COUNTY_NETWORK
    )
    letter = Letter(
        "关于做好汛期值守的通知", "请各社区安排专人值守，保持电话畅通。", "community", XINCHENGQIAO
    )
    place = Division.objects.get(pk=CHONGCHUAN)
    send_notice(place, letter=letter, by=Actor.of(county))
    received = Receipt.objects.waiting().order_by("pk")
    keepers = {
        post.division_id: Actor.of(post)
        for post in Post.objects.held_on(today)
        .filter(role=Role.COMMUNITY_NETWORK, division__parent_id=XINCHENGQIAO)
        .select_related("user", "unit", "division")
    }
    for at, receipt in enumerate(received.select_related("notice", "division")):
        by = keepers.get(receipt.division_id)
        if by is None or at % HALF:
            continue
        confirm_notice(receipt, by=by)
        evening = timezone.make_aware(datetime.combine(last_due(today), time(17)))
        with circumstances(at=evening):
            written = {"devices": "电脑、电话正常。", "handover": "汛期值守表已张贴。"}
            file_log(receipt.division, on=last_due(today), entries=written, by=by)
