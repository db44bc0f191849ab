"""Taking a whole list of divisions into the register, in one statement."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from yiwang.core.acts import Actor, act, note
from yiwang.core.errors import Refused
from yiwang.divisions.models import Review

MAX_REVIEWS: Final = 2_000

_STAGE: Final = """
CREATE TEMP TABLE staged (
    key bigint, parent bigint, row bigint, code text, parent_code text, level smallint, name text,
    short_name text, pinyin text, initials text, name_en text, kind text, placeholder boolean,
    settlement text
) ON COMMIT DROP
"""
_COPY: Final = """
COPY staged FROM STDIN (FORMAT csv, FORCE_NOT_NULL (
    parent_code, pinyin, initials, name_en, settlement))
"""
# A code already known stands for the place that carries it; else the key equals the code.
_KEYS: Final = """
UPDATE staged SET key = c.division_id FROM divisions_divisioncode c
 WHERE c.scheme = 'nbs' AND c.code = staged.code AND c.valid_to IS NULL
   AND c.division_id <> staged.key
"""
_PARENTS: Final = """
UPDATE staged SET parent = upper.key FROM staged upper
 WHERE upper.code = staged.parent_code AND upper.code <> staged.code
   AND staged.parent IS DISTINCT FROM upper.key
"""
_OUTSIDE_PARENTS: Final = """
UPDATE staged SET parent = d.key FROM divisions_division d
 WHERE staged.parent IS NULL AND staged.parent_code <> '' AND d.key = staged.parent_code::bigint
   AND d.valid_to IS NULL
"""
# A place carried over without a code meets the official row that names it.
_ADOPT: Final = """
UPDATE staged SET key = d.key FROM divisions_division d
 WHERE d.parent_id = staged.parent AND d.name = staged.name AND d.valid_to IS NULL
   AND staged.key = staged.code::bigint AND d.key <> staged.key
   AND NOT EXISTS (SELECT 1 FROM divisions_divisioncode c
                    WHERE c.division_id = d.key AND c.scheme = 'nbs' AND c.valid_to IS NULL)
"""
_CLASHES: Final = """
SELECT s.row, s.code, s.name, d.name FROM staged s JOIN divisions_division d USING (key)
 WHERE d.valid_to IS NOT NULL OR (s.key = s.code::bigint AND EXISTS (
       SELECT 1 FROM divisions_divisioncode c
        WHERE c.division_id = d.key AND c.scheme = 'nbs' AND c.valid_to IS NULL
          AND c.code <> s.code))
 ORDER BY s.row LIMIT 5
"""
_INSERT: Final = """
INSERT INTO divisions_division (key, parent_id, level, name, short_name, former_name, pinyin,
    initials, name_en, kind, placeholder, urban_core, settlement, valid_from, created_at, updated_at)
SELECT s.key, s.parent, s.level, s.name, s.short_name, '', s.pinyin, s.initials, s.name_en, s.kind,
       s.placeholder, false, s.settlement,
       (SELECT %(on)s::date FROM divisions_division county
         WHERE county.key = s.key / 1000000 * 1000000 AND county.key <> s.key),
       now(), now()
  FROM staged s
ON CONFLICT (key) DO UPDATE
   SET parent_id = coalesce(excluded.parent_id, divisions_division.parent_id),
       pinyin = excluded.pinyin, initials = excluded.initials, name_en = excluded.name_en,
       updated_at = now()
 WHERE divisions_division.name = excluded.name
"""
_CODES: Final = """
INSERT INTO divisions_divisioncode (division_id, scheme, code, valid_from, source, created_at,
                                    updated_at)
SELECT s.key, 'nbs', s.code,
       CASE WHEN EXISTS (SELECT 1 FROM divisions_divisioncode old
                          WHERE old.division_id = s.key OR (old.scheme = 'nbs' AND old.code = s.code))
            THEN %(on)s::date ELSE d.valid_from END,
       %(source)s, now(), now()
  FROM staged s JOIN divisions_division d USING (key)
 WHERE NOT EXISTS (SELECT 1 FROM divisions_divisioncode c
                    WHERE c.scheme = 'nbs' AND c.code = s.code AND c.valid_to IS NULL)
"""
_FIRST_CODES: Final = """
INSERT INTO divisions_divisioncode (division_id, scheme, code, source, created_at, updated_at)
SELECT key, 'nbs', code, %(source)s, now(), now() FROM staged
"""
_NATIONAL_CODES: Final = """
INSERT INTO divisions_divisioncode (division_id, scheme, code, valid_from, source, created_at,
                                    updated_at)
SELECT s.key, 'gbt2260', left(s.code, 6), d.valid_from, %(source)s, now(), now()
  FROM staged s JOIN divisions_division d USING (key)
 WHERE s.level <= 3 AND d.kind NOT IN ('zone', 'other')
   AND NOT EXISTS (SELECT 1 FROM divisions_divisioncode c WHERE c.scheme = 'gbt2260'
                      AND c.code = left(s.code, 6) AND c.valid_to IS NULL)
"""
_RENAMED: Final = """
SELECT d.key, d.name, s.name, s.code FROM staged s JOIN divisions_division d USING (key)
 WHERE d.name <> s.name AND NOT EXISTS (
       SELECT 1 FROM divisions_review r WHERE r.division_id = d.key AND r.state = 'open')
 ORDER BY d.key LIMIT %(limit)s
"""
# Places of the areas the list covers that it no longer names; only the highest of each branch.
_ABSENT: Final = """
SELECT d.key, d.name FROM divisions_division d
 WHERE d.valid_to IS NULL AND NOT EXISTS (SELECT 1 FROM staged s WHERE s.key = d.key)
   AND EXISTS (SELECT 1 FROM staged s WHERE s.key = d.parent_id)
   AND NOT EXISTS (SELECT 1 FROM divisions_review r
                    WHERE r.division_id = d.key AND r.state = 'open')
 ORDER BY d.key LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Territory:
    """An area named before it has a record: rights are asked for it, the journal names it."""

    division_id: int


@dataclass(frozen=True)
class Taken:
    """What a list changed: new places, places known before, questions for a person."""

    added: int
    known: int
    reviews: int


@act("divisions.change")
def import_divisions(area: Territory, *, staged: bytes, on: date, source: str, by: Actor) -> Taken:
    """Take a list (CSV of the staged columns) into the register; all of it or nothing.

    Places are added, never closed or renamed: what differs goes to the review queue, because
    only an act with a document may say what became of a place. Raises Refused.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM divisions_division)")
        fresh = not _first(cursor)
        before = 0 if fresh else _count(cursor)
        _stage(cursor, staged, fresh=fresh)
        facts: dict[str, Any] = {"on": on, "source": source}
        cursor.execute(_INSERT, facts)
        cursor.execute(_FIRST_CODES if fresh else _CODES, facts)
        cursor.execute(_NATIONAL_CODES, facts)
        total = _count(cursor)
        cursor.execute("SELECT count(*) FROM staged")
        rows = int(_first(cursor))
        questions = [] if fresh else _questions(cursor, source)
        cursor.execute("DROP TABLE staged")
    Review.objects.bulk_create(questions)
    added = total - before
    note(source=source, on=on, rows=rows, added=added, reviews=len(questions))
    return Taken(added, rows - added, len(questions))


def _stage(cursor: Any, staged: bytes, *, fresh: bool) -> None:
    cursor.execute(_STAGE)
    with cursor.copy(_COPY) as copy:
        copy.write(staged)
    if fresh:
        return
    cursor.execute("CREATE INDEX ON staged (code)")
    cursor.execute("ANALYZE staged")
    cursor.execute(_KEYS)
    cursor.execute(_PARENTS)
    cursor.execute(_OUTSIDE_PARENTS)
    cursor.execute(_ADOPT)
    cursor.execute(_PARENTS)
    cursor.execute("CREATE INDEX ON staged (key)")
    cursor.execute("ANALYZE staged")
    _refuse_clashes(cursor)


def _refuse_clashes(cursor: Any) -> None:
    cursor.execute(_CLASHES)
    clashes = cursor.fetchall()
    if not clashes:
        return
    lines = [
        _("第 %(row)s 行代码 %(code)s“%(new)s”与登记的“%(old)s”冲突")
        % {"row": row, "code": code, "new": new, "old": old}
        for row, code, new, old in clashes
    ]
    cure = _("该代码的区划已撤销或另有代码。请用较新的名单，或先按文件办理变更。")
    raise Refused("code_taken", "；".join([*lines, cure]))


def _questions(cursor: Any, source: str) -> list[Review]:
    limit = {"limit": MAX_REVIEWS}
    cursor.execute(_RENAMED, limit)
    renamed = [
        Review(
            division_id=key,
            topic=Review.Topic.RENAMED,
            facts={"source": source, "code": code, "new": new},
        )
        for key, old, new, code in cursor.fetchall()
    ]
    cursor.execute(_ABSENT, limit)
    absent = [
        Review(division_id=key, topic=Review.Topic.ABSENT, facts={"source": source})
        for key, name in cursor.fetchall()
    ]
    return renamed + absent


def _first(cursor: Any) -> Any:
    return cursor.fetchone()[0]


def _count(cursor: Any) -> int:
    cursor.execute("SELECT count(*) FROM divisions_division")
    return int(_first(cursor))
