"""The way of an import, noun by noun: the job and its files, what was staged, and what is kept of it."""

from shelter.imports.models.jobs import ImportFile, ImportJob
from shelter.imports.models.kept import Change, Provenance
from shelter.imports.models.staged import Likeness, Problem, StagedPerson, StagedRecord, StagedRow, StagedSecret

__all__ = [
    "Change",
    "ImportFile",
    "ImportJob",
    "Likeness",
    "Problem",
    "Provenance",
    "StagedPerson",
    "StagedRecord",
    "StagedRow",
    "StagedSecret",
]
