"""How the levels of the model are said to people."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LEVELS: Final[dict[tuple[str, str], Promise]] = {
    ("name", "same"): _("姓名相同（繁简视为相同）"),
    ("name", "order"): _("姓名用字相同，次序不同"),
    ("name", "sound"): _("姓名同音"),
    ("name", "near_sound"): _("姓名读音相近"),
    ("name", "within"): _("姓名一个包含另一个，例如冠夫姓"),
    ("name", "character"): _("姓名只差一个字"),
    ("name", "close"): _("姓名拼音相似"),
    ("name", "other"): _("姓名不同"),
    ("name", "rare"): _("姓名常见或少见"),
    ("born_on", "same"): _("出生日期相同"),
    ("born_on", "slip"): _("出生日期错一位或相邻两位颠倒"),
    ("born_on", "swapped"): _("出生月、日对调"),
    ("born_on", "other"): _("出生日期不同"),
    ("identity_number", "same"): _("身份证号相同"),
    ("identity_number", "order"): _("身份证号中只有出生日期相同"),
    ("identity_number", "slip"): _("身份证号只有出生日期错一位"),
    ("identity_number", "other"): _("身份证号不同"),
    ("phone", "household"): _("电话相同但姓名不同，可能是一家人"),
    ("phone", "same"): _("电话相同"),
    ("phone", "slip"): _("电话错一位"),
    ("phone", "other"): _("电话不同"),
    ("home_address", "household"): _("住址相同但姓名不同，可能是一家人"),
    ("home_address", "same"): _("住址相同"),
    ("home_address", "building"): _("住址同幢"),
    ("home_address", "place"): _("住址同小区、同路或同村组"),
    ("home_address", "other"): _("住址不同"),
    ("sex", "same"): _("性别相同"),
    ("sex", "other"): _("性别不同"),
}


def said(field: str, level: str) -> str:
    """The words of one level; its code where it has none."""
    return str(LEVELS.get((field, level), f"{field} {level}"))
