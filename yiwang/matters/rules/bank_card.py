"""Whether a bank card number can be right, and what is wrong with it when not.

Source: ISO/IEC 7812-1 annex B (the Luhn check digit); lengths as the card schemes issue them.
"""

from enum import StrEnum


class CardFault(StrEnum):
    """What is wrong with a card number."""

    SHORT = "short"
    LONG = "long"
    WRONG = "wrong"


UNIONPAY, OTHERS = 19, 16
_SIXTEEN = ("621483", "622588", "622609", "621286", "622848100")
_ACCOUNT = range(12, 16)


def length_for(digits: str) -> int:
    """How many digits a card that begins like this has: 19 for UnionPay debit cards, else 16."""
    if digits.startswith("62") and not digits.startswith(_SIXTEEN):
        return UNIONPAY
    return OTHERS


def luhn(digits: str) -> bool:
    """Whether the last digit checks the others (mod 10, every second digit doubled)."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def card_fault(digits: str) -> tuple[CardFault, int] | None:
    """The fault and how many digits are missing or too many; None for a number that can be right.

    Passbook accounts of 12 to 15 digits carry no check digit and pass, unless they begin like a
    card.
    """
    wanted = length_for(digits)
    if len(digits) in range(OTHERS, UNIONPAY + 1) and luhn(digits):
        return None
    if len(digits) in _ACCOUNT and not digits.startswith(("62", "4", "5")):
        return None
    if len(digits) < wanted:
        return CardFault.SHORT, wanted - len(digits)
    if len(digits) > max(wanted, UNIONPAY):
        return CardFault.LONG, len(digits) - wanted
    return CardFault.WRONG, 0
