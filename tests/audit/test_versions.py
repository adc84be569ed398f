"""Every write to persons, access and reference data leaves a version with who, in which request, why (C1)."""

from datetime import timedelta

import pghistory
import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from residents.models import KeyWorker, Person, Stay
from shelter.accounts.models import Membership
from shelter.accounts.policy import Role
from sites.models import Room, Site
from tests.factories import make_organisation, make_person, make_site, make_user

pytestmark = pytest.mark.django_db
WHY = {"user": 7, "url": "/somewhere/", "reason": "a slip"}


@pytest.fixture
def made():
    """A row of each, and one to add by ``bulk_create``: model → (row, another, a field to change and its value)."""
    site, organisation = make_site(), make_organisation()
    person, other, user = make_person(at=site), make_person(at=site), make_user(Role.POLYVALENT, at=site)
    today = timezone.localdate()
    stay = Stay.objects.create(person=person, site=site, arrived_on=today)
    follows = KeyWorker.objects.create(person=person, user=user, site=site)
    return {
        Person: (
            person,
            Person(organisation=site.organisation, registered_at=site, last_name="Bulk"),
            ("known_as", "Changed"),
        ),
        Stay: (stay, Stay(person=other, site=site, arrived_on=today), ("left_on", today + timedelta(9))),
        KeyWorker: (
            follows,
            KeyWorker(person=other, user=user, site=site),
            ("ends_on", today + timedelta(9)),
        ),
        Membership: (user.memberships.get(), Membership(user=user, site=site, role=Role.JURIST), ("role", "mediator")),
        Site: (
            site,
            Site(name="Bulk", slug="bulk", organisation=organisation, scheme=Site.Scheme.EMERGENCY),
            ("name", "Changed"),
        ),
        Room: (Room.objects.create(site=site, name="1"), Room(site=site, name="2"), ("name", "3")),
    }


def versions(model, pk):
    event = apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    return list(event._default_manager.filter(pgh_obj_id=pk).order_by("pgh_id"))


@pytest.mark.parametrize("model", [Person, Stay, KeyWorker, Membership, Site, Room], ids=lambda model: model.__name__)
def test_bulk_and_raw_writes_leave_versions_too(made, model):
    row, another, (field, value) = made[model]
    table = connection.ops.quote_name(model._meta.db_table)
    with pghistory.context(**WHY):
        (created,) = model.objects.bulk_create([another])
        model.objects.filter(pk=row.pk).update(**{field: value})
        with connection.cursor() as cursor:
            column = connection.ops.quote_name(field)
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [getattr(row, field), row.pk])  # noqa: S608
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [created.pk])  # noqa: S608
    assert [version.pgh_label for version in versions(model, created.pk)] == ["insert", "delete"]
    updated, raw = versions(model, row.pk)[-2:]
    assert (getattr(updated, field), getattr(raw, field)) == (value, getattr(row, field))
    for version in (updated, raw, *versions(model, created.pk)):
        assert WHY.items() <= version.pgh_context.items()
