"""People who sign in, the posts that give them rights, and leave covered by delegation."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.roles import Role
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped

from .unit import Unit


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, actor: Scoped) -> Self:
        """People with a post in the area the actor sees; nobody's yet: whoever may appoint them."""
        area = actor.see
        here = Post.objects.filter(user=OuterRef("pk"), division_id__range=(area.lo, area.hi))
        return self.filter(Exists(here) | Q(home_id__range=(area.lo, area.hi)))


class StaffManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Named, so that migrations can find it."""


class User(AbstractUser):
    """A person who signs in; rights come from posts only, never from this row."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=60)
    name_pinyin = models.CharField(_("拼音"), max_length=120, blank=True)
    name_initials = models.CharField(_("拼音首字母"), max_length=20, blank=True)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    # Where the account was opened: who may appoint a person who has no post yet.
    home = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, verbose_name=_("开户区划")
    )
    language = models.CharField(_("语言"), max_length=10, blank=True)
    must_change_password = models.BooleanField(_("须修改密码"), default=False)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, blank=True)
    temporary_until = models.DateTimeField(_("初始密码有效期"), null=True, blank=True)
    password_history = ArrayField(models.CharField(max_length=160), default=list, blank=True)

    objects = StaffManager()  # type: ignore[misc]

    # What a new account's holder is told once; never stored.
    temporary_password: str = ""

    class Meta(AbstractUser.Meta):
        verbose_name = verbose_name_plural = _("人员")  # type: ignore[assignment]
        swappable = "AUTH_USER_MODEL"

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    @property
    def holder_id(self) -> int:
        """Whose own business this is."""
        return int(self.pk)

    @property
    def division_id(self) -> int | None:
        """Rights over an account are asked where it was opened."""
        return self.home_id

    def get_absolute_url(self) -> str:
        return reverse("accounts:person", args=[self.pk])


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(division_id__range=(area.lo, area.hi))

    def held_on(self, day: date) -> Self:
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            starts_on__lte=day,
            ended_at__isnull=True,
            user__is_active=True,
        )

    def not_over(self, day: date) -> Self:
        """Posts in force on a day or later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), ended_at__isnull=True)


class Post(Record):
    """A role of a person in a unit, over some dates. The division is the unit's, kept for ranges."""

    follows_division = True

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("单位"))
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"))
    role = models.CharField(_("岗位"), max_length=4, choices=Role.choices)
    starts_on = models.DateField(_("到岗日期"))
    ends_on = models.DateField(_("离岗日期"), null=True, blank=True)
    ended_at = models.DateTimeField(_("离岗办理时间"), null=True, blank=True)
    granted_by = models.CharField(_("任命人"), max_length=160, blank=True)
    manner = models.CharField(_("任用方式"), max_length=40, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("接任")
    )
    # What was handed over at the end: {"matters.matter": 14}
    handed_over = models.JSONField(_("交接"), default=dict, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("任职")
        ordering = ["-starts_on", "pk"]
        indexes = [models.Index(fields=["division", "role"])]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(ends_on__isnull=True, ended_at__isnull=True),
                name="one_open_post_once",
            ),
            models.CheckConstraint(
                name="post_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.unit}"

    @property
    def holder_id(self) -> int:
        """Whose own business this is."""
        return self.user_id

    def is_held(self, day: date) -> bool:
        """Whether the post is in force on a day."""
        begun = self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
        return begun and self.ended_at is None

    def hand_over_to(self, new: "Post") -> dict[str, int]:
        """Ask every model that holds work for a post to move it; gives what moved, by model.

        Apps take part with a classmethod `hand_over_post(old, new) -> int` on the model.
        """
        moved: dict[str, int] = {}
        for model in apps.get_models():
            move: Any = getattr(model, "hand_over_post", None)
            if move is not None and (count := move(self, new)):
                moved[model._meta.label_lower] = count
        return moved

    def begin(self) -> None:
        """Ask every model that follows from an appointment to do so.

        Apps take part with a classmethod `begin_post(post)` on the model.
        """
        for model in apps.get_models():
            begin: Any = getattr(model, "begin_post", None)
            if begin is not None:
                begin(self)

    @classmethod
    def live_in_division(cls) -> PostQuerySet:
        """Posts in force, now or later, go where their place goes; past ones stay."""
        return cls.objects.not_over(timezone.localdate())

    def go_on_in(self, unit: Unit, on: date, granted_by: str) -> "Post":
        """The same person in the same role, from `on`, in the unit that follows.

        Open work, keys of systems and loans to colleagues go along; this post ends. Whoever
        already holds the role there just takes the work over.
        """
        ends_on, self.ended_at = self.ends_on, timezone.now()
        self.ends_on = max(on, self.starts_on)
        self.division_id = self.unit.division_id  # what is over stays where it was
        self.save()
        there = Post.objects.not_over(self.ends_on).filter(user=self.user, unit=unit)
        new = there.filter(role=self.role).first() or Post.objects.create(
            user=self.user, unit=unit, division_id=unit.division_id, role=self.role,
            starts_on=self.ends_on, ends_on=ends_on, manner=self.manner, granted_by=granted_by,
        )  # fmt: skip
        self.successor, self.handed_over = new, self.hand_over_to(new)
        self.save()
        self.delegations.filter(ended_at__isnull=True).update(post=new)
        self.tokens.filter(revoked_at__isnull=True).update(post=new)
        return new

    def get_absolute_url(self) -> str:
        return reverse("accounts:person", args=[self.user_id])


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(post__division_id__range=(area.lo, area.hi))

    def in_force(self, day: date) -> Self:
        return self.filter(starts_on__lte=day, ends_on__gte=day, ended_at__isnull=True)


class Delegation(Record):
    """While the holder is away, someone else acts in the post; the journal names both (EXP-39)."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations")
    to = models.ForeignKey(
        User, models.PROTECT, related_name="delegations", verbose_name=_("代理人")
    )
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    reason = models.CharField(_("原因"), max_length=200)
    ended_at = models.DateTimeField(_("提前结束时间"), null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("委托代理")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="delegation_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.post} → {self.to}"

    @property
    def holder_id(self) -> int:
        return self.post.user_id

    @property
    def division_id(self) -> int:
        return self.post.division_id
