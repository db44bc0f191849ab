"""Work that the clock starts: each entry names a job of an app and when it runs."""

from django.core.management import call_command
from procrastinate.contrib.django import app

from yiwang.collection.jobs import freshness, leave_the_departed
from yiwang.console.jobs import send_digests
from yiwang.core.jobs import seal_journal
from yiwang.core.scanner import scanner
from yiwang.dictionary.jobs import publish_changes
from yiwang.liaison.jobs import keep_coverage, renew, scan_notice_files
from yiwang.liaison.jobs import remind as remind_of_notices
from yiwang.linkage.jobs import resume_work
from yiwang.matters.jobs import (
    accept_silently,
    drop_drafts,
    escalate_follow_ups,
    escalate_late,
    remind_applicants,
    scan_materials,
)
from yiwang.notifications.jobs import deliver_messages
from yiwang.orders.jobs import return_unanswered, scan_order_proofs
from yiwang.organizations.jobs import scan_papers
from yiwang.performance.jobs import keep_performance
from yiwang.personal.jobs import end_accounts, keep_rules, watch_looks
from yiwang.quality.jobs import scan_proofs, tell_missed
from yiwang.queues.jobs import keep_appointments
from yiwang.residents.jobs import read_new_addresses, scan_documents
from yiwang.sharing.jobs import order_due_files
from yiwang.statistics.jobs import keep_figures
from yiwang.tags.jobs import recompute_changed, recompute_city, resume_rolls


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="seal_journal", pass_context=False)
def seal(timestamp: int) -> int:
    """Every minute: seal the journal lines that are settled; gives how many."""
    return seal_journal()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="escalate_late", pass_context=False)
def escalate(timestamp: int) -> int:
    """Every minute: tell the levels above what is late; gives how many were told."""
    return escalate_late()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="accept_silently", pass_context=False)
def accept_what_nobody_checked(timestamp: int) -> int:
    """Every five minutes: online applications nobody answered in time are accepted; gives how many."""
    return accept_silently()


@app.periodic(cron="29 3 * * *")
@app.task(queueing_lock="drop_drafts", pass_context=False)
def drop_old_drafts(timestamp: int) -> int:
    """At night: drafts nobody went on with are thrown away; gives how many."""
    return drop_drafts()


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="forget_sessions", pass_context=False)
def forget_sessions(timestamp: int) -> None:
    """At night: delete the sessions that have ended."""
    call_command("clearsessions")


@app.periodic(cron="50 23 * * *")
@app.task(queueing_lock="keep_figures", pass_context=False)
def keep_statistics(timestamp: int) -> int:
    """At the end of the day: keep its figures; gives how many days were counted."""
    return len(keep_figures())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="read_new_addresses", pass_context=False)
def read_addresses(timestamp: int) -> int:
    """Every ten minutes: read new addresses against the names of places; gives how many."""
    return read_new_addresses()


@app.periodic(cron="11 2 * * *")
@app.task(queueing_lock="recompute_tags", pass_context=False)
def recompute_tags(timestamp: int) -> int:
    """At night: the rules of the tags over the city; gives how many were set or ended."""
    return recompute_city()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="recompute_changed_tags", pass_context=False)
def recompute_changed_tags(timestamp: int) -> int:
    """Every five minutes: the rules where people have changed; gives how many tags changed."""
    return recompute_changed()


@app.periodic(cron="23 2 * * *")
@app.task(queueing_lock="leave_the_departed", pass_context=False)
def drop_collection_of_the_departed(timestamp: int) -> int:
    """At night: nobody is sent to the dead and departed; gives how many tasks were looked at."""
    return leave_the_departed()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="publish_dictionary", pass_context=False)
def publish_dictionary(timestamp: int) -> str:
    """Every five minutes: publish what has changed in the dictionary; gives the new version."""
    return publish_changes()


@app.periodic(cron="41 2 * * *")
@app.task(queueing_lock="measure_freshness", pass_context=False)
def measure_freshness(timestamp: int) -> int:
    """At night: count how fresh the register of every community is; gives how many."""
    return freshness()


@app.periodic(cron="11 4 * * *")
@app.task(queueing_lock="personal_night", pass_context=False)
def look_after_personal_data(timestamp: int) -> None:
    """At night: end accounts, keep the retention rules, look for unusual look-ups."""
    end_accounts()
    keep_rules()
    watch_looks()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="resume_work", pass_context=False)
def resume(timestamp: int) -> int:
    """Every ten minutes: take up files and runs that a crash left behind; gives how many."""
    return resume_work() + resume_rolls()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="deliver_messages", pass_context=False)
def deliver(timestamp: int) -> int:
    """Every minute: send what residents are to be told; gives how many were sent."""
    return deliver_messages()


@app.periodic(cron="7 9 * * *")
@app.task(queueing_lock="remind_applicants", pass_context=False)
def remind(timestamp: int) -> int:
    """In the morning: remind who has not answered or collected; gives how many."""
    return remind_applicants()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="scan_files", pass_context=False)
def scan_files(timestamp: int) -> int:
    """Every minute: look for viruses in files that wait; gives how many were looked at."""
    if scanner() is None:
        return 0
    return (
        scan_materials()
        + scan_documents()
        + scan_papers()
        + scan_proofs()
        + scan_order_proofs()
        + scan_notice_files()
    )


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="keep_appointments", pass_context=False)
def appointments(timestamp: int) -> int:
    """Every five minutes: remind of appointments, and note who did not come; gives how many."""
    return keep_appointments()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="escalate_follow_ups", pass_context=False)
def escalate_ratings(timestamp: int) -> int:
    """Every ten minutes: tell the levels above which bad ratings are not put right in time."""
    return escalate_follow_ups()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="tell_missed_findings", pass_context=False)
def tell_missed_findings(timestamp: int) -> int:
    """Every ten minutes: tell the township what was found and not put right in time."""
    return tell_missed()


@app.periodic(cron="5 0 * * *")
@app.task(queueing_lock="keep_performance", pass_context=False)
def keep_figures_of_matters(timestamp: int) -> str:
    """After midnight: keep the figures of the day that ended; gives the last day kept."""
    return str(keep_performance())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="return_unanswered", pass_context=False)
def return_orders(timestamp: int) -> int:
    """Every minute: orders nobody answered in time go back; gives how many."""
    return return_unanswered()


@app.periodic(cron="31 4 * * *")
@app.task(queueing_lock="order_shared_files", pass_context=False)
def order_shared_files(timestamp: int) -> int:
    """Before work: order the files departments get every so many days; gives how many."""
    return order_due_files()


@app.periodic(cron="55 23 * * *")
@app.task(queueing_lock="keep_coverage", pass_context=False)
def keep_network_coverage(timestamp: int) -> int:
    """At the end of the day: keep how far the network reaches; gives how many cities."""
    return keep_coverage()


@app.periodic(cron="13 9 * * *")
@app.task(queueing_lock="remind_of_notices", pass_context=False)
def remind_of_work_notices(timestamp: int) -> int:
    """In the morning: remind who has not confirmed a notice in time; gives how many."""
    return remind_of_notices()


@app.periodic(cron="31 3 * * *")
@app.task(queueing_lock="renew_certificates", pass_context=False)
def renew_certificates(timestamp: int) -> int:
    """At night: courses are taken again before certificates end; gives how many cities."""
    return renew()


@app.periodic(cron="*/10 8-10 * * *")
@app.task(queueing_lock="send_digests", pass_context=False)
def send_morning_digests(timestamp: int) -> int:
    """In the morning: tell staff by e-mail how much waits for them; gives how many went out."""
    return send_digests()
