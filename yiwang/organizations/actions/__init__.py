"""Every write to the register of organisations."""

from .applying import hand_in_paper, send_application, send_corrections, withdraw_application
from .entering import (
    add_organization,
    change_organization,
    decide_item,
    reveal_contact,
    review_organization,
    undo_record,
)
from .importing import NewOrganization, import_organizations, undo_import
from .life import move_state, relocate
from .merging import merge_organizations, undo_merge
from .providers import (
    Offer,
    PaperSaid,
    Scan,
    apply_as_provider,
    change_offer,
    decide_provider,
    record_paper,
    remove_paper,
)
from .settling import recompute_organizations
from .sharing import (
    change_resource,
    end_resource,
    record_cooperation,
    resume_resource,
    share_resource,
)

__all__ = [
    "NewOrganization",
    "Offer",
    "PaperSaid",
    "Scan",
    "add_organization",
    "apply_as_provider",
    "change_offer",
    "change_organization",
    "change_resource",
    "decide_item",
    "decide_provider",
    "end_resource",
    "hand_in_paper",
    "import_organizations",
    "merge_organizations",
    "move_state",
    "recompute_organizations",
    "record_cooperation",
    "record_paper",
    "relocate",
    "remove_paper",
    "resume_resource",
    "reveal_contact",
    "review_organization",
    "send_application",
    "send_corrections",
    "share_resource",
    "undo_import",
    "undo_merge",
    "undo_record",
    "withdraw_application",
]
