"""What somebody handed in is looked at for viruses; who handed it in is told (EXP-27)."""

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.actions import scan_file
from yiwang.core.acts import act, circumstances, note
from yiwang.core.models import Infected, InfectedFile, Scan
from yiwang.core.scanner import ScannerDown, scanner
from yiwang.matters.models import Draft, Event, Handover, Material
from yiwang.matters.rules import EventKind
from yiwang.notifications.rules.kinds import Kind

from .telling import tell_applicant


@act("core.scan")
def scan_material(material: Material, *, by: Actor) -> Material:
    """Look at one document of a matter. An infected one is missing again, and everybody hears it:
    the applicant by a message, the unit on the timeline, the data officer on her list.

    Raises ScannerDown; then it goes on waiting.
    """
    matter = material.matter
    found: Material = scan_file(material, about=f"{matter.display_number} {material.name}", by=by)
    if found.scan == Scan.INFECTED and found.state != Material.State.MISSING:
        found.state = Material.State.MISSING
        found.save()
        Event.tell(matter, EventKind.INFECTED, by, found.name)
        tell_applicant(matter, Kind.INFECTED, missing=found.name)
    return found


def looked_at(material: Material) -> Material:
    """The same by the system itself, as the job and the end of an upload do it."""
    return scan_material(material, by=Actor.system().within_act("core.scan"))


@act("core.scan")
def scan_signature(handover: Handover, *, by: Actor) -> Handover:
    """Look at the signature of a receipt. Raises ScannerDown."""
    number = handover.result.matter.display_number
    found: Handover = scan_file(handover, about=f"{number} {_('送达签收')}", by=by)
    return found


def signature_looked_at(handover: Handover) -> Handover:
    """The same by the system itself."""
    return scan_signature(handover, by=Actor.system().within_act("core.scan"))


@act("core.scan")
def scan_upload(draft: Draft, *, name: str, body: bytes, by: Actor) -> Draft:
    """Look at a file before a draft keeps it. One with a virus goes into the quarantine.

    `draft.infected` says whether it did. Raises ScannerDown: it is looked at when it is accepted.
    """
    look = scanner()
    draft.infected = False
    if look is None:
        return draft
    verdict = look.scan(body)
    note(clean=verdict.clean, signature=verdict.signature)
    if not verdict.clean:
        found = Infected(draft.label, name, verdict.signature)
        InfectedFile.keep_away(draft, found, body)
        draft.infected = True
    return draft


def is_infected(draft: Draft, name: str, body: bytes) -> bool:
    """The same by the system itself; a scanner that does not answer keeps nobody waiting."""
    if scanner() is None:
        return False
    by = Actor.system().within_act("core.scan")
    try:
        with circumstances(idempotency_key=""):
            found = scan_upload(draft, name=name, body=body, by=by)
    except ScannerDown:
        return False
    return bool(found.infected)
