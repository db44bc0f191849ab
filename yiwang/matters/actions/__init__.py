"""Everything that may happen to a matter."""

from .acceptance import accept_matter
from .bundle import accept_bundle, publish_bundle, retire_bundle
from .catalogue import publish_version, rename_category, retire_item, set_offering
from .clock import decide_extension, extend_matter, pause_matter, resume_matter
from .comments import comment_matter, drop_view, read_mentions, save_view
from .contacts import record_contact
from .correction import answer_correction, return_matter
from .delivery import deliver_result, note_wrong_code, revoke_result
from .departure import decide_departure
from .drafts import discard_draft, save_draft
from .entrustment import end_entrustment, give_entrustment, renew_entrustment
from .escalation import escalate_step
from .intake import (
    admit_matter,
    discard_own_draft,
    refuse_application,
    save_own_draft,
    submit_matter,
)
from .joint import ask_opinion, give_opinion, waive_opinions
from .merging import merge_matters, split_matters
from .outcome import (
    finish_matter,
    forget_tracking_failures,
    note_tracking_failure,
    withdraw_matter,
)
from .rating import (
    answer_follow_up,
    enter_rating,
    escalate_follow_up,
    finish_reopening,
    invite_to_rate,
    rate_matter,
    record_call_back,
)
from .revisions import (
    begin_revision,
    discard_revision,
    publish_revision,
    restore_revision,
    save_revision,
    undo_revision,
)
from .routing import add_rule, end_rule, order_rule
from .scanning import scan_material, scan_signature
from .steps import complete_step, hand_on_step, mark_priority, note_matter, take_step, urge_matter
from .telling import remind_applicant

__all__ = [
    "accept_bundle",
    "accept_matter",
    "add_rule",
    "admit_matter",
    "answer_correction",
    "answer_follow_up",
    "ask_opinion",
    "begin_revision",
    "comment_matter",
    "complete_step",
    "decide_departure",
    "decide_extension",
    "deliver_result",
    "discard_draft",
    "discard_own_draft",
    "discard_revision",
    "drop_view",
    "end_entrustment",
    "end_rule",
    "enter_rating",
    "escalate_follow_up",
    "escalate_step",
    "extend_matter",
    "finish_matter",
    "finish_reopening",
    "forget_tracking_failures",
    "give_entrustment",
    "give_opinion",
    "hand_on_step",
    "invite_to_rate",
    "mark_priority",
    "merge_matters",
    "note_matter",
    "note_tracking_failure",
    "note_wrong_code",
    "order_rule",
    "pause_matter",
    "publish_bundle",
    "publish_revision",
    "publish_version",
    "rate_matter",
    "read_mentions",
    "record_call_back",
    "record_contact",
    "refuse_application",
    "remind_applicant",
    "rename_category",
    "renew_entrustment",
    "restore_revision",
    "resume_matter",
    "retire_bundle",
    "retire_item",
    "return_matter",
    "revoke_result",
    "save_draft",
    "save_own_draft",
    "save_revision",
    "save_view",
    "scan_material",
    "scan_signature",
    "set_offering",
    "split_matters",
    "submit_matter",
    "take_step",
    "undo_revision",
    "urge_matter",
    "waive_opinions",
    "withdraw_matter",
]
