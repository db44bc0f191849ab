"""The city's own words: a change is a new version, and what went out keeps the old one."""

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.notifications.models import Wording
from yiwang.notifications.rules.kinds import BY_LETTER, Channel, Kind
from yiwang.notifications.rules.wording import fault_of

TITLED = frozenset({Channel.APP, Channel.EMAIL, Channel.PRINT})


@act("notifications.wording")
def publish_wording(
    wording: Wording, *, text: str, text_en: str, title: str = "", title_en: str = "", by: Actor
) -> Wording:
    """Publish the next version of the words of a kind and way, named by `wording`.

    Raises Refused: no_such_words, text, title; with the field.
    """
    kind, channel = wording.kind, wording.channel
    if kind not in Kind.values or channel not in Channel.values:
        raise Refused("no_such_words", _("没有这种通知。"))
    if channel == Channel.PRINT and kind not in BY_LETTER:
        raise Refused("no_such_words", _("这种通知不寄信。"))
    said = {
        "text": clean_text(text, multiline=True), "text_en": clean_text(text_en, multiline=True),
        "title": clean_text(title), "title_en": clean_text(title_en),
    }  # fmt: skip
    _check(said, channel)
    rows = Wording.objects.filter(kind=kind, channel=channel)
    last = rows.order_by("-version").values_list("version", flat=True).first() or 0
    made = Wording.objects.create(
        kind=kind, channel=channel, version=last + 1, published_by=by.label[:160], **said
    )
    note(kind=kind, channel=channel, version=made.version)
    return made


def _check(said: dict[str, str], channel: str) -> None:
    most = int(parameter("notifications.sms_letters"))
    needed = ["text", "text_en", *(["title", "title_en"] if channel in TITLED else [])]
    for name in needed:
        sentence = _("请填写。") if not said[name] else fault_of(said[name], channel, most)
        # An English text message takes twice the letters of a Chinese one.
        if name == "text_en" and said[name]:
            sentence = fault_of(said[name], channel, 2 * most)
        if sentence:
            raise Refused("text" if "text" in name else "title", sentence, {name: sentence})
    for name, longest in (("title", 80), ("title_en", 120), ("text", 1000), ("text_en", 1500)):
        if len(said[name]) > longest:
            sentence = _("最多 %(most)s 字。") % {"most": longest}
            raise Refused("text", sentence, {name: sentence})
