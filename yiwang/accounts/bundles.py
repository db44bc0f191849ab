"""Rights in bundles, from which the roles are made (DIV-13, EXP-09).

The name before the dot is the app, the word after it the act or the page.
"""

LOOK = frozenset(
    {"divisions.view", "matters.view", "core.view", "dictionary.view", "supervision.view",
     "quality.view", "matters.comment", "matters.keep_view", "liaison.view"}
)  # fmt: skip
REGISTER_READ = frozenset({"residents.view", "residents.search"})
REGISTER_WRITE = REGISTER_READ | {
    "residents.add", "residents.change", "residents.confirm", "residents.decide",
    "residents.document", "residents.import", "residents.undo_import", "residents.reveal",
    "residents.export",
}  # fmt: skip
# Acceptance includes what follows from it: answers go into the register, and an outdated fact the
# applicant confirmed at the counter is fresh again (matters.actions.accept_matter).
ACCEPT = frozenset(
    {
        "matters.accept",
        "matters.draft",
        "matters.note",
        "matters.withdraw",
        "matters.correct",
        "matters.deliver",
        "matters.answer_follow_up",
        "matters.call_back",
        "matters.enter_rating",
        "matters.invite_rating",
        "residents.override_limit",
    }
)
HANDLE = frozenset(
    {
        "matters.handle",
        "matters.hand_on",
        "matters.return",
        "matters.pause",
        "matters.extend",
        "matters.finish",
        "matters.revoke",
        "matters.note",
        "matters.urge",
        "matters.export",
        "matters.correct",
        "matters.deliver",
        "matters.answer_follow_up",
        "matters.call_back",
        "matters.enter_rating",
        "matters.invite_rating",
        "supervision.answer",
        "quality.correct",
    }
)
# quality: who draws samples, plans and records checks, takes the lists away.
QUALITY_CHECK = frozenset({"quality.sample", "quality.check", "quality.export"})
OVERSEE = frozenset({"matters.supervise"})
# A level that hears of delays asks the units below, and tells all of them how they stand.
ORDER = OVERSEE | {"supervision.order", "matters.call_back", *QUALITY_CHECK}
CIRCULATE = ORDER | {"supervision.publish"}
SUPERVISE = CIRCULATE | {"matters.approve", "matters.urge", "matters.note", "matters.export"}
BOARD = frozenset({"accounts.board", "accounts.hours", "quality.promise", "quality.discuss"})
PERSONNEL = BOARD | {"accounts.view", "accounts.manage", "accounts.explain"}
# What a window does for whoever stands before it, beside accepting.
COUNTER = frozenset(
    {"needs.register", "residents.add", "residents.confirm", "residents.document",
     "residents.reveal", "matters.urge", "matters.export"}
)  # fmt: skip
SELF = frozenset({"accounts.self", "accounts.delegate"})
# Who sets whom to believe may have the register made anew by it; the tree of places goes along.
LAW = frozenset(
    {"core.calendar", "core.parameters", "residents.recompute", "organizations.recompute",
     "divisions.change", "divisions.classify", "divisions.review"}
)  # fmt: skip
ENTRUST = frozenset({"matters.entrust"})
# A kiosk takes in and hands out what is entrusted to it, and sees nothing else (KSK-06, KSK-07).
KIOSK_COUNTER = frozenset(
    {"matters.view", "matters.accept", "matters.draft", "matters.note", "matters.deliver",
     "divisions.view", "needs.register"}
)  # fmt: skip
# Network administrators also join what was handed in twice.
NETWORK_COUNTER = ACCEPT | HANDLE | {"matters.merge"}
# The lists of codes and the versions of the dictionary are the city's.
DICTIONARY = frozenset({"dictionary.view", "dictionary.publish", "residents.codes"})
CATALOGUE = DICTIONARY | {"matters.catalogue", "quality.standard"}
JOURNAL = frozenset({"core.journal"})

# linkage: who reads, who writes, who checks and decides.
LINKAGE_READ: frozenset[str] = frozenset({"linkage.view", "linkage.files"})
LINKAGE_WRITE: frozenset[str] = frozenset(
    {"linkage.review", "linkage.merge", "linkage.run", "linkage.resolve", "linkage.check"}
)
LINKAGE_DECIDE: frozenset[str] = LINKAGE_WRITE | {"linkage.send"}

# tags: who reads, who writes, who checks and decides.
TAGS_READ: frozenset[str] = frozenset({"tags.view"})
TAGS_DECIDE = frozenset({"tags.set", "tags.reveal", "tags.export", "tags.recompute"})
TAGS_WRITE: frozenset[str] = TAGS_DECIDE | {"tags.visit"}
# Kinds of tags are the city's: whoever keeps them says who may know of what.
KINDS = frozenset({"tags.kinds"})

# assessments: what somebody can and cannot do is known to those alone who assess; windows see
# what the grade allows, not the grade.
ASSESSMENTS: frozenset[str] = frozenset(
    {"assessments.view", "assessments.assess", "assessments.object", "assessments.reveal"}
)
SCALES = frozenset({"assessments.scales"})

# notifications: who reads the outbox, who sends again and prints; the words are the city's.
NOTIFICATIONS_READ: frozenset[str] = frozenset({"notifications.view", "notifications.print"})
NOTIFICATIONS_WRITE: frozenset[str] = frozenset({"notifications.send", "notifications.export"})
WORDING = frozenset({"notifications.wording"})
KEEPS = CATALOGUE | ENTRUST | WORDING | KINDS | SCALES | {"matters.route", "liaison.course"}

# collection: who reads, who writes, who checks and decides.
COLLECTION_READ = frozenset({"collection.view"})
COLLECTION_WRITE = frozenset({"collection.collect", "collection.manage"})
COLLECTION_DECIDE = frozenset({"collection.manage", "collection.check"})
# The data-demand register: who files, and who signs (INF-05).
DEMAND = frozenset({"collection.demands", "collection.demand"})
DEMAND_SIGN = frozenset({"collection.demands", "collection.approve"})
# Sharing agreements: which unit asks and reads, who decides, who only looks on (INF-10).
SHARING_VIEW = frozenset({"sharing.view"})
SHARING_USE = SHARING_VIEW | {"sharing.ask", "sharing.read"}
SHARING_DECIDE = SHARING_VIEW | {"sharing.decide"}

# needs: who reads, who writes, who checks and decides.
NEEDS_READ: frozenset[str] = frozenset({"needs.view"})
NEEDS_WRITE: frozenset[str] = frozenset(
    {"needs.register", "needs.handle", "needs.survey", "needs.answer", "needs.assess"}
)
NEEDS_DECIDE = frozenset({"needs.register", "needs.handle", "needs.survey", "needs.approve"})

# statistics: who reads, who writes, who checks and decides.
STATISTICS_READ: frozenset[str] = frozenset({"statistics.view", "performance.view"})
STATISTICS_WRITE: frozenset[str] = frozenset({"statistics.declare"})
STATISTICS_DECIDE = STATISTICS_WRITE
# The figures of whole days, for the city.
STATISTICS_KEEP: frozenset[str] = STATISTICS_READ | frozenset(
    {"statistics.keep", "statistics.freeze", "performance.keep"}
)

# personal: who reads, who writes, who checks and decides.
PERSONAL_READ: frozenset[str] = frozenset({"personal.view"})
PERSONAL_COUNTER: frozenset[str] = frozenset(
    {"personal.account", "personal.ask", "personal.authorise", "personal.consent"}
)
PERSONAL_WRITE: frozenset[str] = PERSONAL_COUNTER | {"personal.decide"}
PERSONAL_DECIDE: frozenset[str] = frozenset({"personal.decide", "personal.erase"})
PERSONAL_WATCH: frozenset[str] = frozenset({"personal.oversee"})
PERSONAL_OFFICER: frozenset[str] = PERSONAL_WATCH | {
    "personal.settle", "personal.retention", "personal.notice",
}  # fmt: skip

# queues: who looks, who hands out and calls numbers, who opens the hall and takes the figures.
QUEUES_READ: frozenset[str] = frozenset({"queues.view"})
QUEUES_WRITE: frozenset[str] = frozenset({"queues.take", "queues.call", "queues.book"})
QUEUES_DECIDE: frozenset[str] = frozenset({"queues.open", "queues.export"})

# organizations: who reads, who writes and orders, who admits service subjects.
ORGANIZATIONS_READ: frozenset[str] = frozenset({"organizations.view", "orders.view"})
ORGANIZATIONS_WRITE: frozenset[str] = frozenset(
    {"organizations.change", "organizations.decide", "organizations.export", "orders.place",
     "organizations.import", "organizations.merge", "organizations.reveal", "orders.confirm"}
)  # fmt: skip
ORGANIZATIONS_DECIDE = ORGANIZATIONS_WRITE | {"organizations.approve", "orders.accounts"}

# liaison: who keeps the network of administrators at work.
LIAISON: frozenset[str] = frozenset(
    {"liaison.equip", "liaison.notify", "liaison.confirm", "liaison.roster", "liaison.swap"}
)

# What the apps around the register grant, by what a role does in them.
BASE_READ = (
    LINKAGE_READ
    | TAGS_READ
    | COLLECTION_READ
    | NEEDS_READ
    | STATISTICS_READ
    | PERSONAL_READ
    | QUEUES_READ
    | ORGANIZATIONS_READ
    | NOTIFICATIONS_READ
)
BASE_WRITE = BASE_READ | (
    LINKAGE_WRITE
    | TAGS_WRITE
    | COLLECTION_WRITE
    | ASSESSMENTS
    | NEEDS_WRITE
    | STATISTICS_WRITE
    | PERSONAL_WRITE
    | QUEUES_WRITE
    | ORGANIZATIONS_WRITE
    | NOTIFICATIONS_WRITE
    | LIAISON
)
BASE_DECIDE = (
    BASE_READ
    | {"liaison.train"}
    | (
        LINKAGE_DECIDE
        | TAGS_DECIDE
        | COLLECTION_DECIDE
        | ASSESSMENTS
        | NEEDS_DECIDE
        | STATISTICS_DECIDE
        | PERSONAL_DECIDE
        | QUEUES_DECIDE
        | ORGANIZATIONS_DECIDE
        | NOTIFICATIONS_WRITE
        | LIAISON
    )
)
