"""Every write about residents' accounts, agents, rights, retention and unusual look-ups."""

from .access import (
    act_for,
    begin_session,
    change_password,
    end_account,
    end_session,
    end_sessions,
    issue_code,
    read_notice,
    spend_try,
    use_code,
)
from .authorisations import grant_authorisation, revoke_authorisation
from .consents import give_consent, publish_notice, withdraw_consent
from .documents import agree_to_document
from .erasure import anonymise_resident, erase_field
from .findings import record_findings, settle_finding
from .requests import ask_for_right, confirm_own, decide_request, lift_restriction, withdraw_request
from .retention import decide_list, draw_list, publish_rule

__all__ = [
    "act_for",
    "agree_to_document",
    "anonymise_resident",
    "ask_for_right",
    "begin_session",
    "change_password",
    "confirm_own",
    "decide_list",
    "decide_request",
    "draw_list",
    "end_account",
    "end_session",
    "end_sessions",
    "erase_field",
    "give_consent",
    "grant_authorisation",
    "issue_code",
    "lift_restriction",
    "publish_notice",
    "publish_rule",
    "read_notice",
    "record_findings",
    "revoke_authorisation",
    "settle_finding",
    "spend_try",
    "use_code",
    "withdraw_consent",
    "withdraw_request",
]
