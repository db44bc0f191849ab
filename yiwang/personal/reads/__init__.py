"""What is held of a person, who may act for her, what waits for an answer, and what is due."""

from .access import (
    account_for,
    code_for,
    holder_of_session,
    is_child,
    locked_until_of,
    password_faults_of,
    people_acted_for,
    person_named,
    scopes_held,
)
from .actor import ResidentActor, own_actor
from .mine import Held, copy_of, held_fields, looks_at
from .needs import consents_of, is_restricted, notice_in_force
from .retention import DATA_CLASSES, DataClass, due_counts

__all__ = [
    "DATA_CLASSES",
    "DataClass",
    "Held",
    "ResidentActor",
    "account_for",
    "code_for",
    "consents_of",
    "copy_of",
    "due_counts",
    "held_fields",
    "holder_of_session",
    "is_child",
    "is_restricted",
    "locked_until_of",
    "looks_at",
    "notice_in_force",
    "own_actor",
    "password_faults_of",
    "people_acted_for",
    "person_named",
    "scopes_held",
]
