"""The programme: a batch of studios under a policy, from declaration to commendation."""

from studioflow.programme.amendment_report import AmendmentReport, SheetChange, StudioAmendment
from studioflow.programme.batch import Batch, PlannedStep, read_batch
from studioflow.programme.bulletin import Bulletin, BulletinEntry
from studioflow.programme.case_file import CaseFile, read_case_file
from studioflow.programme.programme import Programme
from studioflow.programme.progress import ItemProgress, Progress
from studioflow.programme.run import BatchReport, Outcome, run_batch
from studioflow.programme.schemas import schemas

__all__ = [
    "AmendmentReport",
    "Batch",
    "BatchReport",
    "Bulletin",
    "BulletinEntry",
    "CaseFile",
    "ItemProgress",
    "Outcome",
    "PlannedStep",
    "Programme",
    "Progress",
    "SheetChange",
    "StudioAmendment",
    "read_batch",
    "read_case_file",
    "run_batch",
    "schemas",
]
