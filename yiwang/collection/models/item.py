"""Items: one household, dwelling or person of a task, and the forms that came back for it."""

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Post
from yiwang.collection.rules.moves import OPEN, ItemState, may_move
from yiwang.core.errors import Refused
from yiwang.core.models import Record
from yiwang.core.models.fields import EncryptedTextField
from yiwang.divisions.models import Division
from yiwang.residents.models import Dwelling, Household, Resident
from yiwang.residents.models.household import TerritorialQuerySet

from .campaign import Task


class Item(Record):
    """One form to be filled in. `version` counts the forms that came: a form that was begun on an
    older version meets another one (conflict). `marks` names faults by `person.field`.
    """

    follows_division: ClassVar[bool] = True

    task = models.ForeignKey(Task, models.PROTECT, related_name="items", verbose_name=_("采集任务"))
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="collection_items", verbose_name=_("社区"),
        db_index=False,
    )  # fmt: skip
    # An import that is undone takes its households along, and with them what was to be asked there.
    household = models.ForeignKey(
        Household, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("家庭")
    )
    dwelling = models.ForeignKey(
        Dwelling, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("住所")
    )
    resident = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("居民")
    )
    building = models.CharField(_("楼栋、村组"), max_length=120, blank=True)
    worker = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("采集人")
    )
    state = models.CharField(
        _("状态"), max_length=9, choices=ItemState.choices, default=ItemState.TODO
    )
    version = models.PositiveIntegerField(_("版次"), default=0)
    marks = models.JSONField(_("标出的问题"), default=dict, blank=True)
    filled_by = models.CharField(_("填表人"), max_length=160, blank=True)
    submitted_user_id = models.BigIntegerField(null=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    check_due_at = models.DateTimeField(_("审核期限"), null=True, blank=True)
    checked_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    checked_by = models.CharField(_("审核人"), max_length=160, blank=True)

    objects = TerritorialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("采集对象")
        ordering = ["building", "pk"]
        indexes = [
            models.Index(fields=["division", "state", "task"], name="collection_item_queue"),
            models.Index(fields=["task", "building", "id"], name="collection_item_list"),
        ]
        constraints = [
            models.CheckConstraint(
                name="an_item_is_for_one_thing",
                condition=Q(household__isnull=False, dwelling__isnull=True, resident__isnull=True)
                | Q(household__isnull=True, dwelling__isnull=False, resident__isnull=True)
                | Q(household__isnull=True, dwelling__isnull=True, resident__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["task", "household"], name="one_form_a_household_of_a_task"
            ),
            models.UniqueConstraint(
                fields=["task", "dwelling"], name="one_form_a_dwelling_of_a_task"
            ),
            models.UniqueConstraint(
                fields=["task", "resident"], name="one_form_a_person_of_a_task"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @classmethod
    def live_in_division(cls) -> models.QuerySet["Item"]:
        """What is not in the register yet follows its community."""
        return cls.objects.exclude(state__in=[ItemState.ACCEPTED, ItemState.DROPPED])

    @classmethod
    def hand_over_post(cls, old: Post, new: Post) -> int:
        """Open forms go to the successor of the post."""
        return cls.objects.filter(worker=old, state__in=OPEN).update(worker=new)

    def get_absolute_url(self) -> str:
        return reverse("collection:item", args=[self.pk])

    @property
    def label(self) -> str:
        """The thing itself, masked: address, household number or name."""
        if self.resident is not None:
            return self.resident.masked_name
        if self.household is not None:
            return gettext("户号 %(number)s") % {"number": self.household.number}
        return self.dwelling.masked_address if self.dwelling else ""

    def move_to(self, state: str) -> None:
        """Change the state (not saved). Raises Refused wrong_state."""
        if not may_move(self.state, state):
            words = {
                "label": self.label,
                "now": self.get_state_display(),
                "to": ItemState(state).label,
            }
            raise Refused(
                "wrong_state", gettext("%(label)s现在是“%(now)s”，不能改为“%(to)s”。") % words
            )
        self.state = state

    def people(self) -> models.QuerySet[Resident]:
        """The live residents the form is about."""
        rows = Resident.objects.live().filter(division_id=self.division_id)
        if self.resident_id is not None:
            return rows.filter(pk=self.resident_id)
        if self.household_id is not None:
            return rows.filter(household_id=self.household_id)
        return rows.filter(dwelling=self.dwelling)


class Scan(Record):
    """The picture of a signed paper list, encrypted: names and numbers stand on it."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="scans", verbose_name=_("采集任务"))
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(max_length=40)
    digest = models.CharField(_("摘要"), max_length=64)
    sealed = EncryptedTextField(_("内容（加密）"))
    by_label = models.CharField(_("上传人"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("扫描件")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def division_id(self) -> int:
        return self.task.division_id


class Submission(Record):
    """One form as one device sent it, whatever became of it. The key is the device's: a form that
    is sent twice arrives once. `fields_asked` of the `fields_needed` by the people met were not
    held and fresh, or were typed anew; the others nobody was asked (INF-04).
    """

    class State(models.TextChoices):
        CURRENT = "current", _("有效")
        CLASHING = "clashing", _("与另一份不一致")
        REPLACED = "replaced", _("已被替换")

    item = models.ForeignKey(
        Item, models.CASCADE, related_name="submissions", verbose_name=_("采集对象")
    )
    key = models.CharField(_("表单键"), max_length=80, unique=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.CURRENT)
    base = models.PositiveIntegerField(_("填写时的版次"), default=0)
    channel = models.CharField(_("方式"), max_length=8)
    device = models.CharField(_("设备"), max_length=40, blank=True)
    collected_at = models.DateTimeField(_("采集时间"))
    by_user_id = models.BigIntegerField(null=True)
    by_post_id = models.BigIntegerField(null=True)
    by_label = models.CharField(_("填表人"), max_length=160)
    fields_needed = models.PositiveIntegerField(_("所需信息项"), default=0)
    fields_asked = models.PositiveIntegerField(_("采集的信息项"), default=0)
    sealed = EncryptedTextField(_("内容（加密）"))
    scan = models.ForeignKey(
        Scan, models.PROTECT, null=True, blank=True, related_name="submissions",
        verbose_name=_("扫描件"),
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = _("采集表")
        ordering = ["pk"]
        indexes = [models.Index(fields=["collected_at"], name="collection_form_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="current"), name="one_current_form_an_item"
            )
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def division_id(self) -> int:
        return self.item.division_id

    @property
    def answers(self) -> dict[str, Any]:
        """The form: people by number with status, values and what is the same; newcomers; note."""
        found: dict[str, Any] = json.loads(str(self.sealed))
        return found

    @answers.setter
    def answers(self, said: dict[str, Any]) -> None:
        self.sealed = json.dumps(said, ensure_ascii=False, sort_keys=True)


class ExtraAnswer(Record):
    """The answer to a new item, which no field of the register holds; kept for who asked."""

    append_only = True

    division = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="extras")
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+")
    code = models.CharField(_("内容"), max_length=40)
    sealed = EncryptedTextField(_("回答（加密）"))
    collected_on = models.DateField(_("采集日期"))
    collected_by = models.CharField(_("采集人"), max_length=160)

    objects = TerritorialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("新增内容的回答")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division", "task", "code"], name="collection_extra_place")]

    def __str__(self) -> str:
        return self.code
