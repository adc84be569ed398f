"""What codes of the import are called on screen."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS: Mapping[str, Promise] = {
    "resident": _("list of residents"),
    "presence": _("presence list"),
    "bed": _("bed plan"),
    "room": _("rooms and their capacity"),
    "waiting": _("waiting list"),
    "interview": _("interviews"),
    "appointment": _("appointments"),
    "legal": _("legal follow-up"),
    "shift": _("team rota"),
    "incident": _("incident log"),
}

FIELDS: Mapping[str, Promise] = {
    "name": _("first and last name"),
    "last_name": _("last name"),
    "first_name": _("first name"),
    "birth_date": _("birth date"),
    "birth_date_precision": _("precision of the birth date"),
    "gender": _("gender"),
    "nationality": _("nationality"),
    "languages": _("languages"),
    "phone": _("phone"),
    "sp_number": _("SP number"),
    "site": _("site"),
    "floor": _("floor"),
    "room": _("room"),
    "bed": pgettext_lazy("furniture", "bed"),
    "room_bed": _("room and bed"),
    "arrival": _("arrival"),
    "departure": _("departure"),
    "status": _("state"),
    "bed_status": _("state of the bed"),
    "capacity": _("capacity"),
    "procedure": _("procedure"),
    "note": _("remark"),
    "nights_present": _("nights present"),
    "nights_absent": _("nights away"),
    "request_date": _("date of the request"),
    "priority": _("priority"),
    "outcome": _("answer"),
    "interview_date": _("date of the interview"),
    "author": _("colleague"),
    "motive": _("reason for coming"),
    "needs": _("needs"),
    "orientation": _("orientation"),
    "place": _("place"),
    "appointment_date": _("date of the appointment"),
    "time": _("time"),
    "subject": _("subject"),
    "attended": _("came or not"),
    "annex26_date": _("date of the annex 26"),
    "decision_date": _("date of the decision"),
    "deadline": _("deadline"),
    "dublin_state": _("Dublin state"),
    "lawyer": _("lawyer"),
    "date": _("date"),
    "start": _("beginning"),
    "end": _("end"),
    "person": _("colleague on duty"),
    "severity": _("severity"),
    "text": _("what happened"),
    "ignore": _("do not import"),
}

# Which fields a column of each kind may be given.
FIELDS_OF: Mapping[str, tuple[str, ...]] = {
    "resident": (
        *("name", "last_name", "first_name", "birth_date", "gender", "nationality", "languages", "phone", "sp_number"),
        *("floor", "room", "bed", "room_bed", "arrival", "departure", "status", "procedure", "note", "ignore"),
    ),
    "presence": (
        *("name", "last_name", "first_name", "room", "bed", "room_bed", "arrival", "departure", "status", "note"),
        "ignore",
    ),
    "bed": (
        *("floor", "room", "bed", "room_bed", "name", "last_name", "first_name", "nationality", "arrival"),
        *("bed_status", "note", "ignore"),
    ),
    "room": ("room", "floor", "capacity", "note", "ignore"),
    "waiting": (
        *("request_date", "name", "last_name", "first_name", "birth_date", "gender", "nationality", "languages"),
        *("phone", "priority", "outcome", "note", "ignore"),
    ),
    "interview": (
        *("interview_date", "name", "last_name", "first_name", "birth_date", "nationality", "phone", "author"),
        *("motive", "needs", "orientation", "place", "note", "ignore"),
    ),
    "appointment": (
        *("appointment_date", "time", "name", "last_name", "first_name", "place", "subject", "author", "attended"),
        "ignore",
    ),
    "legal": (
        *("name", "last_name", "first_name", "sp_number", "nationality", "procedure", "annex26_date"),
        *("decision_date", "deadline", "dublin_state", "lawyer", "status", "note", "ignore"),
    ),
    "shift": ("date", "start", "end", "person", "ignore"),
    "incident": ("date", "time", "place", "severity", "text", "author", "note", "ignore"),
}

# The codes of ``reading.reasons`` and of planning. Placeholders are the parameters of the reason.
REASONS: Mapping[str, Promise] = {
    "title": _("A title, not a row of data."),
    "section_title": _("A title inside the table (a floor, a month, a part)."),
    "header": _("The table's headings."),
    "repeated_header": _("The headings, written once more."),
    "total": _("A total, kept as a control figure."),
    "subtotal": _("A subtotal, kept as a control figure."),
    "legend": _("A legend that explains marks or colours."),
    "lookup_list": _("A list of choices or initials, not people."),
    "free_note": _("A note written beside the table."),
    "empty_template_row": _("A prepared row that nobody filled in."),
    "unknown_table": _("No kind of table was recognised here."),
    "part_of_record": _("Goes with row {row}: one record over several rows."),
    "separator": _("A line that only separates."),
    "impossible_date": _("“{value}” is no date that exists."),
    "date_out_of_range": _("“{value}” is too far in the past or the future."),
    "birth_in_future": _("A birth date in the future: “{value}”."),
    "departure_before_arrival": _("The departure ({departure}) is before the arrival ({arrival})."),
    "impossible_time": _("“{value}” is no time of day."),
    "impossible_age": _("“{value}” is no age."),
    "phone_too_short": _("“{value}” has too few digits for a phone number."),
    "phone_too_long": _("“{value}” has too many digits for a phone number."),
    "sp_wrong_length": _("“{value}” does not have the seven digits of an SP number."),
    "bed_taken_twice": _("Bed {bed} of room {room} is already given to {person} (row {row})."),
    "no_identity": _("The row names nobody."),
    "missing_value": _("A formula without its value, or an error: {value}."),
    "not_understood": _("“{value}” was not understood."),
    "broken_text": _("“{value}” lost letters when the file was saved."),
    "ambiguous_date": _("“{value}” can be read in two ways."),
    "unknown_kind": _("This row sits in a table of no known kind."),
    "several_people": _("The row seems to speak of several people."),
    "unknown_nationality": _("“{value}” is no nationality that is known here."),
    "stray_values": _("Values outside any table."),
    # planning: what cannot be
    "maybe_known": _("This may be somebody the house knows already."),
    "bed_taken": _("Bed {bed} is given to {person} on one of these nights."),
    "bed_closed": _("Bed {bed} is closed on one of these nights."),
    "stays_elsewhere": _("This person already stays at {site} on one of these nights."),
    "stay_overlaps": _("This person already has another stay here on one of these nights."),
    # planning: what was decided
    "arrival_assumed": _("No arrival is written: the stay begins on {day}."),
    "left_undated": _("Gone, on an unknown day: the person gets a file, and no stay."),
    "arrival_unknown": _("A departure without an arrival: the person gets a file, and no stay."),
    "passage": _("Came and left on the same day: no night, so no stay."),
    "other_dates": _("The stay that began on {day} is kept; the dates of this row differ."),
    "other_bed": _("Another row or the house gives bed {bed}; that one is kept."),
    "bed_left_out": _("Bed {bed} belongs to somebody else on these nights: the stay goes in without it."),
    "closed_bed_in_use": _("Bed {bed} is out of order in the file, but {person} has it: it stays open."),
    "nights_after_departure": _("Nights are marked after the departure: they are not counted."),
    "marks_outside_stay": _("Absences before the first night or after the last are not counted."),
    "asks_again": _("This person already waits since {day}: it stays one request."),
    "request_undated": _("No day is written for the request: it counts from {day}."),
    "struck_out": _("Struck out in the file: the request counts as withdrawn."),
}

FILE_PROBLEMS: Mapping[str, Promise] = {
    "corrupt": _("This file is damaged. Open it in the spreadsheet program, save it again and send the new copy."),
    "empty": _("This file is empty."),
    "password": _("This file is protected by a password. Save it without one and send it again."),
    "too_large": _("This file is too large. Split it, or remove sheets and empty formatted rows, and send it again."),
    "infected": _("The virus scanner refuses this file. Tell the person who sent it to you."),
    "not_a_workbook": _("This is not a workbook that can be read. Send .xlsx, .xlsm, .ods or .csv."),
}

FAILURES: Mapping[str, Promise] = {
    "not_allowed": _("Who asked for this no longer has the right to import here. Somebody who has it can try again."),
    "died": _("The work was cut short three times. It is set aside: try again, or ask the person who runs the house."),
    "failed": _("Something went wrong three times. It is set aside: try again, or ask the person who runs the house."),
}

# Why two may be one person.
EVIDENCE: Mapping[str, Promise] = {
    "same_line": _("the same line in an earlier import"),
    "same_record": _("the same entry in an earlier import"),
    "sp_number": _("same SP number"),
    "same_bed": _("same name in the same bed"),
    "name": _("same name"),
    "name_like": _("similar name"),
    "birth_date": _("same birth date"),
    "birth_year": _("same birth year"),
    "phone": _("same phone"),
    "nationality": _("same nationality"),
    "gender": _("same gender"),
    "decided": _("decided by a colleague"),
    "other_birth_date": _("other birth date"),
    "other_nationality": _("other nationality"),
    "other_gender": _("other gender"),
}


class _Missing(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def reason(code: str, params: Mapping[str, object]) -> str:
    """The sentence of a reason; what may not be shown is an ellipsis."""
    return str(REASONS.get(code, code.replace("_", " "))).format_map(_Missing(params))


def field(name: str) -> str:
    """``night:2024-03-01`` and the like say what they are for."""
    base, _colon, detail = name.partition(":")
    words = {"night": _("night of {detail}"), "day": _("day {detail}"), "need": _("need: {detail}")}
    if base in words:
        return str(words[base]).format(detail=detail)
    return str(FIELDS.get(base, base.replace("_", " ")))


# Codes among the values, by field.
CODES: Mapping[str, Mapping[object, Promise]] = {
    "gender": {"m": _("man"), "f": _("woman"), "x": _("non-binary or other"), "unknown": _("unknown")},
    "status": {"present": _("present"), "left": _("gone")},
    "bed_status": {
        "occupied": _("taken"),
        "free": _("free"),
        "reserved": _("reserved"),
        "out_of_order": _("out of order"),
        "former": _("had it before"),
    },
    "priority": {1: _("urgent"), 2: _("normal"), 3: _("low")},
    "severity": {"low": _("low"), "medium": _("medium"), "high": _("high"), "critical": _("critical")},
    "attended": {True: _("yes"), False: _("no")},
}


def code(field_name: str, value: object) -> str:
    return str(CODES.get(field_name, {}).get(value, value))


def kind(name: str | None) -> str:
    return str(KINDS.get(name or "", _("not recognised")))


def evidence(codes: list[str]) -> list[str]:
    return [str(EVIDENCE.get(code, code.replace("_", " "))) for code in codes]
