"""Taking the demonstration away: invented people, matters and log-ins; the city itself stays."""

from collections.abc import Callable

from django.apps import apps
from django.db import connections

from yiwang.accounts.models import UnitClass

Progress = Callable[[int, int | None], None]
# What is not invented: the real city, its units, the law, the catalogue - and the journal, which
# keeps every line whatever it spoke of.
KEPT = frozenset(
    {
        "core.journalline",
        "core.journalseal",
        "core.parameter",
        "core.calendarday",
        "dictionary.dictionaryversion",
        "divisions.division",
        "divisions.divisioncode",
        "divisions.change",
        "divisions.succession",
        "divisions.review",
        "accounts.unit",
        "assessments.scale",
        "personal.notice",
        "personal.retentionrule",
        "residents.listedcode",
        "tags.tagkind",
        "tags.tagkindversion",
        "matters.category",
        "matters.serviceitem",
        "matters.serviceversion",
        "matters.offering",
        "matters.bundle",
    }
)
INVENTED = (UnitClass.KIOSK.value, UnitClass.PROVIDER.value)
LIBRARIES = ("mfa", "usersessions", "sessions", "account")


def clear(progress: Progress | None = None) -> int:
    """Empty every table of invented things in one statement; gives how many tables.

    The application's role may not empty tables, so this uses the owner's log-in.
    """
    tables = sorted(
        model._meta.db_table
        for config in apps.get_app_configs()
        if config.name.startswith("yiwang.") or config.label in LIBRARIES
        for model in config.get_models(include_auto_created=True)
        if model._meta.label_lower not in KEPT
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
        # Units are the city's own, but for those of the demonstration.
        cursor.execute("DELETE FROM accounts_unit WHERE unit_class = ANY(%s)", [list(INVENTED)])
    if progress:
        progress(len(tables), len(tables))
    return len(tables)
