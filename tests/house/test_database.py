import pytest
from django.db import connection

from shelter.accounts.models import User
from shelter.identity import acting_as


@pytest.mark.django_db
def test_pages_are_served_by_a_role_that_owns_nothing():
    with acting_as(1), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, count(*) FILTER (WHERE tableowner = current_user) FROM pg_tables")
        assert cursor.fetchone() == ("maisonnee_app", 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(turn):
    assert not User.objects.exists()
    User.objects.create_user(f"turn{turn}@example.org", name="Turn")


@pytest.mark.django_db
def test_the_web_process_says_that_it_answers(client):
    assert client.get("/healthz").content == b"ok\n"
