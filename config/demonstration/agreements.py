"""Two departments that ask to read: one agreement in force, one that waits for an answer (INF-10)."""

from datetime import date, timedelta

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.core.acts import circumstances
from yiwang.divisions.models import Division
from yiwang.sharing.actions import ask_agreement, grant_agreement
from yiwang.sharing.rules.scope import Scope

from .staff import CHONGCHUAN, XINCHENGQIAO

WELFARE, HOUSING, OFFICER = "shenping", "maohua", "xuewei"
ITEMS = ("name", "born_on", "phone")


def share(today: date) -> None:
    """Whoever tries the demonstration finds an agreement to read by and one to decide on."""
    ends_on = today + timedelta(days=180)
    elders = Scope(
        ITEMS, "走访高龄老人，核对尊老金", "statutory_duty", "《老年人权益保障法》", ends_on,
        clear=("name",), age_from=80,
    )  # fmt: skip
    flats = Scope(
        (*ITEMS, "home_address"), "加装电梯意愿调查", "statutory_duty", "《江苏省物业管理条例》",
        ends_on, areas=(XINCHENGQIAO,), age_from=60,
    )  # fmt: skip
    welfare, housing, officer = (
        Actor.of(Post.objects.get(user__username=one)) for one in (WELFARE, HOUSING, OFFICER)
    )
    district = Division.objects.get(pk=CHONGCHUAN)
    with circumstances(channel="demonstration"):
        asked = ask_agreement(district, title="高龄老人走访", scope=elders, by=welfare)
        grant_agreement(asked, by=officer)
        ask_agreement(district, title="加装电梯意愿", scope=flats, by=housing)
