"""The plan's ten categories (part four, section two), in its order.

The catalogue in `matters` holds the same ten as rows; needs lie below it and know them by code. A
test compares both.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """One of the ten one-stop service categories of the plan."""

    ELDERCARE = "eldercare", _("居家养老")
    RELIEF = "relief", _("关爱救助")
    VETERANS = "veterans", _("拥军优抚")
    DIGITAL = "digital", _("信息化")
    LABOUR = "labour", _("劳动保障")
    EDUCATION = "education", _("教育")
    HEALTH = "health", _("卫生")
    CULTURE = "culture", _("文化")
    SPORT = "sport", _("体育")
    FAMILY = "family", _("生育服务")
