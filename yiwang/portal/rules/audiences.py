"""For whom a service is: the words people look for, found in titles, audiences and key words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Audience:
    """A group of people, and the words of the catalogue that speak of it."""

    code: str
    label: Promise
    words: tuple[str, ...]

    def is_meant(self, texts: Iterable[str]) -> bool:
        said = " ".join(texts)
        return any(word in said for word in self.words)


AUDIENCES: Final = (
    Audience("elders", _("老年人"), ("老年", "老人", "养老", "高龄", "周岁及以上")),
    Audience("disabled", _("残疾人"), ("残疾", "失能", "重残", "精神障碍", "无障碍")),
    Audience("children", _("儿童和家长"), ("儿童", "未成年", "婴幼儿", "新生儿", "小学生", "少年")),
    Audience("students", _("学生"), ("学生", "入学", "助学")),
    Audience("couples", _("夫妻和孕产"), ("夫妻", "夫妇", "妇女", "生育", "怀孕", "孕产")),
    Audience(
        "workers", _("求职和在职"), ("失业", "就业", "求职", "劳动者", "职工", "创业", "工伤")
    ),
    Audience("veterans", _("军人和家属"), ("退役", "军人", "军属", "烈士", "优抚", "义务兵")),
    Audience("hardship", _("困难家庭"), ("困难", "低保", "低收入", "特困", "救助", "突发")),
    Audience("newcomers", _("外来人员"), ("外来", "常住", "居住证", "居住登记")),
    Audience("groups", _("团队和单位"), ("团队", "单位", "法人", "组织")),
)


def audience(code: str) -> Audience | None:
    """The audience of a code; None for anything else."""
    return next((one for one in AUDIENCES if one.code == code), None)
