"""What a place's code and name say about it: its kind, its short name, its name in English.

Source: rules for compiling statistical division codes (NBS, 统计用区划代码和城乡划分代码编制规则).
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from . import Depth

# The last three digits of a code tell the kind of the unit (rules for compiling, part 3).
COMMUNITY_RANGES: Final = ((200, "residents"), (400, "villagers"))
TOWNSHIP_RANGES: Final = ((100, "subdistrict"), (200, "town"), (400, "township"))
# The word the published list itself uses, where it has such a column.
SAID: Final = {
    "居委会": "residents", "村委会": "villagers", "街道": "subdistrict", "镇": "town",
    "乡": "township", "功能区(非民政建制)": "zone", "类似居委会": "other", "类似村委会": "other",
    "类似乡级单位": "other",
}  # fmt: skip
SETTLEMENT: Final = {"residents": "urban", "villagers": "rural"}
PLACEHOLDER: Final = "虚拟"

_ZONE = re.compile(r"开发区|园区|高新区|产业园|管理区|示范区|工业区|实验区|集聚区|功能区|管委会")
_COUNTY_ENDS = {"区": "district", "市": "county_city", "县": "county", "旗": "county"}
_NEW = re.compile(r"[（(]新[)）]$")
_COMMITTEE = re.compile(
    r"(社区|村民?|居民?|嘎查村?民?)?(居民|村民|牧民|家属|职工)?(委员会|居委会|村委会|牧委会|委委会|民委会)$"
)
_ENGLISH: Final = (
    ("经济技术开发区", "Economic and Technological Development Zone"),
    ("经济开发区", "Economic Development Zone"),
    ("高新技术产业开发区", "High-tech Zone"),
    ("高新区", "High-tech Zone"),
    ("开发区", "Development Zone"),
    ("工业园区", "Industrial Park"),
    ("产业园区", "Industrial Park"),
    ("科技产业园", "Science Park"),
    ("科技园区", "Science Park"),
    ("科技园", "Science Park"),
    ("产业园", "Industrial Park"),
    ("虚拟生活区", "Placeholder Area"),
    ("虚拟社区", "Placeholder Community"),
    ("管理区", "Management Area"),
    ("新区", "New Area"),
    ("特别行政区", "Special Administrative Region"),
    ("自治区", "Autonomous Region"),
    ("自治州", "Autonomous Prefecture"),
    ("自治县", "Autonomous County"),
    ("街道", "Subdistrict"),
    ("社区", "Community"),
    ("农场", "Farm"),
    ("林场", "Forest Farm"),
    ("地区", "Prefecture"),
    ("苏木", "Sum"),
    ("嘎查", "Gacha"),
    ("省", "Province"),
    ("市", "City"),
    ("区", "District"),
    ("县", "County"),
    ("旗", "Banner"),
    ("镇", "Town"),
    ("乡", "Township"),
    ("村", "Village"),
)


def kind_of(depth: Depth, key: int, name: str, said: str = "") -> str:
    """The kind of a place: what the list says, else what its code means, else its name."""
    if said in SAID:
        kind = SAID[said]
        return "zone" if kind == "other" and depth == Depth.COUNTY else kind
    return _KIND[depth](key, name)


def _community_kind(key: int, name: str) -> str:
    return _by_range(key % 1000, COMMUNITY_RANGES)


def _township_kind(key: int, name: str) -> str:
    return _by_range(key // 1000 % 1000, TOWNSHIP_RANGES)


def _by_range(number: int, ranges: tuple[tuple[int, str], ...]) -> str:
    return next((kind for below, kind in ranges if number < below), "other")


def _county_kind(key: int, name: str) -> str:
    if _ZONE.search(name):
        return "zone"
    return _COUNTY_ENDS.get(name[-1:], "other")


def _city_kind(key: int, name: str) -> str:
    return "other" if name.endswith("行政区划") or name in {"市辖区", "县"} else "prefecture"


_KIND: dict[Depth, Callable[[int, str], str]] = {
    Depth.NATION: lambda key, name: "other",
    Depth.PROVINCE: lambda key, name: "province",
    Depth.CITY: _city_kind,
    Depth.COUNTY: _county_kind,
    Depth.TOWNSHIP: _township_kind,
    Depth.COMMUNITY: _community_kind,
}


def is_placeholder(name: str) -> bool:
    """A row the statistical list needs and no one lives by: 虚拟社区, 虚拟生活区."""
    return PLACEHOLDER in name


@lru_cache(maxsize=4096)
def short_name(depth: Depth, name: str) -> str:
    """The name people say: 易家桥社区居委会 is 易家桥社区, 蔡桥村民委员会 is 蔡桥村."""
    if depth != Depth.COMMUNITY:
        return name
    plain = _NEW.sub("", name)
    found = _COMMITTEE.search(plain)
    if found is None or found.start() == 0:
        return plain
    stem = plain[: found.start()]
    if found[0].startswith("社区"):
        return f"{stem}社区"
    if "村" in found[0] and not stem.endswith(("村", "社区", "嘎查")):
        return f"{stem}村"
    return stem


def core_name(name: str, drop: tuple[str, ...] = ()) -> str:
    """A name for comparing: without the committee words and without the names of areas above.

    `drop` are names that were or are above the place (海门市, 南通市, 海门区).
    """
    core = _NEW.sub("", name)
    changed = True
    while changed:
        changed = False
        for prefix in drop:
            if core.startswith(prefix) and len(core) > len(prefix):
                core, changed = core.removeprefix(prefix), True
    core = core.removesuffix("管理委员会")
    return short_name(Depth.COMMUNITY, core) or core


def english_name(short: str, read: Callable[[str], str]) -> str:
    """Romanised name with its generic word translated: 金沙街道 is Jinsha Subdistrict.

    `read` gives the pinyin of Chinese characters.
    """
    for ending, word in _ENGLISH:
        if short.endswith(ending) and len(short) > len(ending):
            return f"{read(short.removesuffix(ending)).capitalize()} {word}"
    return read(short).capitalize()
