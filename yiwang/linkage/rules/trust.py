"""Whose word counts when a department's file and the register differ: as the register's rules say."""

from typing import Final

from yiwang.residents.rules.deriving import Effect, Turn

FILE: Final = "file"
REGISTER: Final = "register"
PERSON: Final = ""
"""No rule decides: somebody has to look."""
_CHOSEN: Final = {
    Effect.STANDS: FILE,
    Effect.DISPUTES: PERSON,
    Effect.OUTRANKED: REGISTER,
    Effect.SETTLED: REGISTER,
}


def ruling(turn: Turn) -> str | None:
    """What is chosen of a value the file would tell; None where it contradicts nothing held."""
    return _CHOSEN.get(turn.effect) if turn.before else None
