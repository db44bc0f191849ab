"""Divisions to test with: a small city, and Nantong before and after 2020."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from yiwang.divisions.actions import Decision
from yiwang.divisions.models import Division
from yiwang.divisions.rules import KeyRange, range_of
from yiwang.divisions.sheets import load_divisions

DATA = Path(__file__).parent.parent / "data"
SMALL = """code,name
320600000000,南通市
320682000000,如皋市
320682101000,东陈镇
320682101001,东陈社区居委会
320682101200,雪岸村委会
320682101201,南凌村委会
320682105000,白蒲镇
320682105001,文峰社区居委会
320682105200,朱窑村委会
320623000000,如东县
320623100000,掘港街道
320623100001,城中社区居委会
320623100498,开发区虚拟社区
"""


@dataclass
class Clerk:
    """Someone with rights in an area, as the acts see an actor."""

    area: KeyRange = field(default_factory=lambda: range_of(0))
    rights: frozenset[str] = frozenset(
        {"divisions.change", "divisions.classify", "divisions.review"}
    )
    user_id: int | None = None
    post_id: int | None = None
    label: str = "测试员"
    see: KeyRange = field(default_factory=lambda: range_of(0))

    def must(self, permission: str, subject: Any) -> None:
        if permission not in self.rights or not self.area.holds(subject.division_id):
            raise PermissionDenied


@pytest.fixture
def clerk():
    return Clerk()


@pytest.fixture
def decision():
    return Decision("通政发〔2024〕1号", date(2024, 1, 1))


@pytest.fixture
def city(db, tmp_path):
    file = tmp_path / "small.csv"
    file.write_text(SMALL)
    load_divisions(file)
    return Division.objects.get(pk=320600000000)


@pytest.fixture
def nantong_2020(db):
    load_divisions(DATA / "nantong_divisions_2020-06-30.csv")
    return Division.objects.get(pk=320600000000)


def place(name: str) -> Division:
    """The division in force with this name."""
    return Division.objects.current().get(name=name)
