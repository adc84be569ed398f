"""Values as teams write them, in three languages."""

from datetime import date

import pytest

from shelter.imports.reading.values.codes import read_languages, read_nationality, read_procedure
from shelter.imports.reading.values.contacts import read_phone, read_sp
from shelter.imports.reading.values.dates import DateContext, read_birth, read_date, read_hours, read_time
from shelter.imports.reading.values.persons import NameOrder, clean_name, split_name
from shelter.imports.reading.values.places import Place, read_floor, read_place

CONTEXT = DateContext(today=date(2024, 4, 2), previous=date(2024, 2, 1))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1er avril 2024", "2024-04-01"), ("24-juil.-23", "2023-07-24"), ("le 06/02/2024", "2024-02-06"),
        ("25/02", "2024-02-25"),
        ("lundi 15 avril 2024", "2024-04-15"), ("02/mrt/23", "2023-03-02"), ("March 5, 2024", "2024-03-05"),
        (45335, "2024-02-13"),
        ("20240213", "2024-02-13"), ("07/24/2023", "2023-07-24"), ("audition 27/4/24 9h", "2024-04-27"), ("à venir", None),
    ],
)  # fmt: skip
def test_a_date_is_read_day_first(written, meant):
    day = read_date(written, CONTEXT).day
    assert (day.isoformat() if day else None) == meant


@pytest.mark.parametrize(
    ("written", "problem"), [("31/02/2024", "impossible_date"), ("12/03/2204", "date_out_of_range")]
)
def test_a_date_that_cannot_be_is_reported(written, problem):
    assert read_date(written, CONTEXT).problem == problem


@pytest.mark.parametrize(
    ("written", "meant", "precision"),
    [
        ("51", "1973-01-01", "age"), ("38 ans", "1986-01-01", "age"), (1977, "1977-01-01", "year"),
        ("?/?/1999", "1999-01-01", "year"),
        ("26/4/80", "1980-04-26", "day"), ("1 janvier 1974", "1974-01-01", "placeholder"), ("24-juil.-72", "1972-07-24", "day"),
    ],
)  # fmt: skip
def test_a_birth_is_a_date_a_year_or_an_age(written, meant, precision):
    found = read_birth(written, CONTEXT, date(2024, 3, 1))
    assert (found.day.isoformat(), found.precision) == (meant, precision)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("9h", "09:00"),
        ("16H40", "16:40"),
        ("14u30", "14:30"),
        ("2 pm", "14:00"),
        ("10:15 pm", "22:15"),
        (0.5, "12:00"),
        ("25h30", ""),
    ],
)
def test_a_time_of_day(written, meant):
    assert read_time(written)[0] == meant


def test_a_range_of_hours():
    assert read_hours("20h à 8h") == ("20:00", "08:00")
    assert read_hours("lun 11/03") is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0467/00.39.05", "+32467003905"), (486006708, "+32486006708"), ("+32(0)465 12 34 56", "+32465123456"),
        (33600727924, "+33600727924"), ("02 512 34 56", "+3225123456"), ("0465123456 / 0486123456", "+32465123456"),
        ("pas de gsm", None), ("0465 00 1", None),
    ],
)  # fmt: skip
def test_a_phone_is_written_in_full(written, meant):
    assert read_phone(written).value == meant


def test_an_sp_number_has_seven_digits():
    assert read_sp("SP 9.490.931").value == "9490931"
    assert read_sp("9.12.45").problem == "sp_wrong_length"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Ch. 12 lit B", Place("", "12", "B")), ("12B", Place("", "12", "B")), ("R+2 / 12 / B", Place("2", "12", "B")),
        ("Module 3", Place("", "3", "")), ("Ch. 001\n(4 p.)", Place("", "001", "", 4)), ("Kamer 3, bed 2", Place("", "3", "2")),
    ],
)  # fmt: skip
def test_a_place_in_one_cell(written, meant):
    assert read_place(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"), [("REZ", "0"), ("1er ETAGE", "1"), ("gelijkvloers", "0"), ("First floor", "1")]
)
def test_a_floor(written, meant):
    assert read_floor(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Bourundais", "BDI"),
        ("Guinée-Ckry", "GIN"),
        ("R.D.C", "COD"),
        ("Soudan S", "SSD"),
        ("Oekraïense", "UKR"),
        ("staatloos", "XXA"),
    ],
)
def test_a_nationality(written, meant):
    assert read_nationality(written).value == meant


def test_congo_alone_is_one_of_two_countries():
    assert read_nationality("Congo").flags == ("ambiguous_nationality",)


def test_languages_and_procedures():
    assert read_languages("tigrinya, ar. + angl.").value == ["ti", "ar", "en"]
    assert read_procedure("Dublin - 26quater").value == "DUB"
    assert read_procedure("bijlage 26").value == "DPI"


@pytest.mark.parametrize(
    ("written", "last", "first"),
    [
        ("Emmanuel NGONO", "NGONO", "Emmanuel"), ("AL MASRI Bilal", "AL MASRI", "Bilal"), ("HADDAD, Nour", "HADDAD", "Nour"),
        ("Mme DIALLO Awa + 2 enfants", "DIALLO", "Awa"), ("Mr. Jean-Claude HAKIZIMANA (dit JC)", "HAKIZIMANA", "Jean-Claude"),
        ("Thierno", "Thierno", ""),
    ],
)  # fmt: skip
def test_a_name_in_one_cell(written, last, first):
    name = split_name(clean_name(written).text, NameOrder())
    assert (name.last, name.first) == (last, first)


def test_other_rows_tell_the_order_of_a_name_without_capitals():
    order = NameOrder()
    order.learn(["NUR Mahad", "KHALIL Khaled"])
    assert split_name("Khaled Nur", order).last == "Nur"
