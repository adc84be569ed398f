"""Roles that open interviews, legal or health files take two persons (A9)."""

from datetime import time

import pytest
from django.core import mail
from django.db import IntegrityError
from django.urls import reverse

from shelter.accounts import services
from shelter.accounts.models import Invitation, Membership, RoleProposal, User
from shelter.accounts.policy import SECRECY_ROLES, Role
from tests.factories import PASSWORD, make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def first(site):
    return make_user(Role.COORDINATOR, at=site)


@pytest.fixture
def second(site):
    return make_user(Role.COORDINATOR, at=site)


@pytest.fixture
def colleague(site):
    return make_user(Role.VOLUNTEER, at=site)


def roles_of(user):
    return set().union(*User.objects.get(pk=user.pk).access.roles.values())


def test_they_are_those_that_open_interviews_legal_or_health_files():
    assert {
        Role.DEPUTY_SOCIAL,
        Role.DEPUTY_LEGAL,
        Role.SOCIAL_WORKER,
        Role.JURIST,
        Role.MEDIATOR,
        Role.HEALTH,
        Role.INTERN,
        Role.PARTNER,
    } == SECRECY_ROLES


def test_nobody_gives_one_alone(site, first, colleague):
    with pytest.raises(services.SecondPersonNeeded):
        services.grant(user=colleague, role=Role.JURIST, site=site, by=first)
    with pytest.raises(services.SecondPersonNeeded):
        services.invite(email="new@example.org", name="New", role=Role.JURIST, site=site, by=first)


def test_nothing_is_active_before_the_second_person_confirms(site, first, second, colleague):
    proposal = services.propose(user=colleague, role=Role.JURIST, site=site, by=first)
    assert roles_of(colleague) == {Role.VOLUNTEER}

    with pytest.raises(services.SecondPersonNeeded):
        services.confirm(proposal, by=first)
    assert roles_of(colleague) == {Role.VOLUNTEER}

    services.confirm(proposal, by=second)
    assert roles_of(colleague) == {Role.VOLUNTEER, Role.JURIST}
    proposal.refresh_from_db()
    assert (proposal.proposed_by, proposal.decided_by, proposal.is_confirmed) == (first, second, True)


def test_the_second_person_is_not_the_one_who_gets_the_role(site, first):
    other = make_user(Role.COORDINATOR, at=site)
    proposal = services.propose(user=other, role=Role.JURIST, site=site, by=first)

    with pytest.raises(services.NotToOneself):
        services.confirm(proposal, by=other)


def test_the_second_person_may_give_the_role_themselves(site, first, colleague):
    proposal = services.propose(user=colleague, role=Role.JURIST, site=site, by=first)

    for somebody in (make_user(Role.DEPUTY_SOCIAL, at=site), make_user(Role.COORDINATOR, at=make_site())):
        with pytest.raises(services.RoleNotYours):
            services.confirm(proposal, by=somebody)


def test_a_proposal_falls_with_the_right_of_whoever_made_it(site, first, second, colleague):
    proposal = services.propose(user=colleague, role=Role.JURIST, site=site, by=first)
    Membership.objects.filter(user=first).delete()

    with pytest.raises(services.RoleNotYours):
        services.confirm(RoleProposal.objects.get(pk=proposal.pk), by=second)


def test_what_is_turned_down_stays_closed(site, first, second, colleague):
    proposal = services.propose(user=colleague, role=Role.JURIST, site=site, by=first)
    services.turn_down(proposal, by=second)

    with pytest.raises(services.AlreadyDecided):
        services.confirm(proposal, by=second)
    assert roles_of(colleague) == {Role.VOLUNTEER}


def test_it_is_proposed_once(site, first, second, colleague):
    services.propose(user=colleague, role=Role.JURIST, site=site, by=first)

    with pytest.raises(services.AlreadyProposed):
        services.propose(user=colleague, role=Role.JURIST, site=site, by=second)


def test_an_invitation_exists_only_once_confirmed_and_falls_with_either_right(site, first, second):
    proposal = services.propose(email="New@example.org", name="New", role=Role.JURIST, site=site, by=first)
    assert not Invitation.objects.exists()

    invitation, _token = services.confirm(proposal, by=second)
    Membership.objects.filter(user=second).delete()

    with pytest.raises(services.InvitationClosed):
        services.accept(Invitation.objects.get(pk=invitation.pk), name="New", language="fr", password=PASSWORD)


def test_an_invitation_made_past_the_second_person_opens_nothing(site, first):
    invitation = Invitation.objects.create(
        email="new@example.org", name="New", role=Role.JURIST, site=site, invited_by=first, token_digest="x"
    )

    with pytest.raises(services.InvitationClosed):
        services.accept(invitation, name="New", language="fr", password=PASSWORD)


def test_an_ended_role_is_not_resumed_by_one_person(site, first, second):
    jurist = make_user(Role.JURIST, at=site)
    membership = jurist.memberships.get()
    services.end_membership(membership, by=first)

    with pytest.raises(services.SecondPersonNeeded):
        services.resume_membership(membership, by=first)
    assert roles_of(jurist) == set()


def test_the_database_refuses_to_be_told_that_one_person_was_two(site, first):
    with pytest.raises(IntegrityError):
        RoleProposal.objects.create(
            email="new@example.org",
            name="New",
            role=Role.JURIST,
            site=site,
            proposed_by=first,
            decided_by=first,
            is_confirmed=True,
        )


def test_a_role_given_anew_meanwhile_is_not_held_twice(site, first, colleague):
    """Resuming the old one would leave two memberships of one role."""
    old = colleague.memberships.get()
    services.end_membership(old, by=first)
    services.grant(user=colleague, role=Role.VOLUNTEER, site=site, by=first)

    with pytest.raises(services.AlreadyMember):
        services.resume_membership(old, by=first)
    assert colleague.memberships.not_over().count() == 1


def test_on_the_pages_one_proposes_and_another_sends_the_link(client, site, first, second):
    client.force_login(first)
    asked = {"email": "new@example.org", "name": "New Colleague", "role": "jurist", "site": site.pk}
    client.post(reverse("accounts:invite"), asked)
    proposal = RoleProposal.objects.get()
    waiting = client.get(reverse("accounts:proposals")).text
    assert "New Colleague" in waiting
    assert reverse("accounts:confirm_role", args=[proposal.public_id]) not in waiting
    assert mail.outbox == []

    client.force_login(second)
    answer = client.post(reverse("accounts:confirm_role", args=[proposal.public_id]))

    assert Invitation.objects.get().approved_by == second
    assert mail.outbox[0].to == ["new@example.org"]
    assert answer.context["link"] in mail.outbox[0].body


def test_a_colleague_gets_the_role_by_two_persons_on_their_page(client, site, first, second, colleague):
    client.force_login(first)
    asked = {"role": "jurist", "site": site.pk, "starts_on": "2026-01-01"}
    client.post(reverse("accounts:member", args=[colleague.public_id]), asked)
    assert roles_of(colleague) == {Role.VOLUNTEER}

    client.force_login(second)
    assert "1 rôle à confirmer" in client.get(reverse("accounts:team")).text
    client.post(reverse("accounts:confirm_role", args=[RoleProposal.objects.get().public_id]))

    assert roles_of(colleague) == {Role.VOLUNTEER, Role.JURIST}


NIGHT = {"shift_from": time(21), "shift_until": time(7)}


def test_a_confirmed_role_has_the_hours_that_were_proposed(site, first, second, colleague):
    services.confirm(
        services.propose(user=colleague, role=Role.INTERN, site=site, by=first, starts_on=None, **NIGHT), by=second
    )
    given = colleague.memberships.get(role=Role.INTERN)
    assert (given.shift_from, given.shift_until) == tuple(NIGHT.values())


def test_so_has_the_invitation_of_somebody_new_and_their_role(site, first, second):
    proposal = services.propose(email="new@example.org", name="New", role=Role.INTERN, site=site, by=first, **NIGHT)
    invitation, _token = services.confirm(proposal, by=second)
    assert (invitation.shift_from, invitation.shift_until) == tuple(NIGHT.values())
