"""The document behind a change, and what a new place is told to be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.acts import Actor
from yiwang.core.errors import Refused
from yiwang.divisions.models import Change, Division, DivisionCode


@dataclass(frozen=True)
class Decision:
    """By which document and from which day."""

    document: str
    effective_on: date | None
    note: str = ""

    @property
    def day(self) -> date:
        """The first day of the new state. Raises Refused when no date was given."""
        if self.effective_on is None:
            raise Refused(
                "date_missing", _("请填写生效日期。"), {"effective_on": _("请填写生效日期。")}
            )
        return self.effective_on

    @property
    def eve(self) -> date:
        """The last day of the old state."""
        return self.day - timedelta(days=1)

    def check(self, divisions: Iterable[Division]) -> None:
        """Refuse without document or date, for the future, and for places that are closed."""
        if not self.document.strip():
            raise Refused("document_missing", _("请填写文号。"), {"document": _("请填写文号。")})
        if self.day > timezone.localdate():
            message = _("生效日期还没有到，请在生效当日办理。")
            raise Refused("too_early", message, {"effective_on": message})
        keys = []
        for division in divisions:
            keys.append(division.pk)
            self._check_one(division)
        later = DivisionCode.objects.filter(
            division_id__in=keys, valid_to__isnull=True, valid_from__gte=self.day
        )
        if later.exists():
            raise Refused("before_start", _("生效日期早于现用代码的启用日期。"))

    def must_above(self, by: Actor, division: Division) -> None:
        """Changing a place is for those whose area holds the place above it. PermissionDenied."""
        if division.parent is not None:
            by.must("divisions.change", division.parent)

    def record(self, kind: Change.Type, division: Division) -> Change:
        """The line of this decision among the changes."""
        return Change.objects.create(
            type=kind, effective_on=self.day, document=self.document.strip()[:120],
            division=division, note=self.note.strip()[:500],
        )  # fmt: skip

    def _check_one(self, division: Division) -> None:
        if division.valid_to is not None:
            raise Refused(
                "closed",
                _("“%(name)s”已于 %(day)s 终止，不能再变更。")
                % {"name": division.name, "day": division.valid_to},
            )
        if division.valid_from is not None and division.valid_from >= self.day:
            raise Refused(
                "before_start",
                _("生效日期须晚于“%(name)s”的设立日期 %(day)s。")
                % {"name": division.name, "day": division.valid_from},
            )


@dataclass(frozen=True)
class NewPlace:
    """What a new division is called; its official code where it has one already."""

    name: str
    code: str = ""
    kind: str = ""

    def check(self) -> None:
        """Refuse a place without a name or with a code that is none."""
        if not self.name.strip():
            raise Refused("name_missing", _("请填写名称。"), {"name": _("请填写名称。")})
        if self.code and not (self.code.isdigit() and len(self.code) in (2, 4, 6, 9, 12)):
            message = _("代码须为 2、4、6、9 或 12 位数字。")
            raise Refused("code_invalid", message, {"code": message})
