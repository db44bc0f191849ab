"""What every record has; the journal, parameters and calendar."""

from .fields import EncryptedTextField
from .infected import Infected, InfectedFile
from .journal import JournalLine, JournalSeal
from .kept_file import KeptFile, Scan
from .law import CalendarDay, Parameter
from .record import Record
from .task_run import TaskRun
from .together import insert_together

__all__ = [
    "CalendarDay",
    "EncryptedTextField",
    "Infected",
    "InfectedFile",
    "JournalLine",
    "JournalSeal",
    "KeptFile",
    "Parameter",
    "Record",
    "Scan",
    "TaskRun",
    "insert_together",
]
