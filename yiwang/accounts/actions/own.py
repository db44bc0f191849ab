"""What everyone does with the own account."""

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import User
from yiwang.accounts.reads import password_faults_of, password_rules
from yiwang.core.acts import act, note
from yiwang.core.errors import Refused


@act("accounts.self")
def change_own_password(person: User, *, password: str, by: Actor) -> User:
    """Set a new password by the rules in force. Refused: too simple, or used before."""
    faults = password_faults_of(person, password)
    if faults:
        raise Refused("password", " ".join(faults), {"password1": " ".join(faults)})
    keep = password_rules().remembered
    # The list holds the newest first; the one just left joins it.
    person.password_history = [person.password, *person.password_history][:keep]
    person.password = make_password(password)
    person.must_change_password, person.temporary_until = False, None
    person.password_changed_at = timezone.now()
    person.save()
    return person


@act("accounts.self")
def change_profile(person: User, *, phone: str, language: str, by: Actor) -> User:
    """Change the own telephone and the language of the pages."""
    note(before={"phone": person.phone, "language": person.language})
    person.phone, person.language = phone, language
    person.save(update_fields=["phone", "language"])
    return person
