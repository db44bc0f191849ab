"""The rules in SQL: whole places at once, each tag set or ended with a trace of what it stood on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import connection

from yiwang.divisions.rules import KeyRange
from yiwang.residents.rules.ages import years_before
from yiwang.tags.rules import Condition

from .kind import TagKind

# Who keeps house with whom: read once for all rules that look at homes.
_HOMES: Final = """
    DROP TABLE IF EXISTS pg_temp.tags_home;
    CREATE TEMPORARY TABLE tags_home ON COMMIT DROP AS
    SELECT household_id, count(*) AS members,
           bool_and(coalesce(born_on <= %(elder)s, birth_year <= %(elder_year)s, false)) AS elders,
           bool_or(coalesce(born_on > %(elder)s AND born_on <= %(adult)s,
                            birth_year > %(elder_year)s AND birth_year <= %(adult_year)s,
                            true)) AS adult
    FROM residents_resident
    WHERE state = 'live' AND household_id IS NOT NULL
      AND division_id BETWEEN %(lo)s AND %(hi)s
    GROUP BY household_id;
    ANALYZE tags_home
"""
_HOME_WORDS: Final = {
    "alone": "home.members = 1",
    "elders": "home.elders",
    "no_adult": "NOT home.adult AND home.members > 1",
}
_FACTS: Final = (
    "jsonb_strip_nulls(jsonb_build_object('born', coalesce(person.born_on::text,"
    " person.birth_year::text), 'standing', person.standing, 'state', person.state{home}))"
)
_HOME_FACTS: Final = ", 'members', home.members, 'elders_only', home.elders"
_JOIN_HOME: Final = " LEFT JOIN pg_temp.tags_home home ON home.household_id = person.household_id"
# The newest verified word of any source that was not taken back.
_FACT: Final = """
    (SELECT said.values_open ->> %({name})s FROM residents_sourcerecord said
     WHERE said.resident_id = ANY(person.id || ARRAY(
         SELECT old.id FROM residents_resident old WHERE old.merged_into_id = person.id))
       AND said.values_open ? %({name})s
       AND said.verified_on IS NOT NULL AND said.nature <> 'undone'
       AND NOT EXISTS (SELECT FROM residents_sourcerecord back WHERE back.nature = 'undone'
                       AND back.resident_id = said.resident_id AND back.about_id = said.id)
     ORDER BY said.verified_on DESC, said.id DESC LIMIT 1) = ANY(%({name}_any)s)
"""
_SET: Final = """
    WITH fresh AS (
        INSERT INTO tags_tag (created_at, updated_at, resident_id, division_id, kind_id, number,
            variant, grade, since, valid_until, confirmed_on, end_reason, automatic, facts)
        SELECT now(), now(), person.id, person.division_id, %(kind)s, %(number)s, '', '', %(on)s,
               NULL, %(on)s, '', true, {facts}
        FROM residents_resident person{joins}
        WHERE person.state = 'live' AND person.division_id BETWEEN %(lo)s AND %(hi)s AND {words}
          AND NOT EXISTS (SELECT FROM tags_tag held WHERE held.resident_id = person.id
                          AND held.division_id BETWEEN %(lo)s AND %(hi)s
                          AND held.kind_id = %(kind)s AND held.ended_on IS NULL)
          AND NOT EXISTS (SELECT FROM tags_tagexception one WHERE one.resident_id = person.id
                          AND one.kind_id = %(kind)s AND one.lifted_on IS NULL)
        RETURNING id, facts)
    INSERT INTO tags_tagevent (created_at, updated_at, tag_id, what, "on", number, facts, reason,
        by_label)
    SELECT now(), now(), id, 'set', %(on)s, %(number)s, facts, '', %(by)s FROM fresh
"""
_END: Final = """
    WITH gone AS (
        UPDATE tags_tag tag SET ended_on = greatest({day}, tag.since), end_reason = %(reason)s,
               updated_at = now()
        FROM residents_resident person{joins}
        WHERE person.id = tag.resident_id AND tag.ended_on IS NULL
          AND tag.division_id BETWEEN %(lo)s AND %(hi)s
          AND person.division_id BETWEEN %(lo)s AND %(hi)s AND {words}
        RETURNING tag.id, tag.number, tag.ended_on, {facts} AS facts)
    INSERT INTO tags_tagevent (created_at, updated_at, tag_id, what, "on", number, facts, reason,
        by_label)
    SELECT now(), now(), id, 'ended', ended_on, number, facts, %(reason)s, %(by)s FROM gone
"""

# Tables are joined as whole ranges, never row by row: a loop over a table that the same statement
# fills would read what it has just written again for every row.
_JOIN_AS_SETS: Final = "SET LOCAL enable_nestloop = off"
_JOIN_AS_USUAL: Final = "SET LOCAL enable_nestloop = on"

Ages = Callable[[int | str], int]


@dataclass
class Matching:
    """Runs the rules over the residents of an area as of a day; `by` is who the trace names.

    `ages` gives the years of an age that a rule names by a parameter.
    """

    area: KeyRange
    on: date
    by: str
    ages: Ages
    _homes: bool = field(default=False, init=False)

    def gather_homes(self, *, elder: int, adult: int) -> None:
        """Look at the households once; rules about homes need it. Ages in full years."""
        values: dict[str, Any] = {"lo": self.area.lo, "hi": self.area.hi}
        for name, years in (("elder", elder), ("adult", adult)):
            values[name], values[f"{name}_year"] = self._birthday(years), self.on.year - years
        with connection.cursor() as cursor:
            cursor.execute(_HOMES, values)
        self._homes = True

    def set_matching(self, kind: TagKind, condition: Condition) -> int:
        """Set the kind on everybody the condition holds for; gives how many are new."""
        words, values = self._words(condition)
        statement = _SET.format(facts=self._facts(), joins=self._joins(), words=words)
        return self._run(statement, values, kind=kind.pk, number=kind.number)

    def end_unmatched(self, kind: TagKind, condition: Condition) -> int:
        """End what the rule has set where it no longer holds, or an exception says so."""
        words, values = self._words(condition)
        left = (
            f"tag.kind_id = %(kind)s AND tag.automatic AND person.state = 'live'"
            f" AND (({words}) IS NOT TRUE OR EXISTS (SELECT FROM tags_tagexception one"
            " WHERE one.resident_id = person.id AND one.kind_id = %(kind)s"
            " AND one.lifted_on IS NULL))"
        )
        return self._end(left, values, "rule", kind=kind.pk)

    def end_matching(self, kind: TagKind, condition: Condition) -> int:
        """End the kind on everybody the condition holds for, whoever has set it."""
        words, values = self._words(condition)
        return self._end(f"tag.kind_id = %(kind)s AND {words}", values, "rule", kind=kind.pk)

    def end_expired(self) -> int:
        """End what was valid until a day that has passed."""
        return self._end("tag.valid_until < %(on)s", {}, "expired")

    def end_of_the_left(self) -> int:
        """End the tags of people who died, moved away or are no longer on the register."""
        day = "coalesce(person.state_on, %(on)s)"
        return self._end("person.state <> 'live'", {}, "left", day=day)

    def _end(
        self, words: str, values: dict[str, Any], reason: str, day: str = "%(on)s", **more: Any
    ) -> int:
        statement = _END.format(words=words, day=day, facts=self._facts(), joins=self._joins())
        return self._run(statement, values, reason=reason, **more)

    def _run(self, statement: str, values: dict[str, Any], **more: Any) -> int:
        said: dict[str, Any] = {
            "lo": self.area.lo, "hi": self.area.hi, "on": self.on, "by": self.by,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_JOIN_AS_SETS)
            cursor.execute(statement, {**said, **values, **more})
            changed = int(cursor.rowcount)
            cursor.execute(_JOIN_AS_USUAL)
        return changed

    def _facts(self) -> str:
        return _FACTS.format(home=_HOME_FACTS if self._homes else "")

    def _joins(self) -> str:
        return _JOIN_HOME if self._homes else ""

    def _words(self, condition: Condition) -> tuple[str, dict[str, Any]]:
        """The condition as SQL about `person` and `home`, and its values."""
        words: list[str] = []
        values: dict[str, Any] = {}
        for name, age, sign in (
            ("from", condition.age_from, "<="),
            ("below", condition.age_below, ">"),
        ):
            if age is not None:
                years = self.ages(age)
                words.append(
                    f"(person.born_on {sign} %({name}_day)s OR (person.born_on IS NULL"
                    f" AND person.birth_year {sign} %({name}_year)s))"
                )
                values[f"{name}_day"] = self._birthday(years)
                values[f"{name}_year"] = self.on.year - years
        if condition.home:
            words.append(f"({_HOME_WORDS[condition.home]})")
        if condition.standing:
            words.append("person.standing = ANY(%(standing)s)")
            values["standing"] = list(condition.standing)
        if condition.sex:
            words.append("person.sex = %(sex)s")
            values["sex"] = condition.sex
        if condition.fact:
            words.append(_FACT.format(name="fact"))
            values["fact"], values["fact_any"] = condition.fact[0], list(condition.fact[1])
        return " AND ".join(words), values

    def _birthday(self, years: int) -> date:
        return years_before(self.on, years)
