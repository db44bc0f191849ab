"""How a result is handed over, and by what it is known that the right person has it (SVC-05, 07)."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class How(models.TextChoices):
    """The ways a result takes."""

    WINDOW = "window", _("窗口领取")
    KIOSK = "kiosk", _("便民亭领取")
    VISIT = "visit", _("上门送达")
    POST = "post", _("邮寄")
    MESSAGE = "message", _("电子送达")


class Proof(models.TextChoices):
    """What shows that it was the right person.

    A signature is an image drawn on the screen or the picture of a signed paper, until an
    electronic signature is connected (EXP-43).
    """

    CODE = "code", _("取件码")
    DOCUMENT = "document", _("核对身份证件")
    DRAWN = "drawn", _("屏幕签收")
    SCAN = "scan", _("签收单照片")
    WITNESS = "witness", _("见证人")
    NONE = "", _("不需要")


PROOFS: Final[Mapping[How, tuple[Proof, ...]]] = {
    How.WINDOW: (Proof.CODE, Proof.DOCUMENT),
    How.KIOSK: (Proof.CODE,),
    How.VISIT: (Proof.DRAWN, Proof.SCAN, Proof.WITNESS),
    How.POST: (Proof.NONE,),
    How.MESSAGE: (Proof.NONE,),
}
"""What is accepted for each way."""
RELATIONS: Final = (
    ("spouse", _("配偶")), ("child", _("子女")), ("parent", _("父母")), ("sibling", _("兄弟姐妹")),
    ("relative", _("其他亲属")), ("neighbour", _("邻居")), ("worker", _("社区工作者、志愿者")),
    ("guardian", _("监护人")), ("other", _("其他受托人")),
)  # fmt: skip
"""Who an agent is to the applicant."""
DIGITS: Final = 6
"""Of a pick-up code."""
