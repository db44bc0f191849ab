"""Every write about sharing: agreements asked for and decided, reads by their holders, files."""

from .agreements import ask_agreement, ask_renewal, withdraw_agreement
from .deciding import (
    end_agreement,
    grant_agreement,
    refuse_agreement,
    resume_agreement,
    suspend_agreement,
)
from .files import forget_file, make_file, open_file, order_file, schedule_files
from .reading import list_persons, query_person, read_changes

__all__ = [
    "ask_agreement",
    "ask_renewal",
    "end_agreement",
    "forget_file",
    "grant_agreement",
    "list_persons",
    "make_file",
    "open_file",
    "order_file",
    "query_person",
    "read_changes",
    "refuse_agreement",
    "resume_agreement",
    "schedule_files",
    "suspend_agreement",
    "withdraw_agreement",
]
