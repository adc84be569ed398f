from shelter.imports import wording
from shelter.imports.reading.reasons import SENTENCES


def test_every_reason_of_reading_has_the_same_sentence_on_screen():
    from django.utils.translation import override

    with override("en"):
        said = {code: str(sentence) for code, sentence in wording.REASONS.items()}

    assert {code: said.get(code) for code in SENTENCES} == SENTENCES


def test_what_may_not_be_shown_is_an_ellipsis():
    assert "…" in wording.reason("impossible_date", {})
