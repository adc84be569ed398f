"""Row-level security: the second lock, which holds whatever a page forgets (A20-A25)."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Queue

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from psycopg import connect

from residents.models import Person, Presence, Stay
from shelter.accounts.models import Membership
from shelter.accounts.policy import Role
from shelter.identity import acting_as
from shelter.imports.models import ImportFile, ImportJob
from shelter.imports.scope import importing
from shelter.rows import Rows, Unscoped, our_models, rows_of
from sites.models import Bed, Site
from tests.conftest import as_application
from tests.factories import make_beds, make_import, make_person, make_request, make_site, make_stay, make_user
from tests.house.processes import pooler

pytestmark = pytest.mark.django_db

CLIENTS = 24

# Tables of other packages, and why they have no policy.
OTHERS = {
    "account_emailaddress": "allauth: unused, an account has one address of its own",
    "account_emailconfirmation": "allauth: unused, an invitation proves the address",
    "auth_group": "Django: unused, rights come from memberships",
    "auth_group_permissions": "Django: unused",
    "auth_permission": "Django: names of models, about nobody",
    "django_content_type": "Django: names of models, about nobody",
    "django_migrations": "Django: what was applied",
    "django_session": "read before anybody is known; sealed and named at random",
    "mfa_authenticator": "allauth: read while somebody signs in, before they are known; its secrets are sealed",
    "socialaccount_socialaccount": "allauth: read while somebody signs in by Microsoft 365, before they are known",
    "socialaccount_socialapp": "allauth: unused, the provider is configured by the environment",
    "socialaccount_socialtoken": "allauth: unused, no token is kept",
    "pghistory_context": "pghistory: empty, for who and why stand on each version",
}
SCOPED = [model for model in our_models() if isinstance(rows_of(model), Rows)]


def test_every_table_is_locked_or_says_why_not():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, array_agg(p.polcmd::text ORDER BY p.polcmd)
            FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
            WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace GROUP BY c.oid
            """
        )
        locked = {name for name, forced, commands in cursor if forced and commands == ["a", "d", "r", "w"]}
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in cursor}
    unscoped = {model._meta.db_table for model in our_models() if isinstance(rows_of(model), Unscoped)}
    assert tables - locked - unscoped - OTHERS.keys() == set()
    assert (unscoped | OTHERS.keys()) & locked == set()


def test_histories_are_locked_like_their_models():
    histories = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    assert histories
    assert all(isinstance(rows_of(model), Rows) for model in histories)


@pytest.fixture
def houses():
    """Two sites of one organisation, each with a person, a bed and a stay."""
    here = make_site()
    there = make_site(organisation=here.organisation)
    for site in (here, there):
        [bed] = make_beds(site, "A")
        make_stay(make_person(f"Of {site.slug}", "", at=site), bed=bed)
        make_request(make_person(f"Asks {site.slug}", "", at=site), at=site)
    return here, there


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_nobody_sees_nothing(houses, model):
    make_user(Role.COORDINATOR, at=houses[0])
    with as_application():
        if model._meta.label == "audit.Entry":
            return  # nobody may even ask
        assert not model._base_manager.exists()


def test_a_worker_sees_the_rows_of_their_site_and_no_other(houses):
    here, _there = houses
    user = make_user(Role.COORDINATOR, at=here)
    with acting_as(user.pk):
        assert set(Stay.objects.values_list("site", flat=True)) == {here.pk}
        assert set(Person.objects.values_list("registered_at", flat=True)) == {here.pk}
        assert set(Bed.objects.values_list("room__site", flat=True)) == {here.pk}
        assert set(Site.objects.all()) == {here}


def test_a_platform_administrator_sees_places_and_nobody(houses):
    with acting_as(make_user(Role.PLATFORM_ADMIN).pk):
        assert Site.objects.count() == 2
        assert Membership.objects.exists()
        assert not Person.objects.exists()
        assert not Stay.objects.exists()


def test_a_view_that_forgets_everything_shows_the_users_rows(client, houses, settings):
    """Raw SQL, no condition, no policy, no queryset."""
    settings.ROOT_URLCONF = "tests.security.forgetful"
    here, _there = houses
    client.force_login(make_user(Role.SOCIAL_WORKER, at=here))
    names = json.loads(client.get("/everyone/").content)
    assert sorted(names) == sorted(Person.objects.filter(registered_at=here).values_list("last_name", flat=True))
    client.force_login(make_user(Role.LOGISTICS, at=here))
    assert json.loads(client.get("/everyone/").content) == []


@contextmanager
def refused(by="row-level security"):
    with pytest.raises(DatabaseError, match=by), transaction.atomic():
        yield


def test_the_database_refuses_what_a_role_may_only_read(houses):
    here, _there = houses
    stay = Stay.objects.get(site=here)
    reader = make_user(Role.MEDIATOR, at=here)  # reads presence, writes none
    with acting_as(reader.pk):
        assert Stay.objects.filter(pk=stay.pk).exists()
        assert Stay.objects.filter(pk=stay.pk).update(exit_reason="LEFT") == 0
        with refused():
            Presence.objects.create(stay=stay, person_id=stay.person_id, site=here, night=stay.arrived_on, mark="P")
    stay.refresh_from_db()
    assert stay.exit_reason == ""


def test_the_database_refuses_writing_at_another_site(houses):
    here, there = houses
    writer, elsewhere = make_user(Role.COORDINATOR, at=here), Stay.objects.get(site=there)
    mine = Stay.objects.get(site=here)
    with acting_as(writer.pk):
        assert Stay.objects.filter(pk=elsewhere.pk).delete()[0] == 0
        with refused():
            Person.objects.create(organisation=here.organisation, registered_at=there, last_name="Smuggled")
        with refused():
            Stay.objects.filter(pk=mine.pk).update(site=there)
        with refused():  # nobody gives a role to themselves (A9)
            Membership.objects.create(user=writer, site=here, role=Role.DEPUTY_HOUSING)
    assert Stay.objects.filter(pk=elsewhere.pk).exists()


def test_a_role_that_ends_in_the_middle_of_a_session_closes_the_next_request(client, houses, settings):
    settings.ROOT_URLCONF = "tests.security.forgetful"
    user = make_user(Role.SOCIAL_WORKER, at=houses[0])
    client.force_login(user)
    assert json.loads(client.get("/everyone/").content)
    user.memberships.all().delete()
    assert json.loads(client.get("/everyone/").content) == []


def test_imports_are_for_who_may_import_at_their_site(houses):
    here, there = houses
    mine, theirs = make_import(here), make_import(there)
    with acting_as(make_user(Role.DATA_ADMIN, at=here).pk):
        assert set(ImportJob.objects.all()) == {mine}
        assert set(ImportFile.objects.values_list("job", flat=True)) == {mine.pk}
        assert ImportJob.objects.filter(pk=theirs.pk).update(state=ImportJob.State.ABANDONED) == 0
        assert ImportFile.objects.filter(job=theirs).delete()[0] == 0
        with refused():
            ImportJob.objects.create(site=there)
        with importing(mine):  # it may move people of the organisation; another site's import stays as it is
            assert ImportJob.objects.filter(pk=theirs.pk).update(state=ImportJob.State.ABANDONED) == 0
    for role in (Role.SOCIAL_WORKER, Role.NIGHT_WATCH, Role.PLATFORM_ADMIN):
        with acting_as(make_user(role, at=here).pk):
            assert not ImportJob.objects.exists()
            assert not ImportFile.objects.exists()


def test_only_who_is_named_calls_what_sees_past_the_lock():
    """A20: through such a function the backup role, which writes nothing, would write."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, has_function_privilege('maisonnee_app', oid, 'EXECUTE'), "
            "has_function_privilege('maisonnee_owner', oid, 'EXECUTE'), "
            "has_function_privilege('maisonnee_backup', oid, 'EXECUTE') "
            "FROM pg_proc WHERE proowner = 'maisonnee_definer'::regrole"
        )
        may_call = {name: (app, owner, backup) for name, app, owner, backup in cursor}
    inside = {name for name, (app, _, _) in may_call.items() if not app}
    assert not [name for name, (_, _, backup) in may_call.items() if backup]
    assert all(owner for name, (_, owner, _) in may_call.items() if name.startswith("house_"))  # policies ask them
    assert inside == {
        *("audit_key", "audit_digest", "audit_hash", "audit_settled", "audit_mark", "audit_journals"),
        "residents_sites_of",
        "house_opened_by",
    }


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("SELECT residents_sites_of(%s)", "1"),
        ("SELECT digest FROM audit_digest('residents_person', '{birth_date}', %s)", "{[1,2)}"),
    ],
)
def test_what_answers_of_anybody_does_not_answer_the_application(question, value):
    with as_application(), refused(by="permission denied for function"), connection.cursor() as cursor:
        cursor.execute(question, [value])


def test_rights_are_asked_once_a_statement(houses):
    """The functions stand in sub-selects: an InitPlan, not a call for each row (A23)."""
    with acting_as(make_user(Role.COORDINATOR, at=houses[0]).pk), connection.cursor() as cursor:
        cursor.execute("EXPLAIN (VERBOSE) SELECT * FROM residents_stay")
        plan = [line for (line,) in cursor]
    calls = [number for number, line in enumerate(plan) if "house_sites" in line]
    assert calls
    assert all("InitPlan" in "".join(plan[number - 2 : number]) for number in calls)


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
def test_no_policy_calls_a_function_for_each_row(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) FROM pg_policy"
            " WHERE polrelid = %s::regclass",
            [model._meta.db_table],
        )
        conditions = [condition for row in cursor for condition in row if condition]
    for condition in conditions:
        assert len(re.findall(r"house_\w+\(", condition)) == len(re.findall(r"\( SELECT house_\w+\(", condition))


@pytest.fixture
def handed_round():
    """Six connections to the server itself."""
    app, name = settings.APP_DATABASE, connection.settings_dict["NAME"]
    return [connect(host=app["HOST"], user=app["USER"], password=app["PASSWORD"], dbname=name) for _ in range(6)]


@pytest.fixture
def through_pgbouncer(tmp_path):
    """24 connections to a pooler that has six to the server, and lends one for each transaction."""
    with pooler(tmp_path, connection.settings_dict["NAME"]) as address:
        yield [connect(**address, prepare_threshold=None) for _ in range(CLIENTS)]  # as Django does


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shared_by", ["handed_round", "through_pgbouncer"])
def test_on_shared_connections_nobody_sees_a_strangers_row(houses, shared_by, request):
    """24 clients, 10,000 transactions over six connections; some forget to say who."""
    clients, connections = CLIENTS, Queue()
    sites = {make_user(Role.COORDINATOR, at=site).pk: site.pk for site in houses}
    for shared in request.getfixturevalue(shared_by):
        connections.put(shared)

    def work(number):
        user = [*sites, None][number % 3]
        expected = {(sites[user],)} if user else set()
        for _ in range(10_000 // clients + 1):
            shared = connections.get()
            with shared.transaction():
                if user:
                    shared.execute("SELECT set_config('maisonnee.user', %s, true)", [str(user)])
                seen = set(shared.execute("SELECT DISTINCT registered_at_id FROM residents_person").fetchall())
            connections.put(shared)
            assert seen == expected

    with ThreadPoolExecutor(clients) as pool:
        done = list(pool.map(work, range(clients)))
    assert len(done) == clients
    while not connections.empty():
        connections.get().close()
