"""`yiwang recompute`: the register of residents made anew from its source records."""

import click

from config.language import _

from .frame import Problem, progress, running_database, teach


@click.command(
    help=teach(
        _("""按全部来源记录重算居民登记册；内容已经对的不动。"""),
        _(
            """例：
  yiwang recompute                           全市
  yiwang recompute --division 320613001000   一个区划以下"""
        ),
    )
)
@click.option("--division", type=int, default=None, help=_("区划代码十二位数字"))
def recompute(division: int | None) -> None:
    """Place by place, each one transaction; gives what changed."""
    from django.conf import settings

    with running_database():
        from yiwang.accounts.actor import Actor
        from yiwang.residents.actions import recompute_residents
        from yiwang.residents.reads import communities_of

        places = communities_of(division or settings.CITY)
        if not places:
            raise Problem(_("没有这个区划，或者它下面没有社区。"))
        people, changed, held_back = 0, 0, 0
        with progress(_("重算登记册")) as report:
            for number, place in enumerate(places, start=1):
                done = recompute_residents(place, by=Actor.system())
                people, changed = people + done.people, changed + done.changed
                held_back += len(done.held_back)
                report(number, len(places))
    click.echo(_("{people} 人，改动 {changed} 人。").format(people=people, changed=changed))
    if held_back:
        raise Problem(
            _("{count} 人没有改动：来源记录里的身份证号已由另一份档案持有。").format(
                count=held_back
            )
        )
