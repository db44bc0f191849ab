"""The golden record by rule: of several sources' words on one field, which one stands (INF-02).

Trusted source first, then newest verified, then a person. A person's decision holds until something
newer and verified comes from a source that is trusted as much or more. What no rule decides is a
dispute: the value that stood goes on standing until a person decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

OWNER = "owner"
"""In an order of trust: the department whose register the field is, by the data dictionary."""


class Word(StrEnum):
    """What kind of word a claim is."""

    COLLECTED = "collected"
    CONFIRMED = "confirmed"
    DECIDED = "decided"


class Effect(StrEnum):
    """What became of a claim when it arrived."""

    STANDS = "stands"
    AGREES = "agrees"
    DISPUTES = "disputes"
    OUTRANKED = "outranked"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Claim:
    """One source's word on one field.

    `rank` is its place in the order of trust in force on its day, 0 the most trusted;
    `verified_on` is None while nobody has checked it; `in_person`: told face to face or by call.
    """

    record: int
    value: str
    source: str
    rank: int
    collected_on: date
    verified_on: date | None
    word: str = Word.COLLECTED
    in_person: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One claim in the history of a field: what stood before it, and what it did."""

    claim: Claim
    before: str | None
    effect: Effect


@dataclass(slots=True)
class Standing:
    """The claim that stands, when its value was first and last known to be right, who disagrees.

    `others` holds the newest differing word of every other source, disputed or not.
    """

    claim: Claim
    first_on: date
    verified_on: date | None
    rivals: dict[str, Claim] = field(default_factory=dict)
    heard: dict[str, Claim] = field(default_factory=dict)
    overruled: dict[str, str] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)

    @property
    def value(self) -> str:
        return self.claim.value

    @property
    def since(self) -> date:
        """The day the value was last known to be right."""
        return self.verified_on or self.claim.collected_on

    @property
    def disputed(self) -> bool:
        return bool(self.rivals)

    @property
    def others(self) -> list[Claim]:
        return [one for one in self.heard.values() if one.value != self.value]


def rank_of(order: Sequence[str | Sequence[str]], *, owner: str, unit: str, kind: str) -> int:
    """The place of a source in an order of trust; equals share a place, the unnamed come last.

    `owner` is the department the field belongs to, `unit` the code of the unit that answers for
    the record, `kind` the door it came through.
    """
    words = {unit, kind} - {""}
    if owner and unit == owner:
        words.add(OWNER)
    for place, entry in enumerate(order):
        if words & ({entry} if isinstance(entry, str) else set(entry)):
            return place
    return len(order)


def derive(claims: Iterable[Claim], fresh_days: int | None = None) -> Standing | None:
    """What stands after these claims, in the order they arrived; None when there are none.

    `fresh_days`: how long a value of the field stays fresh, None for ever; a trusted source whose
    value has grown old no longer outranks a newer one.
    """
    standing: Standing | None = None
    for claim in claims:
        if standing is None:
            standing = Standing(claim, claim.collected_on, claim.verified_on)
            standing.turns.append(Turn(claim, None, Effect.STANDS))
        else:
            before = standing.value
            effect = _take(standing, claim, fresh_days)
            standing.turns.append(Turn(claim, before, effect))
        standing.heard[claim.source] = claim
    return standing


def _take(standing: Standing, claim: Claim, fresh_days: int | None) -> Effect:
    if claim.word == Word.DECIDED:
        return _decide(standing, claim)
    if claim.value == standing.value:
        return _agree(standing, claim)
    if not claim.in_person and standing.overruled.get(claim.source) == claim.value:
        # The same file again: a person has decided about this word already.
        return Effect.SETTLED
    standing.overruled.pop(claim.source, None)
    standing.rivals.pop(claim.source, None)
    effect = _judge(standing, claim, fresh_days)
    if effect == Effect.STANDS:
        _stand(standing, claim)
    elif effect == Effect.DISPUTES:
        standing.rivals[claim.source] = claim
    return effect


def _decide(standing: Standing, claim: Claim) -> Effect:
    if claim.value != standing.value:
        standing.first_on = claim.collected_on
    standing.overruled = {
        source: one.value for source, one in standing.heard.items() if one.value != claim.value
    }
    standing.claim, standing.verified_on = claim, claim.verified_on
    standing.rivals.clear()
    return Effect.STANDS


def _agree(standing: Standing, claim: Claim) -> Effect:
    """The same value again: known to be right once more, and perhaps from a better source."""
    standing.overruled.pop(claim.source, None)
    if claim.word == Word.CONFIRMED:
        standing.rivals.clear()
    standing.rivals.pop(claim.source, None)
    if claim.verified_on is None:
        return Effect.AGREES
    newer = standing.verified_on is None or claim.verified_on >= standing.verified_on
    decided = standing.claim.word == Word.DECIDED
    if newer and not decided and claim.rank <= standing.claim.rank:
        standing.claim = claim
    if newer:
        standing.verified_on = claim.verified_on
    return Effect.AGREES


def _stand(standing: Standing, claim: Claim) -> None:
    standing.claim, standing.first_on = claim, claim.collected_on
    standing.verified_on = claim.verified_on
    day = claim.verified_on or date.min
    standing.rivals = {
        source: one
        for source, one in standing.rivals.items()
        if one.value != claim.value and one.collected_on > day
    }


def _judge(standing: Standing, claim: Claim, fresh_days: int | None) -> Effect:
    """Whether a differing claim replaces what stands, cannot, or must be asked about."""
    held, day = standing.verified_on, claim.verified_on
    same_source = claim.source == standing.claim.source
    if day is None:
        if held is None:
            return Effect.STANDS if same_source else Effect.DISPUTES
        return Effect.DISPUTES if claim.collected_on >= held else Effect.OUTRANKED
    if held is None:
        return Effect.STANDS
    decided = standing.claim.word == Word.DECIDED
    if decided and (claim.rank > standing.claim.rank or day < held):
        return Effect.OUTRANKED
    if claim.rank != standing.claim.rank and not decided:
        better = claim.rank < standing.claim.rank
        older, newer = (day, held) if better else (held, day)
        return Effect.STANDS if better != _grown_old(older, newer, fresh_days) else Effect.OUTRANKED
    if day != held:
        return Effect.STANDS if day > held else Effect.OUTRANKED
    return Effect.STANDS if same_source or claim.in_person else Effect.DISPUTES


def _grown_old(day: date, by: date, fresh_days: int | None) -> bool:
    """Whether a value verified on a day was no longer fresh on a later one."""
    return fresh_days is not None and day + timedelta(days=fresh_days) < by
