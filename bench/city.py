"""What the measurements need in the scratch database: Nantong, staff, people of any number."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from config.demonstration.city import DIVISIONS, shares_of
from config.demonstration.households import Place, rows_of
from config.demonstration.people import Population
from config.demonstration.staff import CHONGCHUAN, SEATS, fill_seats
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import ApiToken, Post
from yiwang.accounts.sheets import load_departments
from yiwang.core.sheets import load_calendar, load_parameters
from yiwang.divisions.models import Division, Level, Settlement
from yiwang.divisions.sheets import load_divisions
from yiwang.matters.sheets import load_catalogue
from yiwang.residents.sheets import load_residents

CORE = Path(__file__).resolve().parent.parent / "yiwang" / "core" / "data"
CHUNK = 200_000


def found_city() -> Post:
    """Divisions, law, catalogue and one network administrator of 易家桥社区."""
    load_parameters(CORE / "parameters.csv")
    load_calendar(CORE / "calendar.csv")
    load_divisions(DIVISIONS / "nantong_divisions.csv")
    load_departments(Division.objects.get(pk=320600_000_000), by=Actor.system())
    load_catalogue()
    return fill_seats([SEATS[0]], date(2026, 1, 5), lambda done, total: None)[0]


def token_for(post: Post, *scopes: str) -> str:
    """A key that may accept, or what is named, with a quota no measurement reaches."""
    from yiwang.accounts.authentication import new_secret
    from yiwang.core.vault import keyed_hash

    secret = new_secret()
    ApiToken.objects.create(
        name="bench",
        post=post,
        digest=keyed_hash("token", secret),
        hint=secret[-4:],
        scopes=list(scopes) or ["matters.accept", "matters.view"],
        per_minute=10_000_000,
        expires_on=date(2099, 1, 1),
    )
    return secret


def write_residents(size: int, *, root: int = CHONGCHUAN, seed: int = 7) -> Iterator[Path]:
    """CSV files of at most CHUNK invented residents of all communities under a division."""
    people, shares = Population(seed, date(2026, 11, 23)), shares_of()
    places = list(
        Division.objects.under(root).served().filter(level=Level.COMMUNITY).order_by("pk")
    )
    each = -(-size // len(places))
    rows = (
        row
        for place in places
        for row in rows_of(
            Place(place.pk, f"{place.pk:012d}", place.name, place.settlement == Settlement.RURAL),
            people,
            shares,
            each,
        )
    )
    with TemporaryDirectory() as folder:
        left = size
        while left > 0:
            path = Path(folder) / f"residents-{left}.csv"
            taken = _write(path, rows, min(CHUNK, left))
            if not taken:
                return
            left -= taken
            yield path


def _write(path: Path, rows: Iterator[dict[str, str]], most: int) -> int:
    text, count = io.StringIO(), 0
    writer = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, list(row))
            writer.writeheader()
        writer.writerow(row)
        count += 1
        if count == most:
            break
    path.write_text(text.getvalue(), encoding="utf-8")
    return count


def people_city(size: int) -> None:
    """Load invented residents through the ordinary import."""
    for path in write_residents(size):
        load_residents(path)
