"""What the importer made of one workbook, for programs: the format of the public sample set's scorer."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from shelter.imports.models import ImportFile, StagedRecord, StagedRow, StagedSecret
from shelter.imports.reading.types import Reason


def described(file: ImportFile) -> dict[str, Any]:
    """Every non-empty row with its status, reason and records, and which rows speak of one person.

    Opens secrecy classes: only for the command line, which the house's operator alone reaches.
    """
    if file.problem:
        return {"workbook": file.name, "file_error": file.problem, "rows": [], "persons": []}
    secrets = _secrets(file)
    records: dict[int, list[dict[str, Any]]] = defaultdict(list)
    persons: dict[int, dict[tuple[str, int], None]] = defaultdict(dict)
    staged = StagedRecord.objects.filter(row__file=file).select_related("row", "person").order_by("row", "position")
    for record in staged.defer("row__raw"):
        records[record.row_id].append(
            {"kind": record.kind, "fields": record.values | secrets.get(record.pk, {}), "flags": record.flags}
        )
        if record.person:
            persons[record.person.same_as_id or record.person.pk][record.row.sheet, record.row.number] = None
    reasons = _reasons(file)
    return {
        "workbook": file.name,
        "file_error": None,
        "rows": [
            {
                "sheet": row.sheet,
                "row": row.number,
                "status": row.status,
                "reason": "; ".join(reasons[row.pk]) or None,
                "records": records[row.pk],
            }
            for row in StagedRow.objects.filter(file=file).order_by("position").defer("raw")
        ],
        "persons": [{"id": key, "rows": [list(place) for place in rows]} for key, rows in persons.items()],
    }


def write(described_file: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(described_file, ensure_ascii=False, indent=1), encoding="utf-8")


def _secrets(file: ImportFile) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for secret in StagedSecret.objects.filter(record__row__file=file):
        place = file.job.sealed_place(f"secret.{secret.info_class}", str(secret.record_id))
        found[secret.record_id] |= json.loads(file.job.kept_data_key.open_sealed(bytes(secret.sealed), place))
    return found


def _reasons(file: ImportFile) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in StagedRow.objects.filter(file=file).prefetch_related("problems").defer("raw"):
        for problem in row.problems.all():
            if row.status in (StagedRow.Status.NEW, StagedRow.Status.MATCHED):
                continue
            params = problem.params
            if problem.sealed:
                place = file.job.sealed_place("problem", str(row.pk))
                params = json.loads(file.job.raw_data_key.open_sealed(bytes(problem.sealed), place))
            found[row.pk].append(str(Reason(problem.code, problem.field, problem.column, params)))
    return found
