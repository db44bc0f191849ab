"""Every write to the register."""

from .codes import restore_code, save_code, withdraw_code
from .decisions import decide_field, undo_record
from .documents import (
    Filing,
    end_document,
    file_document,
    open_document,
    scan_document,
    set_document_consent,
    use_documents,
)
from .dwellings import (
    add_building,
    add_dwelling,
    describe_dwelling,
    merge_dwellings,
    review_addresses,
    settle_address,
)
from .groups import (
    NewGroup,
    add_group,
    assign_group,
    change_group,
    end_group,
    import_groups,
    merge_groups,
    move_group,
)
from .households import (
    change_head,
    change_household,
    create_household,
    merge_households,
    place_in_household,
    split_household,
    undo_household_change,
)
from .imports import (
    check_import,
    fail_import,
    import_residents,
    open_import,
    preview_import,
    queue_import,
    undo_import,
)
from .keeping import keep_values, take_back_values
from .limits import lift_limit, limit_use, override_limit
from .lives import mark_deceased, move_resident, register_birth, return_resident, set_away
from .merging import join_records, part_records
from .persons import add_resident, change_resident, confirm_field, record_facts, reveal_field
from .recomputing import recompute_residents
from .registrations import mark_away, record_registration
from .transfers import (
    accept_transfer,
    ask_transfer,
    offer_transfer,
    refuse_transfer,
    withdraw_transfer,
)

__all__ = [
    "Filing",
    "NewGroup",
    "accept_transfer",
    "add_building",
    "add_dwelling",
    "add_group",
    "add_resident",
    "ask_transfer",
    "assign_group",
    "change_group",
    "change_head",
    "change_household",
    "change_resident",
    "check_import",
    "confirm_field",
    "create_household",
    "decide_field",
    "describe_dwelling",
    "end_document",
    "end_group",
    "fail_import",
    "file_document",
    "import_groups",
    "import_residents",
    "join_records",
    "keep_values",
    "lift_limit",
    "limit_use",
    "mark_away",
    "mark_deceased",
    "merge_dwellings",
    "merge_groups",
    "merge_households",
    "move_group",
    "move_resident",
    "offer_transfer",
    "open_document",
    "open_import",
    "override_limit",
    "part_records",
    "place_in_household",
    "preview_import",
    "queue_import",
    "recompute_residents",
    "record_facts",
    "record_registration",
    "refuse_transfer",
    "register_birth",
    "restore_code",
    "return_resident",
    "reveal_field",
    "review_addresses",
    "save_code",
    "scan_document",
    "set_away",
    "set_document_consent",
    "settle_address",
    "split_household",
    "take_back_values",
    "undo_household_change",
    "undo_import",
    "undo_record",
    "use_documents",
    "withdraw_code",
    "withdraw_transfer",
]
