"""Whatever a text begins with, a list that leaves the house holds no formula, read by two spreadsheet libraries (F5)."""

import io
import re
from pathlib import Path

import openpyxl
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from residents.tables import PEOPLE
from shelter.accounts.tables import POLICY_EXPORT, TEAM
from shelter.ui.export import FORMULA_STARTS, Column, workbook
from sites.tables import EXPORT as SITES

LISTS = (PEOPLE.columns, TEAM.columns, SITES, POLICY_EXPORT)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
dangerous = st.builds(str.__add__, st.sampled_from(FORMULA_STARTS), texts)


@settings(max_examples=60, deadline=None)
@given(st.lists(dangerous, min_size=1, max_size=5), dangerous)
def test_no_text_becomes_a_formula(rows, said):
    content = workbook(rows, [Column(said, str), Column("n", len)], title=said, who=said, purpose=said)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    texts_read = [line[0].value for line in book.worksheets[0].iter_rows(min_row=3)]
    assert texts_read == [row.replace("\r", "\n") for row in rows]
    again = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    read_again = [str(line[0]).strip() for line in again.to_python(skip_empty_area=False)[2:]]
    assert read_again == [text.strip() for text in texts_read]  # it drops a text of white space alone


def test_every_list_is_written_by_what_was_tested():
    """All cells pass through ``Column`` and ``ListBook``; nobody writes a workbook of their own, or CSV."""
    own_writer = re.compile(r"openpyxl import Workbook|openpyxl\.Workbook\(|csv\.(?:writer|DictWriter)|xlsxwriter")
    paths = [path for top in ("shelter", "sites", "residents", "casework") for path in Path(top).rglob("*.py")]
    writers = {str(path) for path in paths if own_writer.search(path.read_text()) and "demo" not in path.parts}
    assert writers == {"shelter/ui/export.py"}
    assert all(isinstance(column, Column) for columns in LISTS for column in columns)
