"""Whose matter goes first: the very old, the disabled, the home-bound, soldiers, the pregnant (SVC-05)."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class Priority(models.TextChoices):
    """Why a matter goes first; the gravest reason alone is named."""

    NONE = "", _("不优先")
    HOME_BOUND = "home_bound", _("失能，不便出门")
    DISABLED = "disabled", _("残疾")
    ELDER = "elder", _("高龄")
    PREGNANT = "pregnant", _("孕妇")
    SOLDIER = "soldier", _("军人、优抚对象")


UNABLE = frozenset({"moderate", "severe", "total"})
"""Grades of the loss of ability with which a person is served at home."""


def priority_of(age: int | None, said: Mapping[str, str], elder_age: int) -> Priority:
    """By the age on the day and by what the form says; `elder_age` in full years."""
    if said.get("care_level") in UNABLE:
        return Priority.HOME_BOUND
    kinds = {one for one in said.get("disability_kind", "").split(",") if one}
    graded = said.get("disability_grade", "none") not in {"none", ""}
    if graded or said.get("disability_certificate") or kinds - {"none"}:
        return Priority.DISABLED
    if age is not None and age >= elder_age:
        return Priority.ELDER
    served = said.get("veteran_status", "none") not in {"none", ""}
    return Priority.SOLDIER if served else Priority.NONE
