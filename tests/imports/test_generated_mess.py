"""Workbooks in layouts that nobody has seen before: drawn anew at every seed, with an exact truth.

The public samples say what the importer must do; these say that it did not learn them by heart.
"""

import json

import pytest

from shelter.demo.mess.corpus import KINDS, make_books
from tests.imports.reading.scoring import PARTS, as_output, read, score_module

SEEDS = (101, 102, 103)


def scored(folder, *, seed, kind, books):
    """``score.py``'s numbers for reading alone, and ``reading``, of 100: what it decides, weighed as there."""
    truths = []
    for book, _ in make_books(seed=seed, books=books, kinds=[kind]):
        reading = read(book.save(folder))
        (folder / f"{book.file_name}.json").write_text(json.dumps(as_output(book.file_name, reading)), encoding="utf-8")
        truths.append(book.truth())
    judge = score_module()
    result = judge.evaluate(truths, folder, [])
    weight = sum(judge.WEIGHTS[part] for part in PARTS)
    points = 100 * sum(judge.WEIGHTS[part] * result[part] for part in PARTS) / weight
    return result | {"reading": points - result["penalty"]}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_unseen_layouts_are_understood(tmp_path, seed, kind):
    result = scored(tmp_path, seed=seed, kind=kind, books=4)
    lost = {name: book["lost"] for name, book in result["books"].items() if book["lost"]}
    assert not lost, "every row is accounted for"
    assert result["false_merges"] == 0, "two people never become one"
    assert result["reading"] >= 85, result["field_accuracy"]


def test_a_seed_draws_the_same_workbooks_again():
    first, second = ([(book.file_name, book.truth()) for book, _ in make_books(seed=5, books=4)] for _ in range(2))
    assert first == second


def test_two_seeds_draw_other_layouts():
    first, second = (
        [table["columns"] for book, _ in make_books(seed=seed, books=4) for table in book.truth()["sheets"]]
        for seed in (1, 2)
    )
    assert first != second


def test_sums_of_a_night_list_are_no_headings(tmp_path):
    """Subtotals such as 20, 21, 22, 24, 26 look like days that follow each other."""
    nights = "\r\n".join(f"{100 + room};A;NGONO Serge{'x' * room};" + ";".join("x" * 8) for room in range(6))
    sheet = (
        "Présences novembre 2024\r\nCh.;Lit;Nom;1;2;3;4;5;6;7;8\r\n"
        f"{nights}\r\n;;Sous-total étage 1;1;2;3;4;5;6;6;6\r\n207;A;FOTSO Estelle;" + ";".join("x" * 8) + "\r\n"
    )
    (tmp_path / "liste.csv").write_text(sheet, encoding="utf-8")

    reading = read(tmp_path / "liste.csv")

    assert [table.kind for table in reading.tables] == ["presence"]
    assert reading.rows[-1].records[0].fields["last_name"] == "FOTSO"
