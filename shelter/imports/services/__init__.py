"""What may happen to an import, from upload to undo. Views, tasks, commands and tests call these.

``upload`` takes the files in, ``work`` hands jobs to workers, ``staging`` reads and stages, ``matching`` says who is
known, ``planning`` says what the house would become, ``review`` is what people decide, ``committing`` lets it in,
``undoing`` takes it out again, ``purging`` destroys files and raw cells.
"""

from shelter.imports.services.committing import commit_job, request_commit
from shelter.imports.services.purging import abandon, purge
from shelter.imports.services.review import accept, answer_likeness, correct_cell, remap, set_aside
from shelter.imports.services.undoing import undo
from shelter.imports.services.upload import start_import
from shelter.imports.services.work import dispatch_unattended, retry, work_on

__all__ = [
    "abandon",
    "accept",
    "answer_likeness",
    "commit_job",
    "correct_cell",
    "dispatch_unattended",
    "purge",
    "remap",
    "request_commit",
    "retry",
    "set_aside",
    "start_import",
    "undo",
    "work_on",
]
