"""Every write of accounts, as acts: units, people, posts, delegations, tokens, the first start."""

from .board import change_officer, leave_office, take_office
from .own import change_own_password, change_profile
from .people import change_person, create_person, reset_password, unlock
from .posts import appoint, cover, delegate, end_delegation, end_post
from .start import first_start
from .tokens import issue_token, revoke_token
from .units import change_unit, close_unit, create_unit, load_departments, set_hours

__all__ = [
    "appoint",
    "change_officer",
    "change_own_password",
    "change_person",
    "change_profile",
    "change_unit",
    "close_unit",
    "cover",
    "create_person",
    "create_unit",
    "delegate",
    "end_delegation",
    "end_post",
    "first_start",
    "issue_token",
    "leave_office",
    "load_departments",
    "reset_password",
    "revoke_token",
    "set_hours",
    "take_office",
    "unlock",
]
