"""Night sheets and marks: what counts, and what two sites say of one person."""

from datetime import date, timedelta

import pytest

from residents import services
from residents.models import NightSheet, Presence
from residents.services import Mark
from tests.factories import make_person, make_site, make_stay

pytestmark = pytest.mark.django_db
JAN_5 = date(2026, 1, 5)
DAY = timedelta(days=1)


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def transfer(site):
    """A person who left one site for another on 8 January: the stay there, and the stay here."""
    person = make_person(at=site)
    left = make_stay(person, at=site, since=JAN_5, until=JAN_5 + 3 * DAY)
    return left, make_stay(person, at=make_site(organisation=site.organisation), since=JAN_5 + 3 * DAY)


def counted(night):
    return set(Presence.objects.present().filter(night=night).values_list("stay", flat=True))


def test_a_mark_opens_the_sheet_of_its_night(site):
    services.record_presence(stay=make_stay(at=site, since=JAN_5), night=JAN_5, mark="P", by=None)
    assert list(NightSheet.objects.values_list("site", "night")) == [(site.pk, JAN_5)]


def test_a_counted_night_without_anyone_has_a_sheet_too(site):
    for _ in range(2):
        services.open_night_sheets([(site.pk, JAN_5), (site.pk, JAN_5)], by=None)
    assert NightSheet.objects.count() == 1


def test_what_is_already_so_is_not_written_again(site):
    stays = [make_stay(at=site, since=JAN_5) for _ in range(3)]
    marks = [Mark(stay_id=stay.pk, night=JAN_5, mark="P") for stay in stays]
    assert services.record_presences(marks, by=None) == 3
    marks[0] = Mark(stay_id=stays[0].pk, night=JAN_5, mark="AI")
    assert services.record_presences(marks, by=None) == 1
    assert Presence.objects.get(stay=stays[0]).mark == "AI"


def test_the_number_of_queries_does_not_grow_with_the_marks(site, django_assert_max_num_queries):
    stays = [make_stay(at=site, since=JAN_5) for _ in range(5)]
    with django_assert_max_num_queries(8):
        services.record_presences(
            [Mark(stay_id=stay.pk, night=JAN_5 + n * DAY, mark="P") for stay in stays for n in range(20)], by=None
        )
    assert Presence.objects.count() == 100


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("order", [1, -1])
def test_of_two_sites_the_later_arrival_counts_and_the_rival_mark_is_kept(transfer, together, order):
    night = JAN_5 + 3 * DAY
    marks = [Mark(stay_id=stay.pk, night=night, mark="P") for stay in transfer][::order]
    for batch in [marks] if together else [[mark] for mark in marks]:
        services.record_presences(batch, by=None)
    assert counted(night) == {transfer[1].pk}
    assert Presence.objects.filter(night=night).count() == 2


@pytest.mark.parametrize("at_once", [True, False])
def test_when_the_one_who_counted_was_absent_the_rival_counts(transfer, at_once):
    night = JAN_5 + 3 * DAY
    left, here = transfer
    services.record_presences([Mark(stay_id=stay.pk, night=night, mark="P") for stay in transfer], by=None)
    again = [Mark(stay_id=left.pk, night=night, mark="P")] if at_once else []
    services.record_presences([Mark(stay_id=here.pk, night=night, mark="AI"), *again], by=None)
    assert counted(night) == {left.pk}
