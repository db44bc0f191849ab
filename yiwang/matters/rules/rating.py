"""Who may rate by which way, why, and whose word stands at the end (SVC-24, HOT-07)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class RatingChannel(models.TextChoices):
    """By which way a rating came in."""

    WEB = "web", _("网上查询")
    LINK = "link", _("短信链接")
    QR = "qr", _("扫码")
    WINDOW = "window", _("窗口评价屏")
    PAPER = "paper", _("纸质评价卡")
    PHONE = "phone", _("电话回访")
    API = "api", _("其他系统")


ENTERED: Final = (RatingChannel.PAPER, RatingChannel.PHONE)
"""What staff write down for a resident, in their own name; all else the resident does alone."""
INVITED: Final[Mapping[str, RatingChannel]] = {
    "l": RatingChannel.LINK,
    "q": RatingChannel.QR,
    "w": RatingChannel.WINDOW,
}
"""The letter of an invitation says by which way it was given, and is signed with it."""


class CallBackOutcome(models.TextChoices):
    """How a call back ended."""

    REACHED = "reached", _("已联系，本人表达意见")
    DECLINED = "declined", _("本人不愿评价")
    UNREACHED = "unreached", _("没有联系上")


@dataclass(frozen=True)
class Reason:
    """One reason a rating may name. Stored as the Chinese words staff read."""

    words: str
    words_en: str
    grades: Collection[int]

    @property
    def label(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.words_en if english and self.words_en else self.words


def reasons_of(rows: Sequence[Mapping[str, Any]]) -> list[Reason]:
    """The reasons of the parameter `matters.rating_reasons`, in its order."""
    return [Reason(row["words"], row.get("words_en", ""), row["grades"]) for row in rows]


def unknown(said: Collection[str], offered: Collection[Reason]) -> list[str]:
    """What was named and is not offered."""
    words = {one.words for one in offered}
    return [one for one in said if one not in words]


def against(outcome: str, grade: int | None, low: int) -> bool:
    """Whether the last call back leaves the resident's word against calling it solved.

    Nobody asked yet (empty outcome), or nobody was reached: the bad word of before stands. Who
    does not wish to say anything has not said no (HOT-07: unless refused).
    """
    if outcome == CallBackOutcome.DECLINED:
        return False
    return outcome != CallBackOutcome.REACHED or (grade or 0) <= low
