"""The points of a standard: what is measured, how, when it passes, and what follows if not."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _


class CheckKind(models.TextChoices):
    """How quality is looked at (QUA-06)."""

    CALL_BACK = "call_back", gettext_lazy("电话回访")
    VISIT = "visit", gettext_lazy("现场检查")
    MYSTERY = "mystery", gettext_lazy("神秘访客")
    INSPECTOR = "inspector", gettext_lazy("居民监督员")


class Consequence(models.TextChoices):
    """What a point that failed leads to, beside the correction itself."""

    CORRECT = "correct", gettext_lazy("限期整改")
    HOLD = "hold", gettext_lazy("整改前暂缓结算")
    END = "end", gettext_lazy("重复发生的，终止委托或合同")


class Verdict(models.TextChoices):
    """What a check found of one point."""

    PASS = "pass", gettext_lazy("合格")
    FAIL = "fail", gettext_lazy("不合格")
    NONE = "none", gettext_lazy("没有查")


@dataclass(frozen=True)
class Point:
    """One measurable point of a standard."""

    code: str
    name: str
    name_en: str
    method: str
    level: str
    level_en: str
    consequence: str

    @property
    def label(self) -> str:
        return self.name_en if _english() and self.name_en else self.name

    @property
    def level_label(self) -> str:
        return self.level_en if _english() and self.level_en else self.level

    @property
    def method_label(self) -> str:
        return str(CheckKind(self.method).label)

    @property
    def consequence_label(self) -> str:
        return str(Consequence(self.consequence).label)

    def kept(self) -> dict[str, str]:
        """As a version keeps it."""
        return asdict(self)


def _english() -> bool:
    return (get_language() or "").startswith("en")


def read_points(rows: Sequence[Mapping[str, Any]]) -> list[Point]:
    """The points of a version, in its order."""
    return [Point(**row) for row in rows]


def numbered(rows: Sequence[Mapping[str, Any]]) -> list[Point]:
    """Points as they were typed, with codes p1, p2 … by their order."""
    return [
        Point(
            f"p{place}", str(row["name"]).strip(), str(row.get("name_en") or "").strip(),
            row["method"], str(row["level"]).strip(), str(row.get("level_en") or "").strip(),
            row["consequence"],
        )
        for place, row in enumerate(rows, 1)
    ]  # fmt: skip


def fault_of(points: Sequence[Point]) -> str:
    """Why these points are no standard, in words; empty when they are."""
    if not points:
        return _("至少写一个检查点。")
    if any(not one.name or not one.level for one in points):
        return _("每个检查点都要有名称和合格标准。")
    if len({one.name for one in points}) < len(points):
        return _("有两个检查点同名。")
    if any(one.method not in CheckKind.values for one in points):
        return _("请选择检查方式。")
    if any(one.consequence not in Consequence.values for one in points):
        return _("请选择不合格的后果。")
    return ""


def score(results: Mapping[str, str]) -> int | None:
    """The share of the points looked at that passed, in percent; None when none was."""
    seen = [one for one in results.values() if one != Verdict.NONE]
    return round(100 * seen.count(Verdict.PASS) / len(seen)) if seen else None
