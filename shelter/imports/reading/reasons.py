"""English sentences for reasons. Their codes are the contract: the screens translate the same codes."""

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .types import Reason

SENTENCES = {
    # rows that are no data
    "title": "A title, not a row of data.",
    "section_title": "A title inside the table (a floor, a month, a part).",
    "header": "The table's headings.",
    "repeated_header": "The headings, written once more.",
    "total": "A total, kept as a control figure.",
    "subtotal": "A subtotal, kept as a control figure.",
    "legend": "A legend that explains marks or colours.",
    "lookup_list": "A list of choices or initials, not people.",
    "free_note": "A note written beside the table.",
    "empty_template_row": "A prepared row that nobody filled in.",
    "unknown_table": "No kind of table was recognised here.",
    "part_of_record": "Goes with row {row}: one record over several rows.",
    "separator": "A line that only separates.",
    # rows with an error
    "impossible_date": "“{value}” is no date that exists.",
    "date_out_of_range": "“{value}” is too far in the past or the future.",
    "birth_in_future": "A birth date in the future: “{value}”.",
    "departure_before_arrival": "The departure ({departure}) is before the arrival ({arrival}).",
    "impossible_time": "“{value}” is no time of day.",
    "impossible_age": "“{value}” is no age.",
    "phone_too_short": "“{value}” has too few digits for a phone number.",
    "phone_too_long": "“{value}” has too many digits for a phone number.",
    "sp_wrong_length": "“{value}” does not have the seven digits of an SP number.",
    "bed_taken_twice": "Bed {bed} of room {room} is already given to {person} (row {row}).",
    "no_identity": "The row names nobody.",
    "missing_value": "A formula without its value, or an error: {value}.",
    "not_understood": "“{value}” was not understood.",
    "broken_text": "“{value}” lost letters when the file was saved.",
    # rows that a person must decide
    "ambiguous_date": "“{value}” can be read in two ways.",
    "unknown_kind": "This row sits in a table of no known kind.",
    "several_people": "The row seems to speak of several people.",
    "unknown_nationality": "“{value}” is no nationality that is known here.",
    "stray_values": "Values outside any table.",
}


def sentence(reason: "Reason") -> str:
    """The reason in English, led by the column at fault."""
    text = SENTENCES.get(reason.code, reason.code.replace("_", " "))
    with suppress(KeyError):
        text = text.format_map(reason.params)
    return f"{reason.column} ({reason.field}): {text}" if reason.column else text
