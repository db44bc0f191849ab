"""Building the demonstration, telling whether it is there, and taking it away again."""

import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from config.postgres.locks import is_free, try_lock
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, User
from yiwang.accounts.sheets import load_departments
from yiwang.core.errors import Refused
from yiwang.dictionary.jobs import publish_changes
from yiwang.divisions.models import Division, Level, Settlement
from yiwang.divisions.models.division import DivisionQuerySet
from yiwang.divisions.sheets import load_city
from yiwang.matters.actions import set_offering
from yiwang.matters.models import ServiceItem
from yiwang.matters.sheets import load_catalogue
from yiwang.residents.actions import import_residents
from yiwang.residents.models import Resident
from yiwang.residents.sheets import preview
from yiwang.tags.actions import recompute

from .agreements import share
from .checks import look_after_quality
from .households import Place, rows_of
from .network import connect, open_course
from .organizations import Founder
from .partners import open_kiosk, work_together
from .people import Population, Shares
from .staff import CHONGCHUAN, XINCHENGQIAO, employ, sealed_password, write_logins
from .stream import Stream

Progress = Callable[[int, int | None], None]
DIVISIONS = Path(settings.BASE) / "yiwang" / "divisions" / "data"
SEED = 20261123


@dataclass(frozen=True)
class Size:
    """How large a demonstration is: whose communities, how many people in each, how many matters."""

    root: int
    people_each: int
    matters: int


SIZES = {
    "small": Size(XINCHENGQIAO, 120, 80),
    "county": Size(CHONGCHUAN, 180, 420),
    "city": Size(settings.CITY, 180, 2000),
}


def is_loaded() -> bool:
    """Whether invented data are in the database; every page then says so."""
    return _mark().exists()


def is_building() -> bool:
    """Whether somebody is filling the demonstration right now."""
    return _unfinished().exists() and not is_free(_unfinished())


def logins() -> list[dict[str, str]]:
    """The log-ins of the demonstration; empty when there is none."""
    if not is_loaded():
        return []
    listed: list[dict[str, str]] = json.loads(_mark().read_text(encoding="utf-8"))
    return listed


@dataclass
class Building:
    """A demonstration one can sign in to, still without residents and matters."""

    size: Size
    people: Population
    places: list[Division]
    posts: list[Post]
    lock: int

    def fill(self, progress: Progress | None = None) -> None:
        """Residents, organisations and a stream of matters, by the acts of the product.

        What was filled only in part is seen by the next start and built anew, so no act waits for
        the disk.
        """
        report = progress or (lambda done, total: None)
        total = len(self.places) + self.size.matters
        report(0, total)
        with _without_waiting_for_the_disk():
            done, founder = 0, Founder(self.people)
            for township in _by_township(self.places):
                _people(township, self.people, self.size.people_each)
                founder.found(township)
                done += len(township)
                report(done, total)
            recompute(Division.objects.get(pk=settings.CITY), by=Actor.system())
            residents = list(Resident.objects.select_related("division").order_by("pk"))
            stream = Stream(self.people, self.posts, timezone.now())
            for _matter in stream.flow(residents, self.size.matters):
                done += 1
                report(done, total)
            work_together(sealed_password(), timezone.localdate())
            connect(self.places, timezone.localdate())
            look_after_quality(timezone.localdate())
            share(timezone.localdate())
        report(total, total)
        _unfinished().unlink(missing_ok=True)
        os.close(self.lock)


def begin(*, size: str = "county", progress: Progress | None = None) -> Building | None:
    """Places, units, catalogue and log-ins: enough for the site to open its doors.

    None when the demonstration is there, the register is in real use or another program is
    building. One that was interrupted is cleared away and begun anew.
    """
    report = progress or (lambda done, total: None)
    if is_building():
        return None
    if _unfinished().exists():
        report(0, None)
        remove()
    if is_loaded() or Resident.objects.exists() or User.objects.exists():
        return None
    lock = try_lock(_unfinished())
    if lock is None:
        return None
    people = Population(SEED, timezone.localdate())
    _load_nantong(report)
    places = list(_communities(SIZES[size].root))
    posts = employ(people, places, report)
    write_logins(_mark())
    return Building(SIZES[size], people, places, posts, lock)


def build(*, size: str = "county", progress: Progress | None = None) -> None:
    """Build the whole demonstration unless it is there or the register is in real use."""
    building = begin(size=size, progress=progress)
    if building is not None:
        building.fill(progress)


@contextmanager
def _without_waiting_for_the_disk() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def _mark() -> Path:
    return Path(settings.DATA_DIR) / "demonstration.json"


def _unfinished() -> Path:
    """There while the demonstration is not whole; locked by whoever is building it."""
    return Path(settings.DATA_DIR) / "demonstration.unfinished"


def _load_nantong(report: Progress) -> None:
    """The real divisions, departments and catalogue, as any city would load them."""
    report(0, None)
    if not Division.objects.filter(pk=settings.CITY).exists():
        load_city(report)
    load_departments(Division.objects.get(pk=settings.CITY), by=Actor.system())
    load_catalogue()
    publish_changes()
    open_kiosk()
    open_course()
    _leave_one_out()


def _leave_one_out() -> None:
    """银树村 offers nothing for soldiers' families, so that completeness shows 9 of 10 (SVC-01)."""
    village = Division.objects.in_city().filter(name__startswith="银树村").first()
    if village is not None:
        for item in ServiceItem.objects.filter(category_id="veterans"):
            set_offering(village, item=item, offered=False, by=Actor.system(), reason="尚未开办")


def _communities(root: int) -> DivisionQuerySet:
    found = Division.objects.under(root).current().served().filter(level=Level.COMMUNITY)
    return found.select_related("parent").order_by("pk")


def _by_township(places: list[Division]) -> list[list[Division]]:
    """The communities of each township together: she uploads one workbook for all of them."""
    return [list(those) for _key, those in groupby(places, key=lambda one: one.parent_id)]


def _people(communities: list[Division], people: Population, size: int) -> None:
    """The residents of a township's communities, through the same import as a workbook of hers."""
    shares = shares_of()
    rows = [row for one in communities for row in rows_of(_place(one), people, shares, size)]
    township = communities[0].parent
    assert township is not None  # noqa: S101 - a community lies in a township
    batch = preview(_csv(rows, township), township, Actor.system())
    import_residents(batch, by=Actor.system())


def _place(division: Division) -> Place:
    rural = division.settlement == Settlement.RURAL
    return Place(division.pk, f"{division.pk:012d}", division.name, rural)


def _csv(rows: list[dict[str, str]], division: Division) -> io.BytesIO:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file = io.BytesIO(text.getvalue().encode("utf-8-sig"))
    file.name = f"{division.name}.csv"
    return file


def shares_of(county: str = "320600") -> Shares:
    """The age structure of a county after the census; blanks are filled by the city's figures."""
    rows = {row["code"]: row for row in _census()}
    own, city = rows.get(county, {}), rows["320600"]

    def share(column: str) -> float:
        return float(own.get(column) or city[column])

    return Shares.of(
        share("share_0_14"), share("share_60plus"), share("share_65plus"), share("share_male")
    )


def _census() -> Iterator[dict[str, str]]:
    with (DIVISIONS / "nantong_census_2020.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def remove(*, by: Any = None, progress: Progress | None = None) -> None:
    """Take every invented person, matter and log-in away; divisions and catalogue stay.

    The journal and the timeline cannot be deleted by the application's role, so this runs as the
    owner: a demonstration is not a record of anything. Raises Refused while it is being built.
    """
    from .removal import clear

    if is_building():
        raise Refused("building", _("演示数据还在建立，请等几分钟再清除。"))
    clear(progress)
    for file in (_mark(), _unfinished()):
        file.unlink(missing_ok=True)
