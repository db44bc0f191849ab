"""Units of every level: departments, centres, committees (DIV-07, DIV-10)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.core.rules.wording import listed
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped
from yiwang.divisions.rules import KeyRange

KIOSK = "kiosk"
"""The code of kiosks: they accept only what is entrusted to them (KSK-06)."""


class UnitClass(models.TextChoices):
    LEAD = "lead", _("牵头部门")
    POLICY = "policy", _("政策部门")
    ORGANISATION = "organisation", _("组织人事部门")
    GUIDANCE = "guidance", _("业务指导部门")
    CENTRE = "centre", _("服务中心")
    COMMITTEE = "committee", _("村（居）民委员会")
    KIOSK = "kiosk", _("便民服务亭")
    OTHER = "other", _("其他")
    # No public body: an organisation of the register whose people receive orders here.
    PROVIDER = "provider", _("服务单位")


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, actor: Scoped) -> Self:
        """Units are public bodies: their names and offices are no secret."""
        return self.all()

    def public(self) -> Self:
        return self.offices()

    def offices(self) -> Self:
        """Public bodies that are there: what residents go to and matters are handed on to."""
        return self.open().exclude(unit_class=UnitClass.PROVIDER)

    def within(self, area: KeyRange) -> Self:
        return self.filter(division_id__range=(area.lo, area.hi))

    def named(self, words: str) -> Self:
        """Those in whose names every word occurs; a kiosk is known by its number as well."""
        rows = self
        for word in words.split():
            rows = rows.filter(
                Q(name__icontains=word)
                | Q(short_name__icontains=word)
                | Q(name_en__icontains=word)
                | Q(number__iexact=word)
            )
        return rows

    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)


class Unit(Record):
    """A body that acts: the civil affairs bureau of a county, a township's centre, a committee.

    `code` is what steps of the catalogue name (civil_affairs, committee, service_centre ...).
    `plan_names` are the names the plan of 2011 used; a document prints 人社局（原劳动保障）.
    """

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="units", verbose_name=_("区划")
    )
    code = models.SlugField(_("类别代码"), max_length=40)
    name = models.CharField(_("名称"), max_length=80)
    # Of a kiosk, as on its plate: NT-CC-017.
    number = models.CharField(_("编号"), max_length=16, blank=True, default="")
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    unit_class = models.CharField(
        _("职能类别"), max_length=12, choices=UnitClass.choices, default=UnitClass.OTHER
    )
    plan_names = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("方案用名")
    )
    # What the plan asks of this body: [{"class": "guidance", "plan_name": "劳动保障"}, ...]
    duties = models.JSONField(_("方案职责"), default=list, blank=True)
    contact = models.CharField(_("联系人"), max_length=40, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    office = models.CharField(_("地址"), max_length=200, blank=True)
    # Spans by kind of day (accounts.rules.hours); empty while nobody has written them down.
    hours = models.JSONField(_("办公时间"), default=dict, blank=True)
    hours_note = models.CharField(_("办公时间说明"), max_length=100, blank=True)
    opened_on = models.DateField(_("设立日期"), null=True, blank=True)
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("单位")
        ordering = ["division_id", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "code", "name"], name="one_unit_once_a_division"
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="one_unit_a_number"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def hand_over_to(self, successor: "Unit") -> None:
        """Ask every model that gives work to units to give it to the successor.

        Apps take part with a classmethod `hand_over_unit(old, new)` on the model.
        """
        for model in apps.get_models():
            hand_over: Any = getattr(model, "hand_over_unit", None)
            if hand_over is not None:
                hand_over(self, successor)

    @classmethod
    def succeed_division(cls, heirs: Mapping[int, int], on: date) -> dict[str, int]:
        """Go on in the places that follow, joined where two of a kind meet; gives counts."""
        from .following import Succession

        return Succession(heirs, on).run()

    @classmethod
    def rename_in_division(cls, division: Division, before: str, short: str) -> None:
        """Bodies are called after their place."""
        from .following import called_after

        for unit in cls.objects.open().filter(division=division):
            unit.name = called_after(unit.name, (before, short), division)
            unit.save(update_fields=["name", "updated_at"])

    @classmethod
    def end_in_division(cls, division: Division, on: date) -> None:
        """Nobody is in post there any more: the empty bodies end with their place."""
        from .following import end

        end(division, on)

    @property
    def label(self) -> str:
        """The unit's name in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name

    @property
    def former_names(self) -> list[str]:
        """Names of the plan that today's short name no longer shows: 劳动保障, not 民政."""
        core = self.short_name or self.name
        return [name for name in self.plan_names if name not in core and core not in name]

    @property
    def name_with_former(self) -> str:
        """As documents of the plan print it: 人社局（原人事、劳动保障）."""
        return self.printed_for("")

    def printed_for(self, plan_name: str) -> str:
        """The name beside one of the plan's: 劳动保障 gives 人社局（原劳动保障） (DIV-07)."""
        former = [name for name in self.former_names if plan_name in ("", name)]
        if not former:
            return self.called
        joined = listed(former)
        return gettext("%(unit)s（原%(former)s）") % {"unit": self.called, "former": joined}

    @property
    def called(self) -> str:
        """What people call it: 人社 of a bureau is 人社局, 发改 of a commission 发改委."""
        endings = {"委员会": "委", "局": "局", "部": "部"}
        ending = next((short for long, short in endings.items() if self.name.endswith(long)), "")
        known = bool(self.short_name and ending) and self.code != "committee"
        return f"{self.short_name}{ending}" if known else self.short_name or self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:unit", args=[self.pk])
