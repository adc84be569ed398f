from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from sites import services
from sites.models import Bed, BedClosure, Room, Site
from sites.network import load_network
from sites.nights import tonight
from tests.factories import make_beds, make_organisation, make_site, make_stay

pytestmark = pytest.mark.django_db

NIGHT = date(2026, 3, 1)


def test_a_series_of_rooms_comes_with_its_beds():
    site = make_site()
    services.add_rooms(site=site, names=["101", "102"], labels=["A", "B"], floor="1")
    assert [str(bed) for bed in Bed.objects.filter(room__site=site)] == ["101-A", "101-B", "102-A", "102-B"]


def test_rooms_are_added_all_or_none():
    site = make_site()
    make_beds(site, "A", room="102")
    with pytest.raises(services.RoomTaken, match="102"):
        services.add_rooms(site=site, names=["101", "102"], labels=["A"])
    assert not Room.objects.filter(site=site, name="101").exists()


def test_short_names_stay_apart_and_leave_addresses_free():
    organisation = make_organisation()
    slugs = [
        services.add_site(organisation=organisation, name=name, scheme="URG").slug for name in ("Hub", "hub!", "Add")
    ]
    assert slugs == ["hub", "hub-2", "add-2"]


def test_other_names_are_replaced_not_gathered():
    site = make_site("Evenpoel")
    services.set_aliases(site, ["Evenepoel", "Dispositif Evenpoel"])
    services.set_aliases(site, ["Evenepoel", " ", "Evenpoel", "Bockstael"])
    assert [alias.name for alias in site.aliases.all()] == ["Bockstael", "Evenepoel"]


def test_capacity_counts_the_beds_that_one_may_give():
    site = make_site(declared_capacity=40)
    _, closed, retired = make_beds(site, "ABC")
    services.close_beds(beds=[closed], from_on=NIGHT, reason=BedClosure.Reason.WORKS)
    services.retire_beds(beds=[retired], on=NIGHT + timedelta(days=1))

    def counted(night):
        found = Site.objects.with_capacity(night).get(pk=site.pk)
        return found.beds, found.closed, found.capacity

    assert counted(NIGHT - timedelta(days=1)) == (3, 0, 3)
    assert counted(NIGHT) == (3, 1, 2)
    assert counted(NIGHT + timedelta(days=1)) == (2, 1, 1)


def test_a_bed_that_someone_has_is_not_closed_and_is_named():
    site = make_site()
    free, taken, also_taken = make_beds(site, "ABC", room="12")
    for bed in (taken, also_taken):
        make_stay(at=site, bed=bed)
    with pytest.raises(services.BedsSleptIn, match="12-B, 12-C"):
        services.close_beds(beds=[free, taken, also_taken], from_on=tonight(), reason=BedClosure.Reason.PESTS)
    assert not BedClosure.objects.exists()


def test_a_bed_is_closed_once_a_night():
    [bed] = make_beds(make_site(), "A", room="12")
    services.close_beds(beds=[bed], from_on=NIGHT, until_on=NIGHT + timedelta(days=7), reason="works")
    with pytest.raises(services.BedsClosed, match="12-A"):
        services.close_beds(beds=[bed], from_on=NIGHT + timedelta(days=6), reason="damage")
    services.close_beds(beds=[bed], from_on=NIGHT + timedelta(days=7), reason="damage")


def test_reopening_ends_a_closure_or_takes_it_back_whole():
    begun, to_come = make_beds(make_site(), "AB")
    services.close_beds(beds=[begun], from_on=NIGHT, reason="works")
    services.close_beds(beds=[to_come], from_on=NIGHT + timedelta(days=5), reason="works")
    services.reopen(BedClosure.objects.all(), on=NIGHT + timedelta(days=3))
    assert BedClosure.objects.get().until_on == NIGHT + timedelta(days=3)


def test_a_bed_that_someone_has_stays_in_service():
    site = make_site()
    [bed] = make_beds(site, "A", room="7")
    make_stay(at=site, bed=bed)
    with pytest.raises(services.BedsSleptIn, match="7-A"):
        services.retire_beds(beds=[bed], on=tonight())
    bed.refresh_from_db()
    assert bed.retired_on is None


def test_a_room_goes_only_if_its_beds_were_never_used():
    site = make_site()
    [unused], [used] = make_beds(site, "A"), make_beds(site, "A")
    make_stay(at=site, bed=used)
    services.remove_room(unused.room)
    with pytest.raises(services.RoomInUse):
        services.remove_room(used.room)
    assert list(site.rooms.all()) == [used.room]


def test_the_network_of_the_house_is_loaded_once_and_never_overwrites():
    sites = {site.slug: site for site in load_network()}
    assert len(sites) == 19
    assert {site.organisation.name for site in sites.values()} == {"BelRefugees", "Communa"}
    assert sites["hotel-leopold"].declared_capacity == 160
    assert sites["casa-tamam"].declared_capacity is None
    assert sites["sisters-house"].address_is_confidential
    assert Site.objects.called("evenepoel").get() == sites["evenpoel"]

    Site.objects.filter(slug="centre-bisse").update(declared_capacity=200)
    load_network()
    assert Site.objects.get(slug="centre-bisse").declared_capacity == 200
    assert Site.objects.count() == 19


@pytest.mark.parametrize("dates", [{"opened_on": date(204, 1, 1)}, {"closed_on": date(2202, 1, 1)}])
def test_a_site_opens_and_closes_in_our_time(dates):
    site = make_site()
    with pytest.raises(ValidationError, match="1830"):
        Site(**{**vars_of(site), **dates}).validate_constraints()
    with pytest.raises(IntegrityError, match="site_opens_and_closes_in_our_time"), transaction.atomic():
        Site.objects.filter(pk=site.pk).update(**dates)


def vars_of(site):
    return {field.attname: getattr(site, field.attname) for field in Site._meta.fields}
