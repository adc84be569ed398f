"""Noticing readings that the work may not explain (C7). The limits are these; the database looks and writes."""

from datetime import date

from django.db import connection, transaction

from shelter.accounts.policy import InfoClass

CONFIDED = (InfoClass.INTERVIEWS, InfoClass.LEGAL, InfoClass.HEALTH)
FILES_AN_HOUR = 40  # more than so many files opened by one person
NIGHT_FROM, NIGHT_UNTIL = 22, 6  # hours in Brussels


@transaction.atomic
def note_readings(*, since: date) -> list[tuple[str, str]]:
    """Note what was read in such a way from ``since`` on; again is harmless.

    Returns whom new ones concern: (address, language) of the coordinators and data-protection officers of their sites.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT email, language FROM residents_note_readings(%s, %s, %s, %s, %s)",
            [since, list(CONFIDED), FILES_AN_HOUR, NIGHT_FROM, NIGHT_UNTIL],
        )
        return list(cursor.fetchall())
