"""The waiting list: asking, answering, taking the answer back."""

import pytest
from django.utils import timezone

from residents import services
from residents.models import IntakeRequest
from residents.nights import tonight
from residents.services import refusals
from tests.factories import make_person, make_request, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return make_site()


def test_a_person_waits_once_at_a_site(site):
    person = make_person(at=site)
    make_request(person, at=site)
    with pytest.raises(refusals.AlreadyWaiting):
        services.request_place(person=person, site=site, requested_on=tonight(), by=None)


def test_a_refusal_says_why(site):
    request = make_request(at=site)
    with pytest.raises(refusals.RefusalReasonMissing):
        services.decide_request(request=request, state="refused", by=None)
    services.decide_request(request=request, state="refused", refusal_reason="COMPL", by=None)
    assert (request.state, request.refusal_reason, request.decided_on) == ("refused", "COMPL", timezone.localdate())


def test_of_two_answers_the_first_counts(site):
    request = make_request(at=site)
    services.decide_request(request=request, state="withdrawn", by=None)
    with pytest.raises(refusals.AlreadyDecided):
        services.decide_request(request=request, state="refused", refusal_reason="COMPL", by=None)


def test_an_answer_can_be_taken_back(site):
    request = make_request(at=site)
    services.decide_request(request=request, state="refused", refusal_reason="COMPL", by=None)
    services.reopen_request(request=request, by=None)
    assert (request.state, request.refusal_reason, request.decided_on) == (IntakeRequest.State.WAITING, "", None)
