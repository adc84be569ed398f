"""Files: registering, correcting, households, merging and unmerging."""

from datetime import date, timedelta

import pytest

from residents import services
from residents.models import IntakeRequest, Person
from residents.services import refusals
from shelter.accounts.policy import Role
from tests.factories import make_person, make_request, make_site, make_stay, make_user

pytestmark = pytest.mark.django_db
JAN_5 = date(2026, 1, 5)
DAY = timedelta(days=1)


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def clerk(site):
    return make_user(Role.COORDINATOR, at=site)


def test_an_alias_is_enough(site, clerk):
    person = services.register_person(site=site, known_as="Yoni", by=clerk)
    assert (person.full_name, person.search_name, person.organisation) == ("Yoni", "yoni", site.organisation)


def test_nobody_is_registered_without_any_name(site, clerk):
    with pytest.raises(refusals.NameMissing):
        services.register_person(site=site, first_name="", by=clerk)


def test_a_birth_date_says_how_much_of_it_is_known(site, clerk):
    with pytest.raises(refusals.BirthPrecisionMissing):
        services.register_person(site=site, last_name="A", birth_date=JAN_5, by=clerk)


def test_a_corrected_name_is_found_by_its_new_spelling(site, clerk):
    person = make_person("Diallo", "Mamadou", at=site)
    services.correct_person(person=person, changes={"last_name": "Bâ"}, by=clerk, reason="passport")
    assert person.search_name == "ba mamadou"


def test_correcting_to_the_same_writes_nothing(site, clerk):
    person = make_person("Diallo", at=site)
    events = person.events.count()
    assert services.correct_persons({person.pk: {"last_name": "Diallo"}}, by=clerk) == 0
    assert person.events.count() == events


def test_a_mother_and_a_child_are_a_household_until_one_leaves(site, clerk):
    mother, child = make_person(at=site), make_person(at=site)
    services.join_household(person=child, other=mother, family_link="ENF", by=clerk)
    mother.refresh_from_db()
    assert child.household_id == mother.household_id is not None
    services.leave_household(person=child, by=clerk)
    mother.refresh_from_db()
    assert (mother.household_id, child.household_id, child.family_link) == (None, None, "")


def test_three_people_stay_a_household_when_one_leaves(site, clerk):
    persons = [make_person(at=site) for _ in range(3)]
    household = services.form_household(persons, by=clerk)
    services.leave_household(person=persons[0], by=clerk)
    assert household.members.count() == 2


def test_a_merge_hands_everything_over_and_an_unmerge_gives_it_back(site, clerk):
    kept, absorbed = make_person("Diallo", at=site), make_person("Jallow", at=site, phone="+32470000000")
    own, other = (
        make_stay(kept, at=site, since=JAN_5, until=JAN_5 + DAY),
        make_stay(absorbed, at=site, since=JAN_5 + DAY),
    )
    services.record_presence(stay=other, night=JAN_5 + DAY, mark="P", by=clerk)
    request = make_request(absorbed, at=make_site(organisation=site.organisation))

    merge = services.merge_persons(survivor=kept, absorbed=absorbed, reason="same passport", by=clerk)
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    assert absorbed.merged_into == kept
    assert set(kept.stays.all()) == {own, other}
    assert kept.presences.count() == 1
    assert list(kept.requests.all()) == [request]
    assert kept.phone == "+32470000000"
    assert kept.last_name == "Diallo"

    services.unmerge(merge=merge, by=clerk)
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    assert absorbed.merged_into is None
    assert (list(kept.stays.all()), list(absorbed.stays.all())) == ([own], [other])
    assert (kept.presences.count(), absorbed.presences.count()) == (0, 1)
    assert list(absorbed.requests.all()) == [request]
    assert kept.phone == ""


def test_two_people_who_slept_on_the_same_night_are_not_merged(site, clerk):
    kept, absorbed = make_person(at=site), make_person(at=site)
    make_stay(kept, at=site, since=JAN_5)
    make_stay(absorbed, at=site, since=JAN_5)
    with pytest.raises(refusals.StaysOverlap):
        services.merge_persons(survivor=kept, absorbed=absorbed, reason="?", by=clerk)
    absorbed.refresh_from_db()
    assert absorbed.merged_into is None


def test_of_two_open_requests_for_one_site_the_older_file_keeps_its_own(site, clerk):
    kept, absorbed = make_person(at=site), make_person(at=site)
    make_request(kept, at=site)
    double = make_request(absorbed, at=site)
    merge = services.merge_persons(survivor=kept, absorbed=absorbed, reason="same", by=clerk)
    double.refresh_from_db()
    assert (double.person, double.refusal_reason) == (kept, IntakeRequest.RefusalReason.DUPLICATE)
    services.unmerge(merge=merge, by=clerk)
    double.refresh_from_db()
    assert (double.person, double.state) == (absorbed, IntakeRequest.State.WAITING)


def test_a_file_that_was_merged_is_not_merged_again_and_its_address_leads_to_the_last(site, clerk):
    first, second, third = (make_person(at=site) for _ in range(3))
    early = services.merge_persons(survivor=second, absorbed=first, reason="same", by=clerk)
    with pytest.raises(refusals.FileMerged):
        services.merge_persons(survivor=third, absorbed=first, reason="same", by=clerk)
    late = services.merge_persons(survivor=third, absorbed=second, reason="same", by=clerk)
    first.refresh_from_db()
    assert first.merged_into == third
    with pytest.raises(refusals.MergedAgain):
        services.unmerge(merge=early, by=clerk)
    services.unmerge(merge=late, by=clerk)
    services.unmerge(merge=early, by=clerk)
    assert not Person.objects.exclude(merged_into=None).exists()


def test_people_of_two_organisations_are_never_merged(site, clerk):
    with pytest.raises(refusals.OtherOrganisation):
        services.merge_persons(
            survivor=make_person(at=site), absorbed=make_person(at=make_site()), reason="?", by=clerk
        )


def test_a_merge_is_undone_once(site, clerk):
    merge = services.merge_persons(
        survivor=make_person(at=site), absorbed=make_person(at=site), reason="same", by=clerk
    )
    services.unmerge(merge=merge, by=clerk)
    with pytest.raises(refusals.MergeUndone):
        services.unmerge(merge=merge, by=clerk)


def test_what_was_entered_by_mistake_is_taken_back_unless_someone_built_on_it(site, clerk):
    person = make_person(at=site)
    stay = make_stay(person, at=site)
    with pytest.raises(refusals.InUse):
        services.take_back(persons=[person.pk], by=clerk, reason="import undone")
    services.take_back(persons=[person.pk], stays=[stay.pk], by=clerk, reason="import undone")
    assert not Person.objects.filter(pk=person.pk).exists()
