"""Accounts of residents, authorisations, consents, requests, retention and unusual look-ups."""

from .account import AccessCode, Attempt, ResidentAccount, ResidentSession
from .authorisation import Authorisation, Basis, Scope
from .consent import Consent, Notice
from .finding import Finding
from .request import Erasure, Restriction, RightsRequest
from .retention import DestructionItem, DestructionList, RetentionRule

__all__ = [
    "AccessCode",
    "Attempt",
    "Authorisation",
    "Basis",
    "Consent",
    "DestructionItem",
    "DestructionList",
    "Erasure",
    "Finding",
    "Notice",
    "ResidentAccount",
    "ResidentSession",
    "Restriction",
    "RetentionRule",
    "RightsRequest",
    "Scope",
]
