"""What residents said and what checks found: ratings with their follow-ups, findings put right (QUA)."""

import io
from contextlib import suppress
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.matters.actions import answer_follow_up, rate_matter
from yiwang.matters.models import FollowUp, Matter, ServiceItem
from yiwang.matters.rules import State
from yiwang.quality.actions import (
    correct_finding,
    draw_sample,
    plan_check,
    publish_standard,
    recheck_finding,
    record_check,
)
from yiwang.quality.actions.checking import Plan, Seen
from yiwang.quality.models import Check, Finding

from .staff import XINCHENGQIAO, YIJIAQIAO

LEADER, CLERK = "nijianguo", "zhoumin"
ITEM = "senior-allowance"
POINTS = (
    {"name": "一次说清材料", "name_en": "All papers told at once", "method": "call_back",
     "level": "只告知一次", "level_en": "Told once", "consequence": "correct"},
    {"name": "窗口公开办事指南", "name_en": "Guide shown", "method": "visit",
     "level": "现场可以取阅", "level_en": "Within reach", "consequence": "correct"},
    {"name": "按承诺期限办结", "name_en": "In time", "method": "call_back",
     "level": "不超期", "level_en": "Not late", "consequence": "correct"},
)  # fmt: skip
CALLED = ("居民说办得快，没有多跑。", "居民满意。", "居民说期限内就办好了。", "居民说告知清楚。")
REASON = "已当面说明，居民表示理解。"
PROBLEMS = ("居民说跑了两次才交齐材料。", "居民说没有人告诉她结果怎么领。")


def look_after_quality(today: date) -> None:
    """Bad ratings and what was done about them; a sample, a visit, and what they found."""
    leader, clerk = (Actor.of(Post.objects.get(user__username=one)) for one in (LEADER, CLERK))
    with circumstances(channel="demonstration"):
        _complain()
        item = ServiceItem.objects.filter(code=ITEM).first()
        if item is not None:
            publish_standard(item, points=POINTS, by=Actor.system())
        _call_back(today, leader)
        if item is not None:
            _visit(item, leader, clerk)


def _complain() -> None:
    """Two residents were not content; the unit has answered the first."""
    rated = Matter.objects.filter(state=State.FINISHED, rating__isnull=True, confidential=False)
    for matter in rated.filter(division__parent_id=XINCHENGQIAO).order_by("-finished_at")[:2]:
        public = Actor.public("matters.rate", label="居民")
        with suppress(Refused):
            rate_matter(matter, grade=2, comment="等得太久了。", by=public)
    waiting = FollowUp.objects.filter(done_at__isnull=True).select_related("rating__matter")
    for one in waiting.order_by("pk")[: waiting.count() // 2]:
        post = Post.objects.filter(unit_id=one.unit_id or 0, ends_on__isnull=True).first()
        if post is not None:
            answer = "已向居民道歉并说明原因，今后先电话核对材料再约时间。"
            with suppress(Refused):
                answer_follow_up(one, answer=answer, reason=REASON, by=Actor.of(post))


def _call_back(today: date, leader: Actor) -> None:
    """A sample of what ended in the last weeks; most of it has been called."""
    place = Division.objects.get(pk=XINCHENGQIAO)
    first, last = today - timedelta(days=40), today - timedelta(days=1)
    try:
        sample = draw_sample(place, first=first, last=last, kind="call_back", seed=7, by=leader)
    except Refused:
        return
    checks = Check.objects.filter(sample=sample).exclude(unit_id=leader.unit_id or 0).order_by("pk")
    for number, check in enumerate(checks[:6]):
        problem = PROBLEMS[0] if number == 2 else ""
        record_check(check, seen=Seen(CALLED[number % len(CALLED)], problem=problem), by=leader)


def _visit(item: ServiceItem, leader: Actor, clerk: Actor) -> None:
    """A visit finds two points; one is put right and closed, the other waits."""
    unit = Unit.objects.get(division_id=YIJIAQIAO, code="committee")
    standard = item.standards.order_by("-number").first()
    plan = Plan("visit", unit, standard=standard)
    place = Division.objects.get(pk=YIJIAQIAO)
    check = plan_check(place, plan=plan, by=leader)
    results = {"p1": "fail", "p2": "fail", "p3": "pass"}
    record_check(check, seen=Seen(PROBLEMS[1], results=results), by=leader)
    first = Finding.objects.filter(source=check).order_by("pk").first()
    if first is not None and clerk.unit_id == unit.pk:
        done = "已把材料清单贴在窗口，收件时当面逐项核对。"
        correct_finding(first, action=done, upload=_photo(), by=clerk)
        recheck_finding(first, passed=True, text="现场复查，已整改。", by=leader)


def _photo() -> SimpleUploadedFile:
    """A plain picture as proof: nobody is on it."""
    body = io.BytesIO()
    Image.new("RGB", (640, 480), "#dfe7ee").save(body, "PNG")
    name = f"整改{timezone.localdate():%m%d}.png"
    return SimpleUploadedFile(name, body.getvalue(), "image/png")
