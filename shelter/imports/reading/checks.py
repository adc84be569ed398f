"""What only several rows together show to be wrong."""

from .types import Reading, Reason, Record, Row


def check_beds(reading: Reading) -> None:
    """A bed given to two people: the second line is at fault. Those who left and names struck out hold no bed."""
    holders: dict[tuple[str, int | None, str, str, str], tuple[Row, Record]] = {}
    for row, record in reading.records():
        if record.kind not in ("resident", "bed", "presence") or not _holds(record):
            continue
        site = str(record.fields.get("site") or "")
        key = (row.sheet, row.table if record.kind == "presence" else None, site, *_bed(record))
        held = holders.setdefault(key, (row, record))
        if held[1] is record or _same_person(held[1], record):
            continue
        person = " ".join(str(held[1].fields.get(name) or "") for name in ("first_name", "last_name")).strip()
        source = record.cells.get("bed")
        params = {"bed": key[-1], "room": key[-2], "person": person, "row": str(held[0].row)}
        row.reasons.append(Reason("bed_taken_twice", "bed", source.column if source else "", params))
        row.status = "error"


def _bed(record: Record) -> tuple[str, str]:
    return str(record.fields.get("room") or "").lstrip("0").upper(), str(record.fields.get("bed") or "").upper()


def _holds(record: Record) -> bool:
    fields = record.fields
    if not fields.get("bed") or not fields.get("room") or not fields.get("last_name"):
        return False
    if fields.get("status") == "left" or fields.get("departure"):
        return False
    return record.kind != "bed" or fields.get("bed_status") == "occupied"


def _same_person(one: Record, other: Record) -> bool:
    return all(one.fields.get(name) == other.fields.get(name) for name in ("last_name", "first_name", "birth_date"))
