"""Why somebody does what leaves a trace: said in words, not too few."""

from django.utils.translation import gettext as _

from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text


def reason_of(text: str) -> str:
    """The reason as kept. Raises Refused reason_needed when it says too little."""
    plain = clean_text(text)[:200]
    shortest = int(parameter("residents.reveal_reason_length"))
    if len(plain) < shortest:
        sentence = _("请写明原因，至少 %(shortest)s 个字。") % {"shortest": shortest}
        raise Refused("reason_needed", sentence, {"reason": sentence})
    return plain
