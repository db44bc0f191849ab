"""Everything that may be done to keep the network at work."""

from .coverage import keep_coverage_day
from .equipment import (
    correct_device,
    register_device,
    repair_device,
    replace_device,
    report_broken,
    retire_device,
)
from .logs import correct_log, file_log, save_log
from .notices import (
    answer_question,
    ask_back,
    attach_file,
    confirm_notice,
    read_notice,
    remind_of_notice,
    remind_overdue,
    scan_notice_file,
    send_notice,
    withdraw_notice,
)
from .roster import (
    answer_swap,
    fill_roster,
    propose_swap,
    remove_duty,
    set_duty,
    stand_in,
)
from .training import (
    assign_course,
    offer_course,
    record_result,
    renew_certificates,
    retire_course,
)

__all__ = [
    "answer_question",
    "answer_swap",
    "ask_back",
    "assign_course",
    "attach_file",
    "confirm_notice",
    "correct_device",
    "correct_log",
    "file_log",
    "fill_roster",
    "keep_coverage_day",
    "offer_course",
    "propose_swap",
    "read_notice",
    "record_result",
    "register_device",
    "remind_of_notice",
    "remind_overdue",
    "remove_duty",
    "renew_certificates",
    "repair_device",
    "replace_device",
    "report_broken",
    "retire_course",
    "retire_device",
    "save_log",
    "scan_notice_file",
    "send_notice",
    "set_duty",
    "stand_in",
    "withdraw_notice",
]
