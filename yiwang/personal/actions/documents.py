"""The person's word on documents of her file: used again in later matters, or not (SVC-06)."""

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act
from yiwang.residents.actions import set_document_consent
from yiwang.residents.models import Document


@act("personal.consent")
def agree_to_document(document: Document, *, agreed: bool, by: Actor) -> Document:
    """Agree online, or take it back as easily; what was used before stays as it was.

    Raises Refused: ended, invalid.
    """
    return set_document_consent(
        document, agreed=agreed, how=Document.How.ONLINE, by=by.within_act("residents.document")
    )
