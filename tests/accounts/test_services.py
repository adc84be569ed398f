from datetime import timedelta

import pytest
from django.utils import timezone

from shelter.accounts import services
from shelter.accounts.models import Invitation, Membership, User
from shelter.accounts.policy import Role
from tests.factories import PASSWORD, make_site, make_user

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def coordinator(site):
    return make_user(Role.COORDINATOR, at=site)


def invited(by, site, *, email="new@example.org", role=Role.POLYVALENT):
    return services.invite(email=email, name="New Colleague", role=role, site=site, by=by)


def accepted(invitation):
    return services.accept(invitation, name="New Colleague", language="nl", password=PASSWORD)


def test_an_invitation_becomes_an_account_with_its_role(site, coordinator):
    invitation, token = invited(coordinator, site, email="New@Example.org")
    assert invitation.token_digest == Invitation.digest(token) != token
    user = accepted(invitation)
    assert user.email == "new@example.org"
    assert user.check_password(PASSWORD)
    membership = user.memberships.get()
    assert (membership.role, membership.site, membership.starts_on) == (Role.POLYVALENT, site, TODAY())


def test_a_link_works_once(site, coordinator):
    invitation, _ = invited(coordinator, site)
    accepted(invitation)
    with pytest.raises(services.InvitationClosed):
        services.accept_as(invitation, user=User.objects.get(email=invitation.email))


@pytest.mark.parametrize("closed", ["expired", "revoked", "asked again"])
def test_a_closed_link_opens_nothing(site, coordinator, closed):
    invitation, _ = invited(coordinator, site)
    if closed == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    elif closed == "revoked":
        services.revoke(invitation)
    else:
        invited(coordinator, site)
    with pytest.raises(services.InvitationClosed):
        accepted(invitation)
    assert not User.objects.filter(email=invitation.email).exists()


def test_an_invitation_falls_with_the_right_of_whoever_made_it(site, coordinator):
    invitation, _ = invited(coordinator, site)
    Membership.objects.filter(user=coordinator).update(ends_on=TODAY())
    with pytest.raises(services.InvitationClosed):
        accepted(Invitation.objects.get(pk=invitation.pk))


def test_the_account_one_has_takes_one_more_role(site, coordinator):
    other = make_user(Role.VOLUNTEER, at=make_site(), email="new@example.org")
    services.accept_as(invited(coordinator, site)[0], user=other)
    assert set(other.memberships.values_list("role", flat=True)) == {Role.VOLUNTEER, Role.POLYVALENT}


def test_nobody_takes_the_invitation_of_another_address(site, coordinator):
    invitation, _ = invited(coordinator, site)
    with pytest.raises(services.InvitationClosed):
        services.accept_as(invitation, user=make_user())


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DEPUTY_HOUSING, Role.DIRECTOR, Role.PLATFORM_ADMIN, Role.HR])
def test_nobody_gives_a_role_above_or_beside_their_own(site, coordinator, role):
    with pytest.raises(services.RoleNotYours):
        invited(coordinator, site, role=role)
    with pytest.raises(services.RoleNotYours):
        services.grant(user=make_user(), role=role, site=site, by=coordinator)


def test_not_even_a_platform_administrator_makes_another(site):
    with pytest.raises(services.RoleNotYours):
        services.grant(user=make_user(), role=Role.PLATFORM_ADMIN, site=site, by=make_user(Role.PLATFORM_ADMIN))


def test_a_right_at_one_site_gives_nothing_at_another(coordinator):
    with pytest.raises(services.RoleNotYours):
        invited(coordinator, make_site())


def test_nobody_changes_their_own_roles(site):
    administrator = make_user(Role.PLATFORM_ADMIN)
    with pytest.raises(services.NotToOneself):
        services.grant(user=administrator, role=Role.COORDINATOR, site=site, by=administrator)
    with pytest.raises(services.NotToOneself):
        invited(administrator, site, email=administrator.email)
    with pytest.raises(services.NotToOneself):
        services.end_membership(administrator.memberships.get(), by=administrator)


def test_a_role_is_given_once_at_a_time(site, coordinator):
    colleague = make_user(Role.VOLUNTEER, at=site)
    with pytest.raises(services.AlreadyMember):
        services.grant(user=colleague, role=Role.VOLUNTEER, site=site, by=coordinator)


def test_what_ends_opens_nothing_from_now_on_and_can_be_taken_back(site, coordinator):
    colleague = make_user(Role.VOLUNTEER, at=site)
    membership = colleague.memberships.get()
    services.end_membership(membership, by=coordinator)
    assert not User.objects.get(pk=colleague.pk).access.roles
    services.resume_membership(membership, by=coordinator)
    assert User.objects.get(pk=colleague.pk).access.roles == {site.pk: {Role.VOLUNTEER}}


def test_a_role_given_today_by_mistake_goes_whole(site, coordinator):
    membership = services.grant(user=make_user(), role=Role.VOLUNTEER, site=site, by=coordinator)
    services.end_membership(membership, by=coordinator)
    assert not Membership.objects.filter(role=Role.VOLUNTEER).exists()
