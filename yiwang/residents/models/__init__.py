"""The register: residents, their households and dwellings, every value with its source."""

from . import staging
from .batch import ImportBatch, ImportFile
from .code import ListedCode, all_fields
from .document import Document, DocumentUse
from .group import Group
from .household import Dwelling, Household, HouseholdChange
from .limit import UseLimit
from .question import AddressQuestion
from .registration import Guardianship, Registration
from .resident import LifeState, Relation, Resident, Sex, Standing, StatusChange
from .source import (
    BIRTH_YEAR,
    IN_PERSON,
    Arrival,
    Nature,
    Source,
    SourceKind,
    SourceRecord,
    standing_records,
    what_arrived,
)
from .transfer import Transfer, TransferPerson

__all__ = [
    "BIRTH_YEAR",
    "IN_PERSON",
    "AddressQuestion",
    "Arrival",
    "Document",
    "DocumentUse",
    "Dwelling",
    "Group",
    "Guardianship",
    "Household",
    "HouseholdChange",
    "ImportBatch",
    "ImportFile",
    "LifeState",
    "ListedCode",
    "Nature",
    "Registration",
    "Relation",
    "Resident",
    "Sex",
    "Source",
    "SourceKind",
    "SourceRecord",
    "Standing",
    "StatusChange",
    "Transfer",
    "TransferPerson",
    "UseLimit",
    "all_fields",
    "staging",
    "standing_records",
    "what_arrived",
]
