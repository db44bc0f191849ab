"""Rows of an import on their way into the register: copied into a temporary table, then inserted
as sets. Nothing here looks at single rows inside the database."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl
from django.db import connection

from yiwang.core import vault
from yiwang.core.rules import chinese
from yiwang.residents.rules.dictionary import shipped_fields
from yiwang.residents.rules.reading import ROW

from .resident import TAIL
from .source import Nature, Source

_KEYS: Final = """
    DROP TABLE IF EXISTS pg_temp.staged_key;
    CREATE TEMPORARY TABLE staged_key (
        row bigint, division_id bigint, name text COLLATE "C", born_on date,
        identity_hash bytea, phone_hash bytea
    ) ON COMMIT DROP
"""
# The same number in the city; the row is known when the record lives in the same community. Who
# moved away or died keeps the one record: it has to return, a row cannot enter it again. For a record
# merged into another one the other speaks.
_SAME_NUMBER: Final = """
    SELECT DISTINCT s.row, heir.division_id,
        heir.division_id = s.division_id AND heir.state = 'live' AS here
    FROM staged_key s
    JOIN residents_resident r ON r.identity_hash = s.identity_hash AND r.state <> 'withdrawn'
    JOIN residents_resident heir ON heir.id = coalesce(r.merged_into_id, r.id)
"""
# Without a number on one side, the same name with all that is known of birth and telephone.
_SAME_PERSON: Final = """
    SELECT DISTINCT ON (s.row) s.row, r.id,
        (s.identity_hash IS NULL AND r.born_on IS NOT DISTINCT FROM s.born_on
            AND r.phone_hash IS NOT DISTINCT FROM s.phone_hash) AS certain
    FROM staged_key s
    JOIN residents_resident r ON r.name = s.name AND r.division_id = s.division_id
        AND r.state = 'live'
        AND (r.identity_hash IS NULL OR s.identity_hash IS NULL)
        AND (r.born_on = s.born_on
            OR (r.born_on IS NOT DISTINCT FROM s.born_on AND r.phone_hash = s.phone_hash))
    ORDER BY s.row, certain DESC
"""
_ROWS: Final = """
    DROP TABLE IF EXISTS pg_temp.staged_resident;
    CREATE TEMPORARY TABLE staged_resident (
        id bigint DEFAULT nextval(pg_get_serial_sequence('residents_resident', 'id')),
        row bigint, division_id bigint, name text, name_pinyin text, name_initials text,
        name_tokens text[], sex text, born_on date, birth_year smallint, identity bytea,
        identity_hash bytea, identity_tail bytea, phone bytea, phone_hash bytea, phone_tail bytea,
        standing text, household text, relation text, home_address text, sealed_address bytea
    ) ON COMMIT DROP
"""
_DWELLINGS: Final = """
    INSERT INTO residents_dwelling
        (created_at, updated_at, division_id, address, road, estate, building, unit, room)
    SELECT now(), now(), division_id, address, road, estate, building, unit, room FROM staged_dwelling
    ON CONFLICT (division_id, address) DO NOTHING
"""
_HOUSEHOLDS: Final = """
    INSERT INTO residents_household (created_at, updated_at, division_id, number, dwelling_id)
    SELECT now(), now(), s.division_id, s.household, min(d.id)
    FROM staged_resident s
    LEFT JOIN residents_dwelling d ON d.division_id = s.division_id AND d.address = s.home_address
    WHERE s.household <> '' GROUP BY s.division_id, s.household
    ON CONFLICT (division_id, number) DO NOTHING
"""
_RESIDENTS: Final = """
    INSERT INTO residents_resident (
        id, created_at, updated_at, division_id, name, name_pinyin, name_initials, name_tokens,
        sex, born_on, birth_year, identity, identity_hash, identity_tail, phone, phone_hash,
        phone_tail, standing, household_id, relation, dwelling_id, state, fresh_until, disputed,
        batch_id
    )
    SELECT s.id, now(), now(), s.division_id, s.name, s.name_pinyin, s.name_initials,
        s.name_tokens, s.sex, s.born_on, s.birth_year, s.identity, s.identity_hash,
        s.identity_tail, s.phone, s.phone_hash, s.phone_tail, s.standing, h.id,
        CASE WHEN h.id IS NULL THEN '' ELSE s.relation END, d.id, 'live',
        coalesce(least(
            CASE WHEN s.phone IS NOT NULL THEN %s::date END,
            CASE WHEN s.home_address <> '' THEN %s::date END
        ), %s), '{}', %s
    FROM staged_resident s
    LEFT JOIN residents_household h ON h.division_id = s.division_id AND h.number = s.household
    LEFT JOIN residents_dwelling d ON d.division_id = s.division_id AND d.address = s.home_address
    ORDER BY s.division_id, s.name_pinyin
"""
# By way of the staged rows: what the transaction itself has just inserted has no statistics yet.
_HEADS: Final = """
    UPDATE residents_household h SET head_id = s.id
    FROM staged_resident s
    WHERE s.relation = 'head' AND s.household <> '' AND h.head_id IS NULL
        AND h.division_id = s.division_id AND h.number = s.household
"""
# What a person's row brought, as one record: open values as they are, sensitive ones sealed.
_RECORDS: Final = """
    INSERT INTO residents_sourcerecord (
        created_at, updated_at, resident_id, nature, source_kind, source_label, owner_id,
        owner_code, collected_on, collected_by, by_user_id, by_post_id, verified_on, purpose,
        reference, reason, values_open, sealed, batch_id
    )
    SELECT now(), now(), s.id, 'collected', 'import', %s, %s, %s, %s, %s, %s, %s, %s, '', '', '',
        jsonb_strip_nulls(jsonb_build_object(
            'name', s.name, 'sex', nullif(s.sex, ''), 'born_on', to_char(s.born_on, 'YYYY-MM-DD'),
            'birth_year', CASE WHEN s.born_on IS NULL THEN s.birth_year::text END
        )) || coalesce(f.values_open, '{}'),
        jsonb_strip_nulls(jsonb_build_object(
            'identity_number', encode(s.identity, 'hex'), 'phone', encode(s.phone, 'hex'),
            'home_address', encode(s.sealed_address, 'hex')
        )) || coalesce(f.sealed, '{}'),
        %s
    FROM staged_resident s
    LEFT JOIN (
        SELECT row,
            jsonb_object_agg(field, value) FILTER (WHERE value IS NOT NULL) AS values_open,
            jsonb_object_agg(field, encode(sealed, 'hex'))
                FILTER (WHERE sealed IS NOT NULL) AS sealed
        FROM staged_fact GROUP BY row
    ) f ON f.row = s.row
"""
# The same of people who are in the register: the row is the resident.
_VALUES: Final = """
    INSERT INTO residents_sourcerecord (
        created_at, updated_at, resident_id, nature, source_kind, source_label, owner_id,
        owner_code, collected_on, collected_by, by_user_id, by_post_id, verified_on, purpose,
        reference, reason, batch_id, values_open, sealed
    )
    SELECT now(), now(), f.row, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
        coalesce(jsonb_object_agg(field, value) FILTER (WHERE value IS NOT NULL), '{}'),
        coalesce(jsonb_object_agg(field, encode(sealed, 'hex'))
            FILTER (WHERE sealed IS NOT NULL), '{}')
    FROM staged_fact f GROUP BY f.row ORDER BY f.row
"""


def with_keys(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with the keyed hashes people are found by."""
    return frame.with_columns(
        _hashes("identity", frame["identity_number"]).alias("identity_hash"),
        _hashes("phone", frame["phone"]).alias("phone_hash"),
    )


def stage_keys(frame: pl.DataFrame) -> None:
    """Copy what tells people apart, from rows `with_keys`."""
    keys = frame.select(
        ROW, "division_id", "name", _or_null("born_on"), "identity_hash", "phone_hash"
    )
    with connection.cursor() as cursor:
        cursor.execute(_KEYS)
    _copy("staged_key", keys)


def rows_with_known_numbers() -> list[tuple[int, int, bool]]:
    """Row, community that holds the number, and whether that is the row's own community."""
    return _fetch(_SAME_NUMBER)


def rows_with_known_people() -> list[tuple[int, int, bool]]:
    """Row, record of the same name and birth or telephone, and whether nothing differs."""
    return _fetch(_SAME_PERSON)


def stage_rows(frame: pl.DataFrame) -> None:
    """Copy whole rows with everything they are found by: encrypted, hashed, spelled."""
    names = frame["name"].to_list()
    unique = set(names)
    sounds = {name: chinese.syllables(name) for name in unique}
    spelled = {name: "".join(sounds[name])[:300] for name in unique}
    short = {name: "".join(sound[0] for sound in sounds[name])[:100] for name in unique}
    tokens = {name: _array(chinese.bigrams(name)) for name in unique}
    identities, phones = frame["identity_number"].to_list(), frame["phone"].to_list()
    rows = frame.select(
        ROW,
        "division_id",
        "name",
        pl.Series("name_pinyin", [spelled[name] for name in names]),
        pl.Series("name_initials", [short[name] for name in names]),
        pl.Series("name_tokens", [tokens[name] for name in names]),
        "sex",
        _or_null("born_on"),
        _or_null("birth_year"),
        _sealed(identities).alias("identity"),
        "identity_hash",
        _tails("identity_tail", identities).alias("identity_tail"),
        _sealed(phones).alias("phone"),
        "phone_hash",
        _tails("phone_tail", phones).alias("phone_tail"),
        "standing",
        "household",
        "relation",
        "home_address",
        _sealed_once(frame["home_address"]).alias("sealed_address"),
    )
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
    _copy("staged_resident", rows)


def stage_dwellings(rows: Iterable[Mapping[str, Any]]) -> None:
    """Enter the addresses of the staged rows, with the parts that could be told apart."""
    columns = ["division_id", "address", "road", "estate", "building", "unit", "room"]
    frame = pl.DataFrame(
        [[row.get(name, "") for name in columns] for row in rows], schema=columns, orient="row"
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.staged_dwelling")
        cursor.execute(
            "CREATE TEMPORARY TABLE staged_dwelling (division_id bigint, address text, road text,"
            " estate text, building text, unit text, room text) ON COMMIT DROP"
        )
        if frame.height:
            _copy("staged_dwelling", frame)
        cursor.execute(_DWELLINGS)


def stage_facts(frame: pl.DataFrame, codes: Sequence[str]) -> None:
    """Copy the values that are facts and no columns, one line a value; sensitive ones sealed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS pg_temp.staged_fact;"
            "CREATE TEMPORARY TABLE staged_fact (row bigint, field text, value text, sealed bytea)"
            " ON COMMIT DROP"
        )
    for code in codes:
        held = frame.filter(pl.col(code) != "")
        if held.is_empty():
            continue
        values = held[code].to_list()
        secret = shipped_fields()[code].sensitive
        _copy(
            "staged_fact",
            pl.DataFrame(
                {
                    ROW: held[ROW],
                    "field": [code] * len(values),
                    "value": [None if secret else value for value in values],
                    "sealed": _sealed(values) if secret else [None] * len(values),
                },
                schema_overrides={"value": pl.String, "sealed": pl.String},
            ),
        )


@dataclass(frozen=True)
class Due:
    """Until when what was told on the day of the import is fresh, by what a row holds."""

    phone: date | None
    address: date | None
    neither: date


def insert_values(
    source: Source, values: Mapping[int, Mapping[str, str]], decided: str = ""
) -> None:
    """One source record for each of many residents of the register: what is told of them, or what
    a person has `decided`, and why."""
    codes = sorted({code for held in values.values() for code in held})
    rows = [[key, *(held.get(code, "") for code in codes)] for key, held in values.items()]
    schema = {ROW: pl.Int64, **dict.fromkeys(codes, pl.String)}
    stage_facts(pl.DataFrame(rows, schema=schema, orient="row"), codes)
    said = [source.kind, source.label[:120], source.owner, source.owner_code, source.day]
    who = [source.by[:160], source.user_id, source.post_id, source.verified_on]
    why = [source.purpose[:200], source.reference[:80], decided[:300]]
    nature = Nature.DECIDED if decided else Nature.COLLECTED
    batch_id = source.batch.pk if source.batch else None
    with connection.cursor() as cursor:
        cursor.execute(_VALUES, [nature, *said, *who, *why, batch_id])


def insert_staged(source: Source, due: Due) -> int:
    """Households, residents, heads and source records from the staged rows; gives the residents
    entered. `source` names the batch."""
    batch_id = source.batch.pk if source.batch else None
    said = [source.label, source.owner, source.owner_code, source.day, source.by[:160]]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged_resident")
        cursor.execute(_HOUSEHOLDS)
        cursor.execute(_RESIDENTS, [due.phone, due.address, due.neither, batch_id])
        entered: int = cursor.rowcount
        cursor.execute(_HEADS)
        who = [source.user_id, source.post_id, source.verified_on, batch_id]
        cursor.execute(_RECORDS, [*said, *who])
    return entered


def _copy(table: str, frame: pl.DataFrame) -> None:
    """The frame as CSV into a table; empty texts stay texts, nulls are nulls."""
    buffer = io.BytesIO()
    frame.write_csv(buffer, include_header=False)
    columns = ", ".join(frame.columns)
    with connection.cursor() as cursor:
        # Django's cursor passes on to psycopg's, which knows COPY.
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv)") as copy:
            copy.write(buffer.getvalue())
        cursor.execute(f"ANALYZE {table}")


def _fetch(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _or_null(column: str) -> pl.Expr:
    return pl.when(pl.col(column) != "").then(pl.col(column)).alias(column)


def _hashes(kind: str, texts: Iterable[str]) -> pl.Series:
    made = vault.keyed_hash
    found = ["\\x" + made(kind, text).hex() if text else None for text in texts]
    return pl.Series(found, dtype=pl.String)


def _tails(kind: str, texts: Iterable[str]) -> pl.Series:
    """Hashes of the last digits; there are few of them, so each is made once."""
    ends = [text[-TAIL:] for text in texts]
    made = {end: "\\x" + vault.keyed_hash(kind, end).hex() for end in set(ends) if end}
    return pl.Series([made.get(end) for end in ends], dtype=pl.String)


def _sealed(texts: Iterable[str]) -> pl.Series:
    return pl.Series(
        ["\\x" + vault.encrypt(text).hex() if text else None for text in texts], dtype=pl.String
    )


def _sealed_once(texts: pl.Series) -> pl.Series:
    """As `_sealed`, for texts that many rows share: each is sealed once."""
    made = {text: "\\x" + vault.encrypt(text).hex() for text in texts.unique() if text}
    return pl.Series([made.get(text) for text in texts], dtype=pl.String)


def _array(tokens: Iterable[str]) -> str:
    quoted = (token.replace("\\", "\\\\").replace('"', '\\"') for token in tokens)
    return "{" + ",".join(f'"{token}"' for token in quoted) + "}"
