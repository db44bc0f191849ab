"""An application that an organisation sent itself, without an account (DIV-12)."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.core.models.fields import EncryptedTextField
from yiwang.core.rules.masking import mask_phone

from .organization import Organization
from .sharing import OfOrganization


def new_number() -> str:
    """S and eight digits that nobody can guess from another number."""
    return f"S{secrets.randbelow(10**8):08d}"


class Application(OfOrganization):
    """The number an applicant follows, whom to ring, and the one request for corrections."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="applications", verbose_name=_("单位")
    )
    number = models.CharField(_("申请编号"), max_length=9, unique=True, default=new_number)
    contact_name = EncryptedTextField(_("联系人"))
    contact_phone = EncryptedTextField(_("联系电话"))
    asked = models.TextField(_("需要补正的内容"), blank=True)
    asked_on = models.DateField(_("通知补正日期"), null=True, blank=True)
    answered_on = models.DateField(_("补正日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("网上入驻申请")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.contact_phone)

    def phone_matches(self, last_four: str) -> bool:
        """Whether these are the last digits of the contact telephone."""
        return bool(last_four) and secrets.compare_digest(self.contact_phone[-4:], last_four)
