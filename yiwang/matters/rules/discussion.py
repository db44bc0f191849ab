"""How far a remark among colleagues reaches (EXP-62)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who reads a comment, besides whoever wrote it."""

    UNIT = "unit", _("只限本单位")
    LEVEL = "level", _("只限本级")
    ALL = "all", _("所有能看到这件事的人")
