"""One scope, one transaction, one identity."""

import pytest
from django.db import connection

from shelter.identity import AnotherIdentity, acting_as

pytestmark = pytest.mark.django_db


def who_acts() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('maisonnee.user', true)")
        return cursor.fetchone()[0] or ""


def test_the_database_knows_who_acts_and_forgets_it_afterwards():
    with acting_as(7):
        assert who_acts() == "7"
        with acting_as(7):
            assert who_acts() == "7"
        assert who_acts() == "7"
    assert who_acts() == ""


def test_nobody_acts_inside_the_scope_of_somebody_else():
    with acting_as(7), pytest.raises(AnotherIdentity), acting_as(8):
        pass


def test_after_a_failure_nobody_acts():
    with pytest.raises(ZeroDivisionError), acting_as(7):
        raise ZeroDivisionError
    assert who_acts() == ""
