"""What every record has."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Record(models.Model):
    """When a record was made and last changed; who and why stands in the journal."""

    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        abstract = True
