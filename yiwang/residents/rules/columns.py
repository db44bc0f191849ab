"""The columns of a resident workbook: what they are called, by us and by other systems."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from .dictionary import CORE, shipped_fields

# Columns that are no field of the dictionary.
PLACE: Final = ("division_code", "community", "standing", "household", "relation")

_TITLES: Final[dict[str, str]] = {
    "division_code": "社区代码 村居代码 区划代码 divisioncode",
    "community": "社区 所属社区 所在社区 村居 村(居) 社区名称 村居名称 community",
    "standing": "居住状态 人员类别 人口类别 居住类型 户籍类型 residencestatus",
    "household": "户号 户编号 户口簿号 家庭编号 householdnumber household",
    "relation": "与户主关系 户主关系 关系 relationtothehead relationtohead relation",
}
"""Columns of the resident that are no fields of the dictionary, which knows its own aliases."""
SEXES: Final = MappingProxyType(
    {"男": "male", "男性": "male", "m": "male", "male": "male", "1": "male",
     "女": "female", "女性": "female", "f": "female", "female": "female", "2": "female"}
)  # fmt: skip
STANDINGS: Final = MappingProxyType(
    {"户籍在本地": "registered", "户籍": "registered", "户籍人口": "registered", "常住": "registered",
     "人户一致": "registered", "registered": "registered", "registered here": "registered",
     "registered elsewhere, living here": "non_registered", "from abroad": "foreigner",
     "registered here, away": "away",
     "户籍在外地,常住": "non_registered", "户籍在外地常住": "non_registered",
     "非户籍": "non_registered", "常住非户籍": "non_registered", "外来常住": "non_registered",
     "non_registered": "non_registered",
     "流动人口": "migrant", "流动": "migrant", "外来务工": "migrant", "暂住": "migrant",
     "migrant": "migrant",
     "境外人员": "foreigner", "外国人": "foreigner", "境外": "foreigner", "foreigner": "foreigner",
     "户籍在本地,外出": "away", "户籍在本地外出": "away", "外出": "away", "人户分离": "away", "away": "away"}
)  # fmt: skip
RELATIONS: Final = MappingProxyType(
    {"户主": "head", "本人": "head", "本人或户主": "head", "head": "head",
     "配偶": "spouse", "妻": "spouse", "夫": "spouse", "妻子": "spouse", "丈夫": "spouse",
     "spouse": "spouse",
     "子女": "child", "子": "child", "女": "child", "儿子": "child", "女儿": "child",
     "长子": "child", "次子": "child", "长女": "child", "次女": "child", "独生子": "child",
     "独生女": "child", "child": "child",
     "父母": "parent", "父亲": "parent", "母亲": "parent", "父": "parent", "母": "parent",
     "公公": "parent", "婆婆": "parent", "岳父": "parent", "岳母": "parent", "parent": "parent",
     "祖父母、外祖父母": "grandparent", "祖父": "grandparent", "祖母": "grandparent",
     "外祖父": "grandparent", "外祖母": "grandparent", "grandparent": "grandparent",
     "孙子女、外孙子女": "grandchild", "孙子": "grandchild", "孙女": "grandchild",
     "外孙": "grandchild", "外孙子": "grandchild", "外孙女": "grandchild",
     "grandchild": "grandchild",
     "兄弟姐妹": "sibling", "兄": "sibling", "弟": "sibling", "姐": "sibling", "妹": "sibling",
     "sibling": "sibling",
     "女婿、儿媳": "in_law", "儿媳": "in_law", "女婿": "in_law", "in_law": "in_law",
     "head of household": "head", "brother or sister": "sibling",
     "son-in-law or daughter-in-law": "in_law",
     "其他": "other", "其他亲属": "other", "非亲属": "other", "other": "other"}
)  # fmt: skip


@cache
def titles() -> Mapping[str, str]:
    """Every title we understand, in plain form, with the column it means."""
    found: dict[str, str] = {}
    for field in shipped_fields().values():
        if field.register:
            words = (field.name, field.name_en, *field.aliases)
            found.update({plain_title(word): field.code for word in words})
    for code, names in _TITLES.items():
        found.update({plain_title(name): code for name in names.split()})
    return MappingProxyType(found)


def plain_title(text: str) -> str:
    """A title without what people decorate it with: 公民身份号码（必填）* is 公民身份号码."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"\((?:必填|选填|required|optional|[^)]*格式[^)]*)\)", "", plain)
    return re.sub(r"[\s*＊:：_]", "", plain).lower()


def column_of(title: str) -> str | None:
    """The column a title means; None for a column we do not read."""
    return titles().get(plain_title(title))


def extra_fields() -> list[str]:
    """Register fields that a workbook may carry beyond the columns of the resident."""
    return [code for code, field in shipped_fields().items() if field.register and code not in CORE]
