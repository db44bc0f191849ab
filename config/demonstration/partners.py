"""A kiosk with what is entrusted to it, a company with orders, a hall that takes bookings, a promise.

What newcomers find on these pages; everything is made by the acts of the product.
"""

from datetime import date, timedelta

from yiwang.accounts.actions import create_unit, set_hours
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit, User
from yiwang.divisions.models import Division
from yiwang.matters.actions import give_entrustment
from yiwang.matters.actions.entrustment import Terms
from yiwang.matters.models import ServiceItem
from yiwang.orders.actions import accept_order, open_workplace, place_order
from yiwang.orders.actions.placing import Wanted
from yiwang.organizations.models import Organization
from yiwang.quality.actions import make_promise, publish_standard
from yiwang.quality.actions.promising import Word
from yiwang.queues.actions import set_booking
from yiwang.queues.actions.booking import Plan
from yiwang.queues.reads import lines_on_offer
from yiwang.residents.models import Resident

from .staff import CHONGCHUAN, XINCHENGQIAO, YIJIAQIAO

SHOP = "家电维修部"
MEALS = "meal-service-registration"
JOBS = ("厨房水管漏水，请上门维修", "客厅灯不亮，请检查线路", "洗衣机不排水")
POINTS = (
    {"name": "送餐温度", "name_en": "Temperature", "method": "visit", "level": "不低于60℃",
     "level_en": "At least 60 °C", "consequence": "hold"},
    {"name": "送餐时间", "name_en": "Time", "method": "call_back", "level": "12点前送到",
     "level_en": "Before noon", "consequence": "correct"},
)  # fmt: skip


def open_kiosk() -> Unit:
    """The kiosk of 易家桥, before its clerk is employed."""
    place = Division.objects.get(pk=YIJIAQIAO)
    return create_unit(place, code="kiosk", name="易家桥便民服务亭", by=Actor.system())


def work_together(password: str, today: date) -> None:
    """Entrustments (one ended yesterday), orders, bookings, a promise and a standard."""
    by = Actor.system()
    _entrust(today, by)
    _order(password, today, by)
    hall = Unit.objects.get(division_id=XINCHENGQIAO, code="service_centre")
    set_hours(hall, hours={"work": [["09:00", "12:00"], ["13:30", "17:30"]]}, by=by)
    plan = Plan(True, sorted(lines_on_offer()), slot_minutes=30, capacity=3, days_ahead=14)
    set_booking(hall, plan=plan, by=by)
    said = Word("收到材料当场核对，承诺期限内办结", "on_time", 95, "Papers are checked at once")
    make_promise(hall, word=said, by=by)
    item = ServiceItem.objects.filter(code=MEALS).first()
    if item is not None:
        publish_standard(item, points=POINTS, by=by)


def _entrust(today: date, by: Actor) -> None:
    kiosk = Unit.objects.get(division_id=YIJIAQIAO, code="kiosk")
    for code, category, days in (("housing", "relief", 300), ("human_resources", "labour", -1)):
        terms = Terms(
            starts_on=today - timedelta(days=200), ends_on=today + timedelta(days=days),
            duties="收件、核对、出具回执、发放结果", data_rights="只看本亭受理的事项",
            categories=[category],
        )  # fmt: skip
        authority = Unit.objects.get(division_id=CHONGCHUAN, code=code)
        give_entrustment(authority, agent=kiosk, terms=terms, by=by)


def _order(password: str, today: date, by: Actor) -> None:
    """The repair shop of a community: one order is taken, the others wait."""
    shop = (
        Organization.objects.filter(
            name__endswith=SHOP, division__parent_id=XINCHENGQIAO, provider__isnull=False
        )
        .select_related("division")
        .order_by("pk")
        .first()
    )
    if shop is None:
        return
    post = open_workplace(shop, name="顾师傅", username="gushifu", by=by)
    User.objects.filter(pk=post.user_id).update(password=password, must_change_password=False)
    people = Resident.objects.filter(division=shop.division).order_by("pk")[: len(JOBS)]
    orders = [
        place_order(
            shop.division, organization=shop, by=by,
            wanted=Wanted(
                what=job, due_on=today + timedelta(days=3), resident=one, shared=["name", "phone"]
            ),
        )
        for job, one in zip(JOBS, people, strict=True)
    ]  # fmt: skip
    accept_order(orders[0], by=Actor.of(post))
