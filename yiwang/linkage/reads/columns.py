"""What the columns of a unit's files mean: guessed, or remembered from its last file."""

from collections.abc import Mapping

from yiwang.accounts.models import Unit
from yiwang.linkage.models import ColumnMemory
from yiwang.residents.rules.columns import column_of, plain_title
from yiwang.residents.rules.dictionary import shipped_fields
from yiwang.residents.rules.reading import Reader, Table, read_table


def remembered(unit: Unit) -> dict[str, str]:
    """By plain title the field it means; empty for a column that is not read."""
    return dict(ColumnMemory.objects.filter(unit=unit).values_list("title", "code"))


def meaning(known: Mapping[str, str]) -> Reader:
    """How titles are read when some of them are known."""

    def column(title: str) -> str | None:
        plain = plain_title(title)
        return (known[plain] or None) if plain in known else column_of(title)

    return column


def guessed(content: bytes, unit: Unit) -> dict[str, str]:
    """Every title of a file and the field it means, empty where nobody knows. Raises Unreadable."""
    table = read_table(content, meaning(remembered(unit)), need_name=False)
    return {
        **{title.strip()[:80]: code for code, title in table.titles.items()},
        **dict.fromkeys(table.ignored, ""),
    }


def table_of(content: bytes, columns: Mapping[str, str]) -> Table:
    """The table under columns that somebody confirmed. Raises Unreadable."""
    return read_table(
        content, meaning({plain_title(title): code for title, code in columns.items()})
    )


def sent_fields(table: Table) -> list[str]:
    """Fields of the register that the file carries."""
    fields = shipped_fields()
    return [code for code in table.titles if code in fields and fields[code].register]
