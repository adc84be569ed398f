"""What a role may not know is in no byte of any answer: pages, htmx parts, files, refusals (A3, A4).

Each site's people carry marks of their own, one for each class of information, and all have one first name, so that a
search finds whom it may. Each role, at its own site, opens every address it may open, asks for other sites by the ways
that lists offer, sends empty forms, and follows wherever that leads.
"""

from collections.abc import Callable
from itertools import product

import pytest

from casework.kinds import Kind
from shelter.accounts.models import User
from shelter.accounts.policy import Can, Mode, Role, grants
from tests.security.crawl import Answer, Crawl
from tests.security.world import Place, World

# A confidential address is read on the site's own pages, by those who work there: in no list, no file, no other page (A12).
STREET_AT = {"sites:site", "sites:edit"}


@pytest.fixture(scope="module")
def answers(world, clients) -> Callable[[User], list[Answer]]:
    """All that this person gets, asked for once."""
    seen: dict[User, list[Answer]] = {}

    def of(user: User) -> list[Answer]:
        if user not in seen:
            seen[user] = Crawl(user, clients[user], world).answers()
        return seen[user]

    return of


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("whose", ["users", "assigned", "leavers"])
def test_nothing_shows_that_the_role_may_not_know(world, answers, role, whose):
    user = getattr(world, whose)[role]
    forbidden = forbidden_to(user, role, world, assigned=whose == "assigned")
    for answer in answers(user):
        shown = answer.marks & forbidden
        assert not shown, f"{role} sees {', '.join(sorted(shown))} at {answer.asked}"
        tells = {place.street for place in (world.own, world.sister, world.foreign)} & answer.marks
        assert not tells or answer.asked.view in STREET_AT, f"{answer.asked} says where a refuge stands"


def forbidden_to(user: User, role: Role, world: World, *, assigned: bool) -> set[str]:
    own, may = world.own, user.access.may_if_assigned if assigned else user.access.may
    elsewhere = {mark for place in (world.sister, world.foreign) for mark in place.marks}
    if not user.access.roles:
        return elsewhere | {*own.marks}
    if user.access.everywhere(Can.KEEP_NETWORK):  # keeps all sites and accounts, and knows no person
        kept = [(place.refuge, place.street, place.room, place.invited) for place in (world.sister, world.foreign)]
        elsewhere -= {mark for marks in kept for mark in marks}
    secrets = {secret for kind, secret in own.secrets.items() if not may_know(role, kind, assigned=assigned)}
    unless: dict[tuple[Can, ...], tuple[str, ...]] = {
        (Can.SEE_PEOPLE,): own.identity,
        (Can.SEE_CONTACT,): (own.phone,),
        (Can.SEE_BEDS, Can.SEE_PLACES, Can.SEE_BED_NIGHTS): (own.room,),
        (Can.SEE_TEAM,): (own.invited,),
        (Can.REVIEW_LEGAL,): (own.reason,),
    }
    refused = {mark for actions, marks in unless.items() if not any(map(may, actions)) for mark in marks}
    return elsewhere | secrets | refused


@pytest.mark.parametrize("role", list(Role))
def test_nothing_offered_is_broken_or_refused(world, answers, role):
    """Who is shown a way may go it: a refusal would tell of something behind it."""
    for user in (world.users[role], world.assigned[role], world.leavers[role]):
        for answer in answers(user):
            assert answer.status < 500, f"{role}: {answer.status} at {answer.asked}"
            assert not answer.asked.found_on or answer.status < 400, f"{role}: {answer.status} at {answer.asked}"


# What each limit of the secrecy columns leaves of the kinds; the others leave all. Nothing here is marked as evidence.
LEFT_BY = {
    "minimal": {Kind.OUTCOME, Kind.INSTRUCTION},
    "outcome": {Kind.OUTCOME},
    "instruction": {Kind.INSTRUCTION},
    "mediation": {Kind.MEDIATION},
    "if evidence": set(),
    "consent": set(),
}


def may_know(role: Role, kind: Kind, *, assigned: bool) -> bool:
    """Whether the table lets the role read what the person confided of this kind."""
    return any(
        (kind is Kind.INSTRUCTION if grant.mode is Mode.SAFETY else kind in LEFT_BY.get(grant.limit, set(Kind)))
        for grant in grants()[role, kind.info_class]
        if grant.mode in {Mode.READ, Mode.WRITE, Mode.SAFETY} and (assigned or not grant.assigned_only)
    )


def test_what_is_confided_is_told_to_whom_the_table_lets_in(world, answers):
    """Or the first test proves nothing about secrecy."""
    for role, kind in product(Role, Kind):
        if may_know(role, kind, assigned=True) and Can.SEE_PEOPLE.roles_if_assigned() >= {role}:
            told = any(world.own.secrets[kind] in answer.marks for answer in answers(world.assigned[role]))
            assert told, f"{role} never reads {kind}, and may"


def test_the_canaries_sing_where_they_may(world, answers):
    """Or the first test proves nothing: each mark is read by somebody."""
    own: Place = world.own
    seen = {
        mark
        for role in (Role.DATA_ADMIN, Role.COORDINATOR)
        for answer in answers(world.users[role])
        for mark in answer.marks
    }
    assert seen >= {own.mark, own.born[0], own.nation, own.phone, own.room, own.invited, own.street}


def test_the_crawl_goes_where_pages_lead(world, answers):
    """By links, by search forms and by what htmx gets; beyond the map of addresses, and without end of its own."""
    ways = [answer.asked for answer in answers(world.users[Role.COORDINATOR])]
    followed = [asked for asked in ways if asked.found_on]
    assert {asked.by_htmx for asked in followed} == {True, False}
    assert any("search=" in asked.path for asked in followed), "no search form was sent"
    assert any(asked.view == "residents:person" for asked in followed), "others than the one whom the map names"
    assert len(ways) < 2000
