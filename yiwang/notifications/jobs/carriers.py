"""Those who carry: a provider of text messages over HTTP, a mail server over SMTP.

An answer says what is certain: `sent`; `waiting` (not sent, or the provider will know the key);
`failed` (refused for good); `unsure` (e-mail: the server had it and did not answer).
The contract of the provider stands in docs/operate.md, section 9.
"""

import hashlib
import hmac
import json
import smtplib
import time
from dataclasses import dataclass
from email.utils import formatdate
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from yiwang.notifications.models import Delivery
from yiwang.notifications.reads import choice_of, link_of, words_of
from yiwang.notifications.rules.kinds import State

SECONDS: Final = 15
AGAIN: Final = frozenset({408, 425, 429})
LONGEST_ANSWER: Final = 10_000


@dataclass(frozen=True)
class Answer:
    """How a sending ended."""

    state: str
    problem: str = ""
    carrier_id: str = ""


def by_sms(delivery: Delivery) -> Answer:
    """Hand a text message to the provider, under the key of the sending."""
    body = json.dumps(
        {
            "to": delivery.message.phone,
            "signature": settings.SMS_SIGNATURE,
            "text": words_of(delivery, **link_of(delivery.message))[1],
            "language": delivery.language,
            "key": str(delivery.key),
        },
        ensure_ascii=False,
    ).encode()
    try:
        status, said = _post(body, str(delivery.key))
    except (OSError, HTTPException) as fault:
        return Answer(State.WAITING, _("短信服务商没有回答（%(what)s）。") % _kind(fault))
    found = str(said.get("id", ""))
    if 200 <= status < 300 or (status == 409 and found):
        return Answer(State.SENT, carrier_id=found)
    words = {"status": status, "said": str(said.get("problem", ""))[:120]}
    problem = _("短信服务商回答 %(status)s %(said)s") % words
    again = status >= 500 or status in AGAIN
    return Answer(State.WAITING if again else State.FAILED, problem.strip())


def _post(body: bytes, key: str) -> tuple[int, dict[str, Any]]:
    """One request, never redirected: a telephone number goes to this address alone."""
    at = urlsplit(settings.SMS_URL)
    kind = HTTPSConnection if at.scheme == "https" else HTTPConnection
    line = kind(at.hostname or "", at.port, timeout=SECONDS)
    try:
        path = (at.path or "/") + (f"?{at.query}" if at.query else "")
        line.request("POST", path, body, _signed(body, key))
        answer = line.getresponse()
        return answer.status, _read(answer.read(LONGEST_ANSWER))
    finally:
        line.close()


def _signed(body: bytes, key: str) -> dict[str, str]:
    """Time and body under the key we share with the provider."""
    now = str(int(time.time()))
    secret = settings.SMS_KEY.encode()
    seal = hmac.new(secret, f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": key,
        "Yiwang-Time": now,
        "Yiwang-Signature": f"sha256={seal}",
    }


def _read(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _kind(fault: Exception) -> dict[str, str]:
    """The name of a fault alone: its words may hold an address."""
    return {"what": type(fault).__name__}


def by_mail(delivery: Delivery) -> Answer:
    """Hand an e-mail to the mail server. Until it has the text, nothing was sent."""
    choice = choice_of(delivery.message.resident)
    title, text = words_of(delivery, **link_of(delivery.message))
    letter = EmailMessage(
        title, text, settings.EMAIL_FROM, [str(choice.email if choice else "")],
        headers={
            "Message-ID": f"<{delivery.key}@{settings.EMAIL_FROM.rpartition('@')[2]}>",
            "Date": formatdate(localtime=True),
            "Auto-Submitted": "auto-generated",
        },
    )  # fmt: skip
    line = get_connection(timeout=SECONDS)
    try:
        line.open()
    except (OSError, smtplib.SMTPException) as fault:
        return Answer(State.WAITING, _("邮件服务器没有回答（%(what)s）。") % _kind(fault))
    try:
        line.send_messages([letter])
    except smtplib.SMTPRecipientsRefused as fault:
        return _refused(max(code for code, _said in fault.recipients.values()))
    except smtplib.SMTPResponseException as fault:
        return _refused(fault.smtp_code)
    except (OSError, smtplib.SMTPException) as fault:
        return Answer(State.UNSURE, _("发送时连接中断（%(what)s）。") % _kind(fault))
    finally:
        _hang_up(line)
    return Answer(State.SENT)


def _refused(code: int) -> Answer:
    """4xx: later; 5xx: never."""
    problem = _("邮件服务器回答 %(status)s") % {"status": code}
    return Answer(State.WAITING if 400 <= code < 500 else State.FAILED, problem)


def _hang_up(line: Any) -> None:
    try:
        line.close()
    except (OSError, smtplib.SMTPException):
        return  # what counts was said already
