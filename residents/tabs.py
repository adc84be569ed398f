"""What residents hang on a person's file, its access log; and on a colleague's page, what the account has seen."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from residents.models import Person
from shelter.accounts.models import User
from shelter.accounts.policy import Can
from shelter.http import Request
from shelter.ui.panels import Tab


def tabs_of(request: Request, person: Person) -> Iterator[Tab]:
    """Asks the database only about those who answer for some of the files that they see."""
    user, can = request.user, Can.SEE_ACCESS_LOG
    for_all = user.access.sites(can) >= user.access.sites_if_assigned(Can.SEE_PEOPLE)
    if user.access.may_if_assigned(can) and (
        for_all or Person.objects.visible_to(user, can).filter(pk=person.pk).exists()
    ):
        yield Tab(_("Access log"), "eye", reverse("residents:access_log", args=[person.public_id]))


def tabs_of_member(request: Request, member: User) -> Iterator[Tab]:
    user, can = request.user, Can.SEE_READINGS
    if user.access.may(can) and User.objects.visible_to(user, can).filter(pk=member.pk).exists():
        yield Tab(_("What this account has seen"), "eye", reverse("residents:seen", args=[member.public_id]))
