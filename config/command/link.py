"""`yiwang link`: look for people entered twice."""

import click

from config.language import _

from .frame import Problem, running_database, teach


@click.command(
    help=teach(
        _("""批量查重：把在册居民两两比对，疑似重复的列入核对。"""),
        _(
            """例：
  yiwang link                              全市，用内置的 DuckDB，在内存中比对
  yiwang link --division 320613001000      一个街道
  yiwang link --engine spark               全省，在 SPARK_MASTER 指定的 Spark 上比对"""
        ),
    )
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    help=_("比对引擎：duckdb（默认，在内存中）或 spark（全省，另装）。"),
)
@click.option("--division", type=int, help=_("区划键（12 位），默认全市。"))
def link(engine: str, division: int | None) -> None:
    """One run, to its end."""
    with running_database():
        from django.conf import settings

        from yiwang.accounts.actor import Actor
        from yiwang.core.errors import Refused
        from yiwang.divisions.models import Division
        from yiwang.linkage.actions import carry_out, fail_run, start_run

        place = Division.objects.filter(pk=division or settings.CITY).first()
        if place is None:
            raise Problem(_("没有这个区划：{key}").format(key=division or settings.CITY))
        by = Actor.system()
        run = start_run(place, engine=engine, background=False, by=by)
        try:
            run = carry_out(run, by=by)
        except Refused as refusal:
            fail_run(run, problem=str(refusal), by=by)
            raise
    click.echo(_("比对 {people} 人，{pairs} 对待核对。").format(people=run.people, pairs=run.pairs))
