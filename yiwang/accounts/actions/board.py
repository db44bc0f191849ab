"""The board of a community: who comes into office, what is corrected, who leaves (DIV-10)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Officer
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division, Level

CHANGEABLE = (
    "body", "position", "name", "manner", "starts_on", "ends_on", "phone", "published"
)  # fmt: skip


@act("accounts.board")
def take_office(division: Division, /, *, by: Actor, **facts: Any) -> Officer:
    """Write a person onto the board of a community; `facts` are the fields of CHANGEABLE.

    Refused: not a community, a place that has ended, a term that ends before it begins.
    """
    if division.level != Level.COMMUNITY or division.valid_to is not None:
        raise Refused("not_a_community", _("只有现存的社区（村）有公示栏，请选择社区。"))
    officer = Officer(division=division, **_known(facts))
    _refuse_dates(officer)
    officer.save()
    note(**{name: str(getattr(officer, name)) for name in CHANGEABLE})
    return officer


@act("accounts.board")
def change_officer(officer: Officer, /, *, by: Actor, **facts: Any) -> Officer:
    """Correct a line of the board, publish it or take it off; the journal keeps before and after.

    Refused: left already, a term that ends before it begins.
    """
    lock(officer)
    _refuse_left(officer)
    changed = {name: value for name, value in _known(facts).items()
               if getattr(officer, name) != value}  # fmt: skip
    note(before={name: str(getattr(officer, name)) for name in changed},
         after={name: str(value) for name, value in changed.items()})  # fmt: skip
    for name, value in changed.items():
        setattr(officer, name, value)
    _refuse_dates(officer)
    officer.save()
    return officer


@act("accounts.board")
def leave_office(officer: Officer, *, on: date, reason: str = "", by: Actor) -> Officer:
    """The person is no longer in office from a day; the line stays in the history.

    Refused: left already, a day before the term began.
    """
    lock(officer)
    _refuse_left(officer)
    if on < officer.starts_on:
        sentence = _("离任日期不能早于任期开始的日期。")
        raise Refused("dates", sentence, {"on": sentence})
    officer.left_on = on
    officer.save(update_fields=["left_on", "updated_at"])
    note(on=on)
    return officer


def _refuse_left(officer: Officer) -> None:
    if officer.left_on is not None:
        raise Refused("left", _("此人已经离任，不能再改。再次任职请另行登记。"))


def _refuse_dates(officer: Officer) -> None:
    if officer.ends_on is not None and officer.ends_on < officer.starts_on:
        sentence = _("任期届满不能早于任期开始。")
        raise Refused("dates", sentence, {"ends_on": sentence})


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    unknown = set(facts) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"no such facts of an officer: {sorted(unknown)}")
    return facts
