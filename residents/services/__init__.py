"""What may happen to people, stays and nights: each verb whole or not at all, whoever asks (screen, import, task, test).

A verb with ``by`` runs in one transaction and writes who did it, and why, into the history that the triggers keep.
Refusals are in ``refusals``: each is a sentence that belongs to a form field.
"""

from residents.services.break_glass import break_glass, end_break_glass, review_break_glass
from residents.services.households import form_household, join_household, leave_household
from residents.services.merging import merge_persons, unmerge
from residents.services.nights import Mark, open_night_sheets, record_presence, record_presences
from residents.services.people import (
    correct_person,
    correct_persons,
    refresh_search_keys,
    register_person,
    register_persons,
)
from residents.services.stays import (
    Admission,
    BedGiven,
    Departure,
    admit,
    admit_many,
    assign_beds,
    cancel_admission,
    cancel_departure,
    correct_stay,
    depart,
    depart_many,
    move_bed,
    register_and_admit,
    swap_beds,
)
from residents.services.undo import take_back
from residents.services.waiting import (
    PlaceAsked,
    answer_requests,
    decide_request,
    reopen_request,
    request_place,
    request_places,
)

__all__ = [
    "Admission",
    "BedGiven",
    "Departure",
    "Mark",
    "PlaceAsked",
    "admit",
    "admit_many",
    "answer_requests",
    "assign_beds",
    "break_glass",
    "cancel_admission",
    "cancel_departure",
    "correct_person",
    "correct_persons",
    "correct_stay",
    "decide_request",
    "depart",
    "depart_many",
    "end_break_glass",
    "form_household",
    "join_household",
    "leave_household",
    "merge_persons",
    "move_bed",
    "open_night_sheets",
    "record_presence",
    "record_presences",
    "refresh_search_keys",
    "register_and_admit",
    "register_person",
    "register_persons",
    "reopen_request",
    "request_place",
    "request_places",
    "review_break_glass",
    "swap_beds",
    "take_back",
    "unmerge",
]
