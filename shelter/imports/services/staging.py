"""From an uploaded file to staged rows: read behind the guard, understand, seal what is secret, write by COPY.

A file is staged in chunks, each in its own transaction with the progress that it makes. A file whose staging was cut
short is staged anew from its first row, so the end is the same however often a worker died.
"""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from django.utils import timezone

from residents import names
from shelter.identity import acting_as
from shelter.imports import files
from shelter.imports.bulk import copy_rows, reserve_ids
from shelter.imports.classes import class_of, is_secret
from shelter.imports.digests import Digests
from shelter.imports.models import (
    ImportFile,
    ImportJob,
    Likeness,
    Problem,
    StagedPerson,
    StagedRecord,
    StagedRow,
    StagedSecret,
)
from shelter.imports.reading import reader, understanding
from shelter.imports.reading.guard import refusal
from shelter.imports.reading.types import (
    Cluster,
    FileRefused,
    Mapping,
    Reading,
    Reason,
    Record,
    Row,
    TableMapping,
    Workbook,
)
from shelter.imports.scope import importing
from shelter.imports.services.matching import match_persons
from shelter.imports.services.settling import settle
from shelter.imports.services.work import finish, renew, report_progress
from shelter.imports.values import person_facts, to_json
from shelter.scanner import is_infected

CHUNK = 2000
# Reasons without a field whose parameters name rows, and nothing that stands in them.
TELL_NOTHING = frozenset({"part_of_record"})


def read_job(job: ImportJob, actor: int | None) -> None:
    """Stage every file that is not staged yet, then say who is known and what the rows would do."""
    with acting_as(actor):
        renew(job, state=ImportJob.State.READING)
        to_read = list(job.files.filter(staged_at=None, problem=""))
    for file in to_read:
        stage_file(job, file, actor)
    with acting_as(actor), importing(job):
        renew(job)
        if not job.files.exclude(staged_at=None).exists():
            finish(job, ImportJob.State.REFUSED, purge_on=timezone.localdate())
            return
        match_persons(job)
        settle(job)
        finish(job, ImportJob.State.REVIEW)


def stage_file(job: ImportJob, file: ImportFile, actor: int | None) -> None:
    """Read one file and write its rows. A refused file keeps the reason and stages nothing.

    A scanner that does not answer is a failed attempt (``ScannerFailed``), and the third sets the import aside.
    """
    try:
        with files.opened(file) as path:
            if is_infected(path.read_bytes()):
                raise refusal("infected")
            workbook = reader.read_file(path, name=file.name, on_progress=partial(report_progress, job, actor))
    except FileRefused as refused:
        file.problem, file.problem_detail = refused.code, refused.detail[:40]
        with acting_as(actor):
            renew(job)
            file.save(update_fields=["problem", "problem_detail"])
        return
    correct(workbook, fixes_of(file))
    understood = understanding.understand(workbook, today=timezone.localdate(), mapping=mapping_of(file))
    Staging(job, file, understood, actor).write()


def mapping_of(file: ImportFile) -> Mapping:
    """What people changed on the columns page, as reading takes it."""
    return {
        int(index): TableMapping(kind=given.get("kind"), columns=given.get("columns", {}))
        for index, given in file.mapping.items()
    }


def fixes_of(file: ImportFile) -> dict[str, str]:
    """Cells that people corrected: ``{"sheet\\x1frow\\x1fcolumn number": text}``."""
    if not file.fixes:
        return {}
    sealed = file.job.raw_data_key.open_sealed(bytes(file.fixes), file.job.sealed_place("fixes", str(file.pk)))
    fixes: dict[str, str] = json.loads(sealed)
    return fixes


def correct(workbook: Workbook, fixes: dict[str, str]) -> None:
    """Put corrected cells into the workbook, in memory: the file itself is never written."""
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    for place, text in fixes.items():
        name, row, column = place.split("\x1f")
        sheet = sheets.get(name)
        if sheet is None or not 0 < int(row) <= len(sheet.rows):
            continue
        cells = list(sheet.rows[int(row) - 1])
        cells.extend([None] * (int(column) - len(cells)))
        cells[int(column) - 1] = text
        sheet.rows[int(row) - 1] = tuple(cells)
        sheet.faults.pop((int(row), int(column)), None)


class Staging:
    """Writes one reading, sealed and masked, as rows of the staging tables."""

    def __init__(self, job: ImportJob, file: ImportFile, understood: Reading, actor: int | None) -> None:
        self.job, self.file, self.reading, self.actor = job, file, understood, actor
        self.digests = Digests(job.site_id)
        self.person_ids: list[int] = []

    def write(self) -> None:
        total = len(self.reading.rows)
        with acting_as(self.actor):
            renew(self.job)
            self._clear()
            self._write_persons()
        done = 0
        for chunk in _chunks(self.reading.rows, CHUNK):
            with acting_as(self.actor):
                renew(self.job)
                self._write_rows(done, chunk)
                done += len(chunk)
                report_progress(self.job, self.actor, done, total)
        self.file.row_count, self.file.staged_at = total, timezone.now()
        self._describe_tables()
        with acting_as(self.actor):
            renew(self.job)
            self.file.save(update_fields=["row_count", "staged_at", "tables", "samples"])

    def _clear(self) -> None:
        """What a worker that died had written of this file."""
        StagedSecret.objects.filter(record__row__file=self.file).delete()
        Problem.objects.filter(row__file=self.file).delete()
        StagedRecord.objects.filter(row__file=self.file).delete()
        StagedRow.objects.filter(file=self.file).delete()
        StagedPerson.objects.filter(file=self.file).delete()

    def _write_persons(self) -> None:
        self.person_ids = reserve_ids(StagedPerson, len(self.reading.people.clusters))
        fields = (
            *("id", "job", "file", "number", "last_name", "first_name", "birth_date", "birth_precision", "gender"),
            *("nationality", "languages", "phone", "sp_digest", "search_name", "sounds", "near_sounds", "joined_by"),
            *("state", "evidence"),
        )
        copy_rows(StagedPerson, fields, map(self._person, self.person_ids, range(len(self.person_ids))))
        doubts = self.reading.people.doubts
        copy_rows(
            Likeness,
            ("staged", "other", "score", "reasons", "answer"),
            (
                (self.person_ids[doubt.first], self.person_ids[doubt.second], doubt.score, doubt.reasons, "")
                for doubt in doubts
            ),
        )

    def _person(self, key: int, number: int) -> tuple[Any, ...]:
        cluster: Cluster = self.reading.people.clusters[number]
        rows = self.reading.rows
        records = [rows[member.row_index].records[member.record_index] for member in cluster.members]
        facts = person_facts([record.fields for record in records])
        written = (facts["last_name"], facts["first_name"])
        sp_number = next((record.fields["sp_number"] for record in records if record.fields.get("sp_number")), None)
        return (
            *(key, self.job.pk, self.file.pk, number, *written, facts["birth_date"], facts["birth_precision"]),
            *(facts["gender"], facts["nationality"], facts["languages"], facts["phone"]),
            self.digests.sp_number(str(sp_number), self.job.site.organisation_id) if sp_number else None,
            names.fold(" ".join(written)),
            names.sounds(*written),
            names.near_sounds(*written),
            [reason[:30] for reason in cluster.reasons],
            *(StagedPerson.State.NEW, []),
        )

    def _write_rows(self, first: int, rows: Sequence[Row]) -> None:
        row_ids = reserve_ids(StagedRow, len(rows))
        record_ids = iter(reserve_ids(StagedRecord, sum(len(row.records) for row in rows)))
        records: list[tuple[Any, ...]] = []
        secrets: list[tuple[Any, ...]] = []
        problems: list[tuple[Any, ...]] = []
        staged = []
        for position, (row_id, row) in enumerate(zip(row_ids, rows, strict=True), first):
            staged.append(self._row(row_id, position, row))
            problems.extend(self._problem(row_id, row, reason) for reason in row.reasons)
            for number, record in enumerate(row.records):
                record_id = next(record_ids)
                records.append(self._record(record_id, row_id, number, record))
                secrets.extend(self._secrets(record_id, record))
        copy_rows(
            StagedRow,
            ("id", "job", "file", "position", "sheet", "number", "table", "kind", "status", "reading", "reason",
             "is_set_aside", "is_accepted", "raw"),
            staged,
        )  # fmt: skip
        copy_rows(
            StagedRecord,
            ("id", "job", "row", "position", "kind", "person", "values", "flags", "cells", "content", "identity",
             "is_known"),
            records,
        )  # fmt: skip
        copy_rows(StagedSecret, ("record", "info_class", "fields", "sealed"), secrets)
        copy_rows(Problem, ("row", "source", "code", "field", "column", "params", "sealed", "is_notice"), problems)

    def _row(self, key: int, position: int, row: Row) -> tuple[Any, ...]:
        kind = row.records[0].kind if row.records else self._table_kind(row)
        raw = self._seal("raw", f"{self.file.position}/{position}", to_json(row.raw_cells), raw=True)
        status = StagedRow.Status.NEW if row.status == "data" else row.status
        code = row.reason.code[:40] if row.reason else ""
        return (
            *(key, self.job.pk, self.file.pk, position, row.sheet[:120], row.row, row.table, kind, status, row.status),
            *(code, False, False, raw),
        )

    def _table_kind(self, row: Row) -> str:
        return (self.reading.tables[row.table].kind or "") if row.table is not None else ""

    def _problem(self, row_id: int, row: Row, reason: Reason) -> tuple[Any, ...]:
        kind = row.records[0].kind if row.records else self._table_kind(row)
        params, sealed = json.dumps(reason.params), None
        names_an_open_field = kind and reason.field and not is_secret(kind, reason.field)
        if reason.params and not names_an_open_field and reason.code not in TELL_NOTHING:
            params, sealed = "{}", self._seal("problem", str(row_id), params, raw=True)
        return (
            *(row_id, Problem.Source.READING, reason.code[:40], reason.field[:40], reason.column[:4], params, sealed),
            False,
        )

    def _record(self, key: int, row_id: int, number: int, record: Record) -> tuple[Any, ...]:
        values = {field: value for field, value in record.fields.items() if not is_secret(record.kind, field)}
        cells = {field: [source.row, source.column] for field, source in record.cells.items()}
        return (
            *(key, self.job.pk, row_id, number, record.kind),
            self.person_ids[record.person] if record.person is not None else None,
            *(to_json(values), [flag[:40] for flag in record.flags], json.dumps(cells)),
            self.digests.content(record.kind, record.fields),
            self.digests.identity(record.kind, record.fields),
            False,
        )

    def _secrets(self, record_id: int, record: Record) -> Iterator[tuple[Any, ...]]:
        by_class: dict[str, dict[str, Any]] = {}
        for field, value in record.fields.items():
            if value is not None and is_secret(record.kind, field):
                by_class.setdefault(class_of(record.kind, field).value, {})[field] = value
        for info_class, values in by_class.items():
            sealed = self._seal(f"secret.{info_class}", str(record_id), to_json(values))
            yield (record_id, info_class, sorted(values), sealed)

    def _describe_tables(self) -> None:
        """For the columns page. Samples of any class are sealed together and masked when shown."""
        samples: dict[str, list[str]] = {}
        tables = []
        for table in self.reading.tables:
            columns = {}
            for letter, column in table.columns.items():
                samples[f"{table.index}:{letter}"] = [str(value) for value in column.sample]
                columns[letter] = {
                    "field": column.field,
                    "heading": column.heading,
                    "confidence": column.confidence,
                }
            tables.append(
                {
                    "index": table.index,
                    "sheet": table.sheet,
                    "kind": table.kind,
                    "range": table.range,
                    "title": table.title,
                    "confidence": table.confidence,
                    "header_rows": list(table.header_rows),
                    "columns": columns,
                }
            )
        self.file.tables = tables
        self.file.samples = self._seal("samples", str(self.file.position), json.dumps(samples), raw=True)

    def _seal(self, column: str, row: str, text: str, *, raw: bool = False) -> bytes:
        key = self.job.raw_data_key if raw else self.job.kept_data_key
        return key.seal(text.encode(), self.job.sealed_place(column, row))


def _chunks(rows: Sequence[Row], size: int) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, size)):
        yield chunk
