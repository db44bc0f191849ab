"""Invented people: names by decade of birth, ages after the census, numbers no real person has.

Identity numbers use the area codes 320690 to 320699, which were never issued. Everything is drawn
from one seed, so that the same seed gives the same city.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from yiwang.residents.rules.identity import check_digit

# Surnames with the weight they have in the lower Yangtze region (rounded, per thousand).
SURNAMES: tuple[tuple[str, int], ...] = (
    ("陈", 86), ("张", 68), ("王", 62), ("徐", 58), ("黄", 44), ("朱", 42), ("顾", 40), ("沈", 36),
    ("周", 36), ("陆", 34), ("吴", 34), ("李", 33), ("季", 24), ("施", 24), ("曹", 23), ("钱", 21),
    ("刘", 21), ("杨", 20), ("倪", 18), ("姜", 17), ("孙", 17), ("马", 15), ("丁", 14), ("蔡", 14),
    ("赵", 13), ("许", 13), ("袁", 12), ("葛", 12), ("邵", 11), ("汤", 11), ("冯", 10), ("潘", 10),
    ("茅", 9), ("何", 9), ("殷", 8), ("严", 8), ("成", 8), ("薛", 7), ("高", 7), ("郭", 7),
    ("崔", 6), ("尤", 6), ("管", 6), ("凌", 5), ("缪", 5), ("单", 4), ("仇", 4), ("曾", 3),
    ("欧阳", 1), ("解", 1),
)  # fmt: skip
# Given-name characters by sex and time of birth: first characters, then second ones.
GIVEN: dict[tuple[str, int], tuple[str, str]] = {
    ("female", 1930): ("桂秀玉兰凤素美淑翠月", "英兰珍芳华珠贞宝琴娣"),
    ("male", 1930): ("国德永金长福志万大正", "林祥根生才富荣贵山明"),
    ("female", 1950): ("建秀美丽玉惠国爱桂志", "英华芳萍琴兰红珍云娟"),
    ("male", 1950): ("建国卫志永文学德明金", "国华军民平生兵林荣祥"),
    ("female", 1970): ("晓丽海红卫春小雪燕艳", "燕红梅霞娟芳琴萍英云"),
    ("male", 1970): ("海建晓卫春志小剑永伟", "东峰军兵华明平忠斌勇"),
    ("female", 1990): ("婷雅思佳梦晓雨静倩颖", "婷雯怡娟琳洁瑶欣妍颖"),
    ("male", 1990): ("俊浩宇志晨文嘉子鹏凯", "杰宇涛鹏飞超磊轩博阳"),
    ("female", 2010): ("梓欣语可诗一雨沐思若", "涵怡彤萱妍桐悦汐瑶晨"),
    ("male", 2010): ("浩子宇梓一俊皓奕沐铭", "轩然宸泽睿辰阳宇恒诺"),
}
# Mobile prefixes without a network, so that nobody is ever rung up.
FREE_PREFIXES = ("154", "163", "164")
AREAS = tuple(range(320690, 320700))
# Five age groups of the 2020 census: 0-14, 15-59, 60-64, 65-79, 80 and above (rounded split).
AGE_BANDS = ((0, 14), (15, 59), (60, 64), (65, 79), (80, 99))


@dataclass(frozen=True)
class Shares:
    """How a county's residents divide over the age bands, in parts of ten thousand."""

    bands: tuple[int, int, int, int, int]
    male: int

    @classmethod
    def of(cls, young: float, from_sixty: float, from_65: float, male: float) -> "Shares":
        """From census percentages; of those above 65 about a fifth are 80 and older (ours)."""
        oldest = from_65 * 0.2
        rest = 100 - young - from_sixty
        bands = (young, rest, from_sixty - from_65, from_65 - oldest, oldest)
        return cls(tuple(round(share * 100) for share in bands), round(male * 100))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Person:
    """One invented person."""

    name: str
    sex: str
    born_on: date
    identity_number: str
    phone: str


class Population:
    """Draws people; identity numbers and telephones never repeat within one population."""

    def __init__(self, seed: int, today: date) -> None:
        self.random = Random(seed)
        self.today = today
        self._serials: dict[tuple[int, date], int] = {}
        self._phones = 0

    def person(self, shares: Shares, *, surname: str = "", band: int | None = None) -> Person:
        """One person of a county's age structure, or of one age band of it."""
        sex = "male" if self.random.randrange(10_000) < shares.male else "female"
        chosen = band if band is not None else self._weighted(list(shares.bands))
        born_on = self._birthday(*AGE_BANDS[chosen])
        return Person(
            name=(surname or self.surname()) + self._given(sex, born_on.year),
            sex=sex,
            born_on=born_on,
            identity_number=self._identity(sex, born_on),
            phone=self._phone() if born_on.year <= self.today.year - 10 else "",
        )

    def surname(self) -> str:
        return self.random.choices(
            [name for name, _ in SURNAMES], [weight for _, weight in SURNAMES]
        )[0]

    def _weighted(self, weights: list[int]) -> int:
        return self.random.choices(range(len(weights)), weights)[0]

    def _birthday(self, youngest: int, oldest: int) -> date:
        age_days = self.random.randint(youngest * 365 + 1, (oldest + 1) * 365)
        return self.today - timedelta(days=age_days)

    def _given(self, sex: str, year: int) -> str:
        decade = max(start for _, start in GIVEN if start <= max(year, 1930))
        first, second = GIVEN[sex, decade]
        one = self.random.choice(second)
        return one if self.random.random() < 0.2 else self.random.choice(first) + one

    def _identity(self, sex: str, born_on: date) -> str:
        """Order numbers of one birthday and area run up; odd ones are male (GB 11643)."""
        area = self.random.choice(AREAS)
        taken = self._serials.get((area, born_on), 0)
        self._serials[area, born_on] = taken + 1
        order = (taken * 2 + (1 if sex == "male" else 2)) % 1000
        body = f"{area}{born_on:%Y%m%d}{order:03d}"
        return body + check_digit(body)

    def _phone(self) -> str:
        """A mobile number behind a prefix that no network has been given, counted up."""
        self._phones += 1
        return f"{FREE_PREFIXES[self._phones % len(FREE_PREFIXES)]}{self._phones:08d}"
