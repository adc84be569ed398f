"""What may happen to case files and what is confided in them: each verb whole or not at all, in one transaction."""

from casework.services.case_files import close_case_file, open_case_file, reopen_case_file
from casework.services.consents import give_consent, withdraw_consent
from casework.services.documents import keep_document, read_document, remove_document, sweep_documents
from casework.services.key_workers import assign_key_worker, assignable_roles, end_assignment, resume_assignment
from casework.services.notes import correct_note, write_note

__all__ = [
    "assign_key_worker",
    "assignable_roles",
    "close_case_file",
    "correct_note",
    "end_assignment",
    "give_consent",
    "keep_document",
    "open_case_file",
    "read_document",
    "remove_document",
    "reopen_case_file",
    "resume_assignment",
    "sweep_documents",
    "withdraw_consent",
    "write_note",
]
