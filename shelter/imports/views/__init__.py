"""Pages of the import, one module a step."""

from shelter.imports.views.columns import columns
from shelter.imports.views.jobs import abandon, current_step, file, imports, progress, recent, retry, upload
from shelter.imports.views.result import commit, result, undo
from shelter.imports.views.review import answer, decide_row, people, review, row, set_rows_aside

__all__ = [
    "abandon",
    "answer",
    "columns",
    "commit",
    "current_step",
    "decide_row",
    "file",
    "imports",
    "people",
    "progress",
    "recent",
    "result",
    "retry",
    "review",
    "row",
    "set_rows_aside",
    "undo",
    "upload",
]
