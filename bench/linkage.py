"""The same person twice: found by us, by exact matching, and by `recordlinkage`; and what it costs.

The labelled set is invented (config.demonstration): a share of people is entered a second time with
what really goes wrong.
"""

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

import polars as pl

from config.demonstration.people import GIVEN, Person, Population, Shares
from config.postgres import Site

from .place import ROOT, Figure

COLUMNS = ("id", "name", "sex", "born_on", "identity", "phone", "address")
TODAY = date(2026, 11, 26)
SHARES = Shares.of(11, 30, 22, 48)
TRADITIONAL = str.maketrans("陈张刘杨孙马许冯严钱单东国华军贵荣宝凤兰丽红萍鹏飞轩泽凯铭",
                            "陳張劉楊孫馬許馮嚴錢單東國華軍貴榮寶鳳蘭麗紅萍鵬飛軒澤凱銘")  # fmt: skip
HOMOPHONES = {"英": "瑛", "桂": "贵", "芳": "方", "玉": "育", "国": "帼", "华": "桦", "明": "铭",
              "伟": "玮", "建": "健", "秀": "绣", "凤": "奉", "兰": "岚", "志": "智", "文": "纹",
              "晓": "小", "雅": "亚", "佳": "嘉", "浩": "皓", "宇": "羽", "杰": "洁"}  # fmt: skip
SLIPS = ("none", "typo", "homophone", "traditional", "digit", "married", "order", "moved", "birth")
DUPLICATES = 0.1
TWINS = 0.03

Row = dict[str, Any]


@dataclass(frozen=True)
class Quality:
    """Pairs found right, found wrong and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        return f"P {self.precision:.3f} R {self.recall:.3f} F1 {self.f1:.3f}"


def labelled(count: int, seed: int) -> tuple[pl.DataFrame, set[tuple[int, int]]]:
    """About `count` records, a tenth of the people entered twice, and the pairs that are one."""
    draw, people = Random(seed), Population(seed, TODAY)
    rows: list[Row] = []
    while len(rows) < count:
        address = f"{draw.choice('南北东西')}园新村{draw.randint(1, 200)}幢{draw.randint(1, 6)}0{draw.randint(1, 4)}室"
        for person, phone in _household(people, draw):
            rows.append({
                "id": len(rows), "name": person.name, "sex": person.sex,
                "born_on": person.born_on.isoformat(), "address": address, "phone": phone,
                "identity": person.identity_number if draw.random() < 0.7 else "",
            })  # fmt: skip
    twice = draw.sample(rows, int(len(rows) * DUPLICATES))
    pairs = set()
    for row in twice:
        copy = _entered_again(row, draw)
        copy["id"] = len(rows)
        pairs.add((row["id"], copy["id"]))
        rows.append(copy)
    return pl.DataFrame(rows, schema=list(COLUMNS)), pairs


def _household(people: Population, draw: Random) -> list[tuple[Person, str]]:
    """An elder alone, or parents with children who share a parent's telephone; some are twins."""
    if draw.random() < 0.5:
        elder = people.person(SHARES, band=3)
        return [(elder, elder.phone if draw.random() < 0.6 else "")]
    parents = [people.person(SHARES, band=1) for _ in range(2)]
    surname = parents[0].name[:1]
    children = [people.person(SHARES, surname=surname, band=0)]
    if draw.random() < TWINS:
        first, other = children[0], people.person(SHARES, surname=surname, band=0)
        number = people._identity(other.sex, first.born_on)
        children.append(replace(other, born_on=first.born_on, identity_number=number))
    shared = parents[draw.randint(0, 1)].phone
    told = [(one, one.phone if draw.random() < 0.8 else "") for one in parents]
    return told + [(one, shared if draw.random() < 0.5 else "") for one in children]


def _entered_again(row: Row, draw: Random) -> Row:
    """The same person at another counter: one or two things go wrong, and something is not asked."""
    copy = dict(row)
    for _turn in range(draw.choice((1, 1, 2))):
        _SLIP[draw.choice(SLIPS)](copy, draw)
    if draw.random() < 0.5:
        copy["identity"] = ""
    if draw.random() < 0.3:
        copy["phone"] = ""
    return copy


def _typo(row: Row, draw: Random) -> None:
    second = draw.choice([chars[1] for chars in GIVEN.values()])
    row["name"] = row["name"][:-1] + draw.choice(second)


def _homophone(row: Row, draw: Random) -> None:
    row["name"] = row["name"][:1] + "".join(HOMOPHONES.get(c, c) for c in row["name"][1:])


def _traditional(row: Row, draw: Random) -> None:
    row["name"] = row["name"].translate(TRADITIONAL)


def _digit(row: Row, draw: Random) -> None:
    """One wrong digit of a number, and the check digit that belongs to it."""
    from yiwang.residents.rules.identity import check_digit

    if row["identity"]:
        at = draw.choice((2, 3, 4, 5, 14, 15, 16))
        body = row["identity"][:17]
        body = body[:at] + draw.choice("0123456789") + body[at + 1 :]
        row["identity"] = body + check_digit(body)
    if row["phone"]:
        at = draw.randint(4, 10)
        row["phone"] = row["phone"][:at] + draw.choice("0123456789") + row["phone"][at + 1 :]


def _married(row: Row, draw: Random) -> None:
    if row["sex"] == "female":
        row["name"] = draw.choice("王陈张徐顾") + row["name"]


def _order(row: Row, draw: Random) -> None:
    row["name"] = row["name"][1:] + row["name"][:1]


def _moved(row: Row, draw: Random) -> None:
    row["address"] = f"城港花苑{draw.randint(1, 90)}幢{draw.randint(1, 6)}02室"


def _birth(row: Row, draw: Random) -> None:
    year, month, day = row["born_on"].split("-")
    if int(day) <= 12 and draw.random() < 0.5:
        month, day = day, month
    else:
        day = f"{draw.randint(1, 28):02d}"
    row["born_on"] = f"{year}-{month}-{day}"
    row["identity"] = ""  # with a number the entry form would have noticed


_SLIP = {
    "none": lambda row, draw: None, "typo": _typo, "homophone": _homophone,
    "traditional": _traditional, "digit": _digit, "married": _married, "order": _order,
    "moved": _moved, "birth": _birth,
}  # fmt: skip


def quality(found: set[tuple[int, int]], truth: set[tuple[int, int]]) -> Quality:
    return Quality(len(found & truth), len(found - truth), len(truth - found))


def ours(people: pl.DataFrame, lower: float) -> set[tuple[int, int]]:
    from yiwang.linkage.reads.engine import find_pairs

    found = find_pairs(people, lower=lower)
    return {(min(one.left, one.right), max(one.left, one.right)) for one in found}


def exact(people: pl.DataFrame) -> set[tuple[int, int]]:
    """The same number, or the same name with the same birth date or telephone."""
    found: set[tuple[int, int]] = set()
    for keys in (["identity"], ["name", "born_on"], ["name", "phone"]):
        held = people.filter(pl.all_horizontal(pl.col(*keys) != ""))
        for (ids,) in held.group_by(keys).agg("id").select("id").iter_rows():
            ordered = sorted(ids)
            found |= {(a, b) for n, a in enumerate(ordered) for b in ordered[n + 1 :]}
    return found


def by_recordlinkage(people: pl.DataFrame, truth: set[tuple[int, int]]) -> tuple[Quality, int]:
    """The package as its manual shows it: blocks, Jaro-Winkler, the sum of five comparisons.

    Gives its best result and how many of the five had to agree for it.
    """
    import pandas as pd
    import recordlinkage

    frame = pd.DataFrame(people.to_dict(as_series=False)).set_index("id")
    frame = frame.mask(frame == "")
    index = recordlinkage.Index()
    for keys in ("born_on", "name", "phone"):
        index.block(keys)
    compare = recordlinkage.Compare()
    compare.string("name", "name", method="jarowinkler", threshold=0.85)
    for column in ("born_on", "identity", "phone", "address"):
        compare.exact(column, column)
    scores = compare.compute(index.index(frame), frame)
    results = []
    for least in (2, 3, 4):
        held = scores[scores.sum(axis=1) >= least].index
        results.append((quality({(min(pair), max(pair)) for pair in held}, truth), least))
    return max(results, key=lambda one: one[0].f1)


def cost(count: int, side: str) -> tuple[float, float]:
    """Seconds and megabytes at most of a process that de-duplicates so many records."""
    program = (
        f"import django; django.setup(); from bench.linkage import run; run('{side}', {count})"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", program]
    told = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    seconds, megabytes = told.split()[-2:]
    return float(seconds), float(megabytes)


def measure(site: Site, *, records: int) -> list[Figure]:
    """Quality on 20,000 labelled records, then time and memory on `records`."""
    people, truth = labelled(20_000, seed=23)
    we, they = quality(ours(people, 50.0), truth), quality(exact(people), truth)
    others, least = by_recordlinkage(people, truth)
    note = f"{people.height:,} 份虚构档案，{len(truth):,} 对重复"
    seconds, memory = cost(records, "ours")
    alone, alone_memory = cost(records, "splink")
    return [
        Figure("查重质量，对照精确匹配", str(we), str(they), f"{we.f1 / they.f1:.2f}", note),
        Figure("查重质量，对照 recordlinkage", str(we), str(others), f"{we.f1 / others.f1:.2f}",
               f"{note}；对照取最好的界限：五项中至少 {least} 项相符"),
        Figure(
            f"查重 {records:,} 份档案", f"{seconds:.0f} 秒，{memory:,.0f} MB",
            f"只用 Splink {alone:.0f} 秒，{alone_memory:,.0f} MB", f"{alone / seconds:.2f}",
            "一网含拼音、繁简、号码遮蔽；对照同样的比对规则，特征已算好",
        ),
    ]  # fmt: skip


def run(side: str, count: int) -> None:
    """De-duplicate, and say the seconds and megabytes it took; in a process of its own."""
    from yiwang.core import vault
    from yiwang.linkage.reads import engine
    from yiwang.linkage.rules.features import features

    people, _truth = labelled(count, seed=29)
    ready = features(people, vault.keyed_hash) if side == "splink" else people
    started = time.monotonic()
    if side == "splink":
        engine._predict([ready], 50.0, ready.height, "duckdb")
    else:
        engine.find_pairs(ready, lower=50.0)
    seconds = time.monotonic() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds:.1f} {memory:.0f}")
