"""Layouts that the sample set does not show: beds, hours and needs across, weeks, cards, tables on their side, no heading."""

from datetime import date

import openpyxl
import pytest

from tests.imports.reading.scoring import read


@pytest.fixture
def reading(tmp_path):
    def of(*rows, title="Feuil1", merge=None):
        book = openpyxl.Workbook()
        book.active.title = title
        for row in rows:
            book.active.append(row)
        if merge:
            book.active.merge_cells(merge)
        path = tmp_path / "x.xlsx"
        book.save(path)
        return read(path)

    return of


def fields(reading, *names):
    return [tuple(record.fields.get(name) for name in names) for _, record in reading.records()]


def test_beds_across_and_rooms_down(reading):
    found = reading(
        ["Kamer", "Bed A", "Bed B"],
        ["1e verdieping"],
        ["11", "DIALLO Awa", "vrij"],
        ["12", "gereserveerd voor BAH Ali", "buiten gebruik"],
    )
    assert fields(found, "floor", "room", "bed", "bed_status", "last_name") == [
        ("1", "11", "A", "occupied", "DIALLO"),
        ("1", "11", "B", "free", None),
        ("1", "12", "A", "reserved", "BAH"),
        ("1", "12", "B", "out_of_order", None),
    ]


def test_hours_across_and_days_down(reading):
    found = reading(
        ["Date", "07:00-15:00", "15:00-23:00"], ["03/03/2025", "Fatou", "Karim, Ilse"], ["04/03/2025", "Ilse", "off"]
    )
    assert fields(found, "date", "start", "person") == [
        ("2025-03-03", "07:00", "Fatou"),
        ("2025-03-03", "15:00", "Karim"),
        ("2025-03-03", "15:00", "Ilse"),
        ("2025-03-04", "07:00", "Ilse"),
    ]


def test_a_week_of_named_days_is_dated_by_its_title(reading):
    week = ["", "Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"]
    found = reading(
        ["Semaine 12 (du 17/03/2025 au 23/03/2025)"],
        week,
        ["Matin 7h-15h", "Fatou", "Karim", "", "", "", "", "Ilse"],
        ["Soir 15h-23h", "Ilse", "Fatou", "Bruno", "", "", "", "Karim"],
    )
    assert ("2025-03-23", "07:00", "Ilse") in fields(found, "date", "start", "person")
    assert ("2025-03-19", "15:00", "Bruno") in fields(found, "date", "start", "person")


def test_a_column_of_crosses_for_each_need(reading):
    found = reading(
        ["Date", "Nom", "Prénom", "AS", "Besoins", None, None, "Orientation"],
        [None, None, None, None, "Logement", "Santé", "Juridique", None],
        [date(2025, 1, 6), "DIALLO", "Awa", "MD", "x", None, "x", "CPAS"],
        ["idem", "BAH", "Ali", "NB", None, "X", None, "MdM"],
        merge="E1:G1",
    )
    assert fields(found, "interview_date", "needs") == [
        ("2025-01-06", ["Logement", "Juridique"]),
        ("2025-01-06", ["Santé"]),
    ]


def test_a_card_for_each_person_is_one_record_on_its_first_row(reading):
    card = [["Nom", "DIALLO"], ["Prénom", "Awa"], ["Né(e) le", "12/03/1990"], ["Chambre", "12"], ["Lit", "B"], []]
    other = [["Nom", "HADDAD"], ["Prénom", "Nour"], ["Né(e) le", "31/02/1988"], ["Chambre", "13"], ["Lit", "A"]]
    found = reading(*card, *other)
    assert fields(found, "last_name", "birth_date", "room") == [("DIALLO", "1990-03-12", "12"), ("HADDAD", None, "13")]
    by_number = {row.row: row for row in found.rows}
    assert by_number[3].reason.code == "part_of_record"
    assert by_number[7].status == "error"
    assert by_number[7].records[0].cells["room"] == (10, "B", "13")


def test_a_table_on_its_side_has_a_person_in_each_column(reading):
    found = reading(
        ["Nom", "DIALLO", "HADDAD"],
        ["Prénom", "Awa", "Nour"],
        ["Nationalité", "guinéenne", "Syrie"],
        ["Chambre", "12", "13"],
    )
    assert fields(found, "last_name", "nationality", "room") == [("DIALLO", "GIN", "12"), ("HADDAD", "SYR", "13")]
    assert [record.column for _, record in found.records()] == ["B", "C"]


def test_every_row_that_is_not_empty_is_listed_once(reading):
    found = reading(
        ["Présences"], [], ["Nom", "Prénom", "Arrivée"], ["\u00a0"], ["DIALLO", "Awa", "1/2/2025"], ["TOTAL", 1]
    )
    assert [row.row for row in found.rows] == [1, 3, 5, 6]
    assert [row.status for row in found.rows] == ["not_data", "not_data", "data", "not_data"]


def test_a_person_may_correct_the_kind_and_a_column(tmp_path):
    from shelter.imports.reading.reader import read_file
    from shelter.imports.reading.types import TableMapping
    from shelter.imports.reading.understanding import understand

    path = tmp_path / "x.csv"
    path.write_text("Nom;Prénom;Date;Priorité\nDIALLO;Awa;1/2/2025;urgent\n", encoding="utf-8")
    book = read_file(path, name="x.csv")
    asked = {0: TableMapping(kind="resident", columns={"C": "departure"})}
    found = understand(book, today=date(2025, 6, 1), mapping=asked)
    assert found.tables[0].kind == "resident"
    assert fields(found, "last_name", "departure", "status") == [("DIALLO", "2025-02-01", "left")]
