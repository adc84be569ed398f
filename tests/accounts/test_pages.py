import pytest
from django.core import mail
from django.urls import reverse

from shelter.accounts.models import Invitation, Membership, User
from shelter.accounts.policy import Role
from tests.factories import PASSWORD, make_site, make_user

pytestmark = pytest.mark.django_db

ACCEPT = "/invitation/"


@pytest.fixture
def site():
    return make_site("Maison Secrète")


@pytest.fixture
def coordinator(client, site):
    user = make_user(Role.COORDINATOR, at=site, language="en")
    client.force_login(user)
    return user


def invite(client, site, **answers):
    answers = {"email": "new@example.org", "name": "New Colleague", "role": "polyvalent", "site": site.pk} | answers
    return client.post(reverse("accounts:invite"), answers)


def test_the_link_is_mailed_and_shown_this_once(client, site, coordinator):
    response = invite(client, site)
    link = response.context["link"]
    [message] = mail.outbox
    assert message.to == ["new@example.org"]
    assert link in message.body
    assert "Secrète" not in message.subject + message.body
    assert link not in client.get(reverse("accounts:invitations")).text
    assert not Invitation.objects.filter(token_digest__in=link.split("/")).exists()


def test_known_and_unknown_addresses_get_the_same_answer(client, site, coordinator):
    answers = set()
    for email in ("nobody@example.org", make_user(Role.VOLUNTEER, at=make_site()).email):
        response = invite(client, site, email=email)
        page = response.text
        for changing in (email, response.context["link"], str(response.context["csrf_token"])):
            page = page.replace(changing, "")
        answers.add((response.status_code, page))
    assert len(answers) == 1
    assert len(mail.outbox) == 2


def test_who_accepts_chooses_a_passphrase_and_is_signed_in(client, site, coordinator):
    link = invite(client, site).context["link"]
    client.logout()
    client.get(link)
    response = client.post(
        ACCEPT, {"name": "Nadia Neuve", "language": "nl", "password": PASSWORD, "again": PASSWORD}, follow=True
    )
    user = User.objects.get(email="new@example.org")
    assert response.wsgi_request.user == user
    assert (user.name, user.language) == ("Nadia Neuve", "nl")
    client.logout()
    assert client.get(link, follow=True).status_code == 410


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short one", "12"),
        ("password1234", "password1234"),
        ("iloveyou1234", "guessed"),
        ("trustno1trustno1", "guessed"),
        ("motdepasse2024", "guessed"),
        ("azertyuiop-123456", "guessed"),
        ("Nadia Neuve 1985", "guessed"),
        ("new@example.org", "new"),
        ("maison secrète 2026", "Secrète"),
        ("x" * 129, "128"),
    ],
)
def test_a_weak_passphrase_is_refused(client, site, coordinator, password, why):
    link = invite(client, site).context["link"]
    client.logout()
    client.get(link)
    answers = {"name": "Nadia Neuve", "language": "fr", "password": password, "again": password}
    response = client.post(ACCEPT, answers)
    assert response.status_code == 422, why
    assert response.context["form"].errors["password"]
    assert not User.objects.filter(email="new@example.org").exists()


def test_who_has_an_account_signs_in_to_accept(client, site, coordinator):
    known = make_user(Role.VOLUNTEER, at=make_site())
    link = invite(client, site, email=known.email).context["link"]
    client.logout()
    assert reverse("account_login") in client.get(link, follow=True).text
    client.post(ACCEPT)
    assert known.memberships.count() == 1
    client.force_login(known)
    client.post(ACCEPT)
    assert known.memberships.filter(site=site, role=Role.POLYVALENT).exists()


def test_the_token_leaves_the_address_at_once(client, site, coordinator):
    link = invite(client, site).context["link"]
    client.logout()
    answer = client.get(link)
    assert (answer.status_code, answer.headers["Location"]) == (302, ACCEPT)
    token = link.rstrip("/").rsplit("/", 1)[1]
    page = client.get(ACCEPT)
    assert token not in page.text + str(dict(client.session))
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_a_link_that_names_nothing_is_closed_like_a_used_one(client):
    assert client.get("/invitation/nothing/", follow=True).status_code == 410


def test_the_form_offers_only_roles_one_may_give(client, site, coordinator):
    form = client.get(reverse("accounts:invite")).context["form"]
    assert "coordinator" not in dict(form.fields["role"].choices)
    assert list(form.fields["site"].queryset) == [site]


def test_a_role_ends_today_and_the_way_back_is_offered(client, site, coordinator):
    membership = make_user(Role.VOLUNTEER, at=site).memberships.get()
    response = client.post(reverse("accounts:end_role", args=[membership.public_id]), follow=True)
    undo = reverse("accounts:resume_role", args=[membership.public_id])
    assert f'action="{undo}"' in response.text
    client.post(undo)
    assert Membership.objects.valid().filter(pk=membership.pk).exists()


def test_the_team_shows_roles_of_my_sites_only(client, site, coordinator):
    colleague = make_user(Role.VOLUNTEER, at=site, name="Ada Ici")
    Membership.objects.create(user=colleague, role=Role.MEDIATOR, site=make_site("Ailleurs"))
    make_user(Role.VOLUNTEER, at=make_site(), name="Loïc Loin")
    page = client.get(reverse("accounts:team")).text
    assert "Ada Ici" in page
    assert "Loïc Loin" not in page
    assert "Ailleurs" not in client.get(reverse("accounts:member", args=[colleague.public_id])).text


@pytest.mark.parametrize("colleagues", [1, 20])
def test_the_team_costs_the_same_however_large(client, site, coordinator, assert_page_queries, colleagues):
    for _ in range(colleagues):
        make_user(Role.VOLUNTEER, at=site)
    with assert_page_queries(5):  # user, memberships, sites to filter by, the team, roles to confirm
        client.get(reverse("accounts:team"))


def test_the_profile_keeps_name_and_language(client, coordinator):
    client.post(reverse("accounts:profile"), {"name": "Nouveau Nom", "language": "nl"})
    coordinator.refresh_from_db()
    assert (coordinator.name, coordinator.language) == ("Nouveau Nom", "nl")
