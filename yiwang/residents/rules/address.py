"""The parts of an address as people write it: group, road, estate, building, unit, room."""

import re
from dataclasses import dataclass, replace
from typing import Final

from yiwang.core.rules.chinese import fullwidth_to_halfwidth

_HAN: Final = "\u4e00-\u9fff"
_COUNT: Final = "一二三四五六七八九十百"
_ESTATES: Final = (
    "新村|花园|花苑|家园|小区|公寓|山庄|名都|名邸|广场|大厦|国际|世家|豪庭|雅居|宿舍|安置房|"
    "苑|园|城|府|里|庭|坊|湾|居|邸|郡|墅|轩|阁|寓"
)
# What may follow the name of an estate: nothing, or what stands for a building.
_HOUSE: Final = rf"[A-Za-z甲乙丙丁]?\d|[A-Za-z甲乙丙丁{_COUNT}]+(?:幢|栋|座|号楼|单元)"
_NUMBERED: Final = rf"(?:[A-Za-z]?\d+[A-Za-z]?|[甲乙丙丁A-Za-z]|[{_COUNT}]+)"

VILLAGE: Final = re.compile(
    rf"(?P<village>[{_HAN}]{{1,12}}?(?:村|社区))(?=第?[\d{_COUNT}]+(?:组|村民小组|居民小组|队|埭)|村民)"
)
GROUP: Final = re.compile(
    rf"(?P<group>村民[\d{_COUNT}]+组|第?[\d{_COUNT}]+(?:村民小组|居民小组|生产队|组|队|埭)"
    rf"|[{_HAN}]{{1,4}}(?:村民小组|居民小组|生产队|组|队|埭)(?=\d|$))"
)
ROAD: Final = re.compile(
    rf"(?P<road>(?:[{_HAN}]{{1,12}}?(?:大道|公路|路|街(?!道)|巷|弄)|[GSX]?\d{{3}}(?:国道|省道|县道))"
    r"(?:[东南西北中]段)?)"
)
NUMBER: Final = re.compile(
    r"(?P<number>\d+(?:-\d+)?号(?!楼)(?:附\d+号)?|\d+弄(?:\d+号(?!楼))?|\d+号(?=院))院?"
)
ESTATE: Final = re.compile(
    rf"(?P<estate>[^\d#]{{1,20}}?(?:{_ESTATES})(?:第?[{_COUNT}\d]+[期区村]|[东南西北中][区苑村])?)(?=$|{_HOUSE})"
)
# An unfamiliar name is an estate when a building follows it.
NAMED: Final = re.compile(
    rf"(?P<estate>[{_HAN}]{{2,16}})(?=[A-Za-z]?\d+[A-Za-z]?(?:幢|栋|号楼|座|#))"
)
BUILDING: Final = re.compile(rf"(?P<building>{_NUMBERED})(?:幢|栋|号楼|座|#楼?)")
DASHES: Final = re.compile(
    r"(?P<building>\d+[A-Za-z]?)-(?:(?P<unit>\d{1,2})-)?(?P<room>\d{2,5}[A-Za-z]?)(?:室|户)?$"
)
UNIT: Final = re.compile(rf"(?P<unit>{_NUMBERED})(?:单元|梯)")
UNIT_ROOM: Final = re.compile(r"(?P<unit>\d{1,2})-(?P<room>\d{2,5}[A-Za-z]?)(?:室|户)?$")
FLOOR: Final = re.compile(rf"(?:\d+|[{_COUNT}]+)[楼层](?=\d)")
ROOM: Final = re.compile(r"(?P<room>\d{1,5}[A-Za-z]?|[东西南北中])(?:室|户|房)$|(?P<bare>\d{2,5})$")

LIMITS: Final = {"road": 80, "estate": 80, "building": 20, "unit": 20, "room": 20}
_NOISE: Final = re.compile(r"[\s,，。.;；、]+")
_DASH: Final = re.compile(r"[－—–―‐~]+")


@dataclass(frozen=True, slots=True)
class Parts:
    """What an address was told apart into; `rest` is what nothing fits."""

    village: str = ""
    group: str = ""
    road: str = ""
    number: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    rest: str = ""

    @property
    def names_a_place(self) -> bool:
        """Whether it says a street, an estate or a group at all."""
        return bool(self.group or self.road or self.estate)

    def columns(self) -> dict[str, str]:
        """As a dwelling keeps them, empty ones left out and long ones cut."""
        road = f"{self.village}{self.group}{self.road}{self.number}"
        held = {
            "road": road, "estate": self.estate, "building": self.building, "unit": self.unit,
            "room": self.room,
        }  # fmt: skip
        return {name: text[: LIMITS[name]] for name, text in held.items() if text}


def plain_address(text: str) -> str:
    """Without blanks and stops, digits and dashes of one width."""
    return _NOISE.sub("", _DASH.sub("-", fullwidth_to_halfwidth(text)))[:200]


def tell_apart(text: str) -> Parts:
    """The parts of a plain address that names no province, city, district or township."""
    found, rest = Parts(), text
    for shapes in ((VILLAGE,), (GROUP,), (ROAD,), (ROAD,), (NUMBER,), (ESTATE, NAMED)):
        found, rest = _take(found, rest, shapes)
    for shapes in ((BUILDING, DASHES), (UNIT_ROOM, UNIT), (FLOOR,), (ROOM,)):
        found, rest = _take(found, rest, shapes)
    return replace(found, rest=rest)


def _take(found: Parts, rest: str, shapes: tuple[re.Pattern[str], ...]) -> tuple[Parts, str]:
    for shape in shapes:
        match = shape.match(rest)
        if match and not (shape is ROOM and match["bare"] and not _inside(found)):
            return _with(found, match), rest[match.end() :]
    return found, rest


def _inside(found: Parts) -> bool:
    """A bare number is a room only inside a building."""
    return bool(found.building or found.unit)


def _with(found: Parts, match: re.Match[str]) -> Parts:
    said = {name: text for name, text in match.groupdict().items() if text}
    if "bare" in said:
        said["room"] = said.pop("bare")
    if found.road and "road" in said:
        said["road"] = found.road + said["road"]
    return replace(found, **said)


def parts_of(address: str) -> dict[str, str]:
    """What can be told apart; an address of another shape has its whole text as the road.

    易家桥新村12幢3单元302室 has the estate 易家桥新村, building 12, unit 3, room 302.
    """
    plain = plain_address(address)
    parts = tell_apart(plain)
    if parts.rest or not (parts.names_a_place or parts.number or parts.building):
        return {"road": plain[: LIMITS["road"]]} if plain else {}
    return parts.columns()
