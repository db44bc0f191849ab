"""`yiwang bench [names] [--seconds N] [--residents N] [--rows N]`: run, print, write RESULTS.md."""

import argparse
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .place import Figure

RESULTS = Path(__file__).parent / "RESULTS.md"


def main(argv: list[str]) -> int:
    """Run the named measurements (all by default); 0 when all of them ran."""
    chosen = _parser().parse_args(argv)
    from . import (
        acceptance,
        divisions,
        handling,
        imports,
        linkage,
        lists,
        lookup,
        performance,
        whole,
    )
    from .place import scratch_database

    measurements: dict[str, Callable[..., list[Figure]]] = {
        "acceptance": lambda site: acceptance.measure(
            site, seconds=chosen.seconds, clients=chosen.clients
        ),
        "lookup": lambda site: lookup.measure(site, residents=chosen.residents),
        "imports": lambda site: imports.measure(site, rows=chosen.rows),
        "divisions": lambda site: divisions.measure(site),
        "whole": lambda site: whole.measure(site, people=chosen.people),
        "matters-figures": lambda site: performance.measure(site, matters=chosen.matters),
        "matters-lists": lambda site: lists.measure(site, matters=chosen.matters),
        "status-change": lambda site: handling.status_change(
            site, seconds=chosen.seconds, clients=chosen.clients
        ),
        "clocks": lambda site: handling.clocks(site, due=chosen.clocks),
        "operators": lambda site: handling.operators(
            site, many=chosen.operators, minutes=chosen.minutes
        ),
        "linkage": lambda site: linkage.measure(site, records=chosen.records),
    }
    figures: list[Figure] = []
    for name in chosen.names or list(measurements):
        with scratch_database() as site:
            for figure in measurements[name](site):
                figures.append(figure)
                print(
                    f"{figure.work}: {figure.ours} / {figure.peer} = {figure.ratio}  {figure.note}"
                )
    if not chosen.names:
        _write(figures, chosen)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="yiwang bench", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        help="acceptance lookup imports divisions whole matters-figures matters-lists "
        "status-change clocks operators linkage",
    )
    parser.add_argument("--seconds", type=int, default=15, help="length of each load, per side")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--residents", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=7_700_000, help="of the whole city")
    parser.add_argument("--matters", type=int, default=1_000_000)
    parser.add_argument("--clocks", type=int, default=10_000, help="that run out in one minute")
    parser.add_argument("--operators", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--records", type=int, default=1_000_000)
    return parser


def _write(figures: "list[Figure]", chosen: argparse.Namespace) -> None:
    from django.utils import timezone

    lines = [
        "# 测量结果 Results",
        "",
        f"{timezone.localdate().isoformat()}，{os.cpu_count()} 核，Python {platform.python_version()}，"
        "内置 PostgreSQL，以受限的应用角色运行。命令：`yiwang bench "
        f"--seconds {chosen.seconds} --residents {chosen.residents} --rows {chosen.rows}`。"
        "每一行的两边在同一次运行、同一台机器、同一数据库服务器上测得；请看比值，不看绝对值。",
        "",
        "| 工作 | 一网 | 对照 | 比值 | 说明 |",
        "|---|---|---|---|---|",
        *(f"| {f.work} | {f.ours} | {f.peer} | {f.ratio} | {f.note} |" for f in figures),
        "",
    ]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
