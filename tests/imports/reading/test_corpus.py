"""The public sample set: every row accounted for, nobody merged with somebody else, values as the truth has them."""

import json

import pytest

from shelter.imports.reading.reader import read_file
from shelter.imports.reading.types import FileRefused
from tests.imports.reading.scoring import CORPUS, read, score, truths

EXPECTED = json.loads((CORPUS / "broken" / "expected.json").read_text(encoding="utf-8"))["files"]


@pytest.fixture(scope="module")
def readings():
    return {truth["workbook"]: read(CORPUS / "workbooks" / truth["workbook"]) for truth in truths()}


@pytest.mark.parametrize("truth", truths(), ids=lambda truth: truth["workbook"])
def test_a_workbook_is_understood_as_its_truth_says(truth, readings, tmp_path):
    result = score(truth, readings[truth["workbook"]], tmp_path)
    assert result["coverage"] == 1, result["books"][truth["workbook"]]["lost"]
    assert result["false_merges"] == 0
    assert result["phantoms"] == 0
    assert result["fields"] >= 0.98, result["field_accuracy"]
    assert result["reading"] >= 93


@pytest.mark.parametrize("truth", truths(), ids=lambda truth: truth["workbook"])
def test_the_kind_and_the_columns_of_every_table_are_recognised(truth, readings):
    tables = iter(readings[truth["workbook"]].tables)
    for sheet in truth["sheets"]:  # both in the order of the workbook
        columns = {letter: field for letter, field in sheet["columns"].items() if field != "ignore"}
        found = next(t for t in tables if t.kind == sheet["kind"] and set(columns) <= set(t.columns))
        assert {letter: found.columns[letter].field for letter in columns} == columns


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected["workbook"])
def test_a_broken_file_is_refused_with_its_code(expected):
    with pytest.raises(FileRefused) as refused:
        read_file(CORPUS / "broken" / expected["workbook"], name=expected["workbook"])
    assert refused.value.code in expected["file_error"]
    assert refused.value.message.endswith(".")
