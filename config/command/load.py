"""`yiwang load`: each noun is one function in the `sheets` room of its app."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from config.language import _
from config.postgres import Site, remember, remembered

from .frame import ROOT, Problem, progress, running_database, teach


@dataclass(frozen=True)
class Loader:
    """Where a kind of data is loaded, and the file that comes with the programs, if any."""

    noun: str
    title: str
    module: str
    function: str
    shipped: str = ""
    needs_places: bool = False
    of_city: bool = False  # its function takes the city, not a file

    @property
    def exists(self) -> bool:
        """Whether the app has the room yet."""
        return find_spec(self.module) is not None

    @property
    def comes_along(self) -> bool:
        """Whether there is something to load without naming a file."""
        return self.exists and bool(self.shipped) and self._shipped.exists()

    @property
    def _shipped(self) -> Path:
        return ROOT / self.shipped

    def digest(self) -> str:
        """Of what comes along: it changes when another release brings other content."""
        files = [self._shipped]
        if self._shipped.is_dir():
            files = sorted(path for path in self._shipped.rglob("*") if path.is_file())
        return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]

    def load(self, file: Path | None = None) -> Any:
        """Load the file, or what comes along; gives what the app's function reports."""
        work: Callable[..., Any] = getattr(import_module(self.module), self.function)
        subject = _city() if self.of_city else file or self._shipped
        with progress(self.title) as report:
            return work(subject, progress=report)


def _city() -> Any:
    from django.conf import settings

    from yiwang.divisions.models import Division

    return Division.objects.get(pk=settings.CITY)


LOADERS = (
    Loader(
        "parameters",
        _("参数"),
        "yiwang.core.sheets",
        "load_parameters",
        "yiwang/core/data/parameters.csv",
    ),
    Loader(
        "calendar",
        _("工作日历"),
        "yiwang.core.sheets",
        "load_calendar",
        "yiwang/core/data/calendar.csv",
    ),
    Loader(
        "departments",
        _("部门和单位"),
        "yiwang.accounts.sheets",
        "load_departments",
        "yiwang/accounts/data/departments.yaml",
        needs_places=True,
        of_city=True,
    ),
    Loader(
        "services",
        _("事项目录"),
        "yiwang.matters.sheets",
        "load_catalogue",
        "yiwang/matters/data",
        needs_places=True,
    ),
    Loader("divisions", _("行政区划"), "yiwang.divisions.sheets", "load_divisions"),
    Loader("boundaries", _("区划边界"), "yiwang.divisions.sheets", "load_boundaries"),
    Loader("residents", _("居民"), "yiwang.residents.sheets", "load_residents"),
)


def load_reference_data(site: Site) -> list[str]:
    """Load what comes with the programs, where it is new; gives the titles loaded.

    What was loaded before and has not changed since is left alone: the calendar and the
    parameters may have been corrected on the spot. Units and services belong to places and wait
    until the city's divisions are there.
    """
    from django.conf import settings

    from yiwang.divisions.models import Division

    has_places = Division.objects.filter(pk=settings.CITY).exists()
    known, loaded = remembered(site), []
    for loader in LOADERS:
        ready = loader.comes_along and (has_places or not loader.needs_places)
        if ready and known.get(loader.noun) != loader.digest():
            loader.load()
            known[loader.noun] = loader.digest()
            loaded.append(loader.title)
    if loaded:
        remember(site, known)
    return loaded


def told(outcome: Any) -> str:
    """What a loader gives back, as a sentence: its own words, else the number of rows."""
    rows = outcome if isinstance(outcome, int) else getattr(outcome, "rows", None)
    wordless = isinstance(outcome, int) or "__str__" not in vars(type(outcome))
    if rows is not None and wordless:
        return _("{rows} 行").format(rows=rows)
    return str(outcome)


@click.group(
    help=teach(
        _("""从文件装入数据，可重复运行：已有的更新，没有的增加。"""),
        _(
            """例：
  yiwang load divisions nantong_divisions.csv     行政区划（CSV，可以是 .gz）
  yiwang load boundaries nantong.geojson          区划边界
  yiwang load residents 居民.xlsx                  居民（XLSX 或 CSV）
  yiwang load departments                         各级部门和单位（先装区划）
  yiwang load services                            随程序提供的事项目录（先装区划）
  yiwang load calendar 2028.csv                   下一年的放假安排"""
        ),
    )
)
def load() -> None:
    """One subcommand for each noun."""


def _command(loader: Loader) -> click.Command:
    optional = bool(loader.shipped)

    def run(file: Path | None = None) -> None:
        if not loader.exists:
            raise Problem(_("这一版程序还不能装入：{title}").format(title=loader.title))
        with running_database():
            outcome = loader.load(file)
        click.echo(_("已装入{title}：{outcome}").format(title=loader.title, outcome=told(outcome)))

    if not loader.of_city:
        kind = click.Path(exists=True, path_type=Path)
        run = click.argument("file", type=kind, required=not optional)(run)
    default = _("不给文件时装入随程序提供的数据。") if optional else ""
    help_text = _("装入{title}。").format(title=loader.title) + default
    return click.command(loader.noun, help=help_text)(run)


for _loader in LOADERS:
    load.add_command(_command(_loader))
