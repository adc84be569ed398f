import io
from datetime import date, datetime

import openpyxl
import pytest
from django.utils import timezone

from shelter.ui.export import Column, export_xlsx, workbook

DANGEROUS = ["=1+1", "+32 470", "-2", "@SUM(A1)", "\t=1+1", "\r=1+1", '=HYPERLINK("http://x","y")']


def reopened(rows, columns=None, **facts):
    columns = columns or [Column("Name", lambda row: row)]
    facts = {"title": "People", "who": "Inès", "purpose": "Fire drill"} | facts
    return openpyxl.load_workbook(io.BytesIO(workbook(rows, columns, **facts)))


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_looks_like_a_formula_stays_text(text):
    cell = reopened([text])["People"]["A3"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\r", "\n")  # XML knows one line end
    assert cell.quotePrefix


def test_no_cell_of_the_file_is_a_formula():
    book = reopened(DANGEROUS, title="=1+1", who="=1+1", purpose="@now")
    assert [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []


def test_numbers_and_dates_keep_their_kind():
    moment = timezone.make_aware(datetime(2026, 1, 5, 22, 30))  # noqa: DTZ001 -- made aware in the house's zone
    sheet = reopened([date(2026, 1, 5), 12, True, moment, None])["People"]
    found = [row[0].value for row in sheet.iter_rows(min_row=3)]
    assert found == [datetime(2026, 1, 5), 12, True, datetime(2026, 1, 5, 22, 30)]  # noqa: DTZ001 -- Excel knows no zone


def test_control_characters_are_left_out():
    assert reopened(["Ama\x00dou"])["People"]["A3"].value == "Amadou"


def test_a_sheet_says_who_took_it_out_when_and_what_for(settings):
    settings.LANGUAGE_CODE = "en"
    about = reopened(["a", "b"]).worksheets[1]
    facts = [row[1].value for row in about.iter_rows()]
    assert facts[0] == "People"
    assert facts[1] == "Inès"
    assert isinstance(facts[2], datetime)
    assert facts[3:] == ["Fire drill", 2]


def test_a_title_that_excel_forbids_still_names_the_sheet():
    assert (
        reopened([], title="Beds [12/2026]: a very long title indeed").sheetnames[0]
        == "Beds  12 2026   a very long tit"
    )


def test_the_answer_is_an_attachment_with_a_plain_name():
    response = export_xlsx([], [Column("Name", str)], title="People", who="", purpose="", name="people tonight")
    assert response["Content-Disposition"] == 'attachment; filename="people_tonight.xlsx"'
