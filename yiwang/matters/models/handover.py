"""The receipt of a result: who took it, how that person was known, and the signature (SVC-05)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import KeptFile
from yiwang.matters.rules.delivery import RELATIONS, How, Proof

from .outcome import Result


class Handover(KeptFile):
    """One handing over. `file` is the signature: drawn, or the picture of a signed receipt."""

    result = models.OneToOneField(Result, models.PROTECT, related_name="handover")
    how = models.CharField(_("送达方式"), max_length=20, choices=How.choices)
    proof = models.CharField(_("凭据"), max_length=8, choices=Proof.choices, blank=True)
    receiver = models.CharField(_("领取人"), max_length=60)
    relation = models.CharField(_("与申请人关系"), max_length=12, choices=RELATIONS, blank=True)
    witness = models.CharField(_("见证人"), max_length=60, blank=True)
    file = models.FileField(_("签收"), upload_to="handovers/%Y/%m/", blank=True)
    by_label = models.CharField(_("经办"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("送达签收")
        constraints = [
            models.CheckConstraint(
                name="a_signature_is_kept",
                condition=~Q(proof__in=[Proof.DRAWN, Proof.SCAN])
                | ~Q(file="")
                | Q(scan="infected"),
            ),
            models.CheckConstraint(
                name="a_witness_has_a_name", condition=~Q(proof=Proof.WITNESS) | ~Q(witness="")
            ),
        ]

    def __str__(self) -> str:
        return self.receiver

    @property
    def division_id(self) -> int:
        return self.result.matter.division_id
