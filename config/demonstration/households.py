"""Invented households on invented streets, as rows of the import workbook."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .people import AGE_BANDS, Person, Population, Shares

ESTATES = ("新村", "花苑", "家园", "公寓", "小区", "雅苑", "佳园", "新苑")
GROUPS = ("一组", "二组", "三组", "四组", "五组", "六组", "七组", "八组")
EDUCATION = ("小学", "初中", "高中", "大学专科", "大学本科")
# Household shapes and their weights: alone, couple, couple with a child, three generations.
SHAPES = (("alone", 22), ("couple", 30), ("family", 33), ("generations", 15))
CHILD, ADULT, YOUNG_OLD, OLD, OLDEST = range(len(AGE_BANDS))


@dataclass(frozen=True)
class Place:
    """A community to be peopled."""

    key: int
    code: str
    name: str
    rural: bool


def rows_of(
    place: Place, people: Population, shares: Shares, size: int
) -> Iterator[dict[str, str]]:
    """About `size` residents of a community, household by household, as workbook rows."""
    made, number = 0, 0
    while made < size:
        number += 1
        address = _address(place, people, number)
        members = list(_household(people, shares))
        for person, relation in members:
            yield _row(place, people, person, relation, f"{place.code[-6:]}{number:05d}", address)
        made += len(members)


def _address(place: Place, people: Population, number: int) -> str:
    stem = re.sub(r"(社区|村)?(村民委员会|居民委员会|村委会|居委会)?$", "", place.name)
    draw = people.random
    if place.rural:
        return f"{stem}村{draw.choice(GROUPS)}{number}号"
    building = 1 + number // 24
    room = 100 * (1 + number % 6) + 1 + number % 4
    return f"{stem}{ESTATES[place.key % len(ESTATES)]}{building}幢{room}室"


def _household(people: Population, shares: Shares) -> Iterator[tuple[Person, str]]:
    """Members with their relation to the head; the age structure of the county decides the head."""
    shape = people.random.choices([name for name, _ in SHAPES], [w for _, w in SHAPES])[0]
    surname = people.surname()
    adult = shares.bands[ADULT] > people.random.randrange(10_000)
    band = ADULT if adult else people.random.choice((YOUNG_OLD, OLD, OLD, OLDEST))
    yield people.person(shares, surname=surname, band=band), "户主"
    if shape != "alone":
        yield people.person(shares, band=band), "配偶"
    if shape == "family" and band == ADULT:
        yield people.person(shares, surname=surname, band=CHILD), "子女"
    if shape == "generations":
        yield (
            people.person(shares, surname=surname, band=OLD if band == ADULT else ADULT),
            ("父母" if band == ADULT else "子女"),
        )
        yield (
            people.person(shares, surname=surname, band=CHILD),
            ("子女" if band == ADULT else "孙子女、外孙子女"),
        )


def _row(
    place: Place, people: Population, person: Person, relation: str, household: str, address: str
) -> dict[str, str]:
    draw = people.random
    return {
        "区划代码": place.code,
        "姓名": person.name,
        "性别": "男" if person.sex == "male" else "女",
        "出生日期": person.born_on.isoformat(),
        "公民身份号码": person.identity_number,
        "联系电话": person.phone,
        "现住址": address,
        "户籍地址": address if draw.random() < 0.8 else "",
        "户号": household,
        "与户主关系": relation,
        "居住状态": draw.choices(("户籍在本地", "非户籍", "流动人口"), (82, 12, 6))[0],
        "文化程度": draw.choice(EDUCATION) if person.born_on.year < 2005 else "",
    }
