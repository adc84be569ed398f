"""What one user may reach today, from the memberships and the policy table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from itertools import chain
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied

from shelter.accounts.policy import EMERGENCIES, Can, Grant, InfoClass, Mode, Need, Role, grants

if TYPE_CHECKING:
    from django.http import HttpResponse

    from shelter.accounts.models import User
    from shelter.http import Request


@dataclass(frozen=True)
class Place:
    """A site as menus name it."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True)
class Access:
    """The roles a user holds today, by site id. ``None`` stands for the whole house (platform administrators).

    ``places`` names the sites among the keys, sorted by name: menus cost no query of their own.
    """

    roles: Mapping[int | None, frozenset[Role]]
    places: tuple[Place, ...] = ()

    @classmethod
    def of(cls, user: User) -> Access:
        """One query. Memberships outside their period, and those of an inactive user, count for nothing."""
        held: dict[int | None, set[Role]] = defaultdict(set)
        places: dict[int, Place] = {}
        if user.is_active:
            valid = user.memberships.valid().order_by("site__name", "site")
            for site_id, slug, name, role in valid.values_list("site_id", "site__slug", "site__name", "role"):
                held[site_id].add(Role(role))
                if site_id is not None:
                    places[site_id] = Place(site_id, slug, name)
        return cls({site_id: frozenset(roles) for site_id, roles in held.items()}, tuple(places.values()))

    def sites(self, can: Can) -> frozenset[int]:
        """The ids of the sites where the user may do ``can`` by a membership there."""
        return frozenset(s for s, roles in self.roles.items() if s is not None and roles & can.roles())

    def sites_if_assigned(self, can: Can) -> frozenset[int]:
        """The ids of the sites where the user may do ``can`` at least for the persons assigned to them there."""
        return frozenset(s for s, roles in self.roles.items() if s is not None and roles & can.roles_if_assigned())

    def grants_for(self, need: Need) -> dict[Grant, frozenset[int]]:
        """The cells of the table by which the user meets ``need``, for the assigned too: each grant with its sites."""
        found: dict[Grant, set[int]] = defaultdict(set)
        for site_id, roles in self.roles.items():
            if site_id is not None:
                for grant in chain.from_iterable(grants()[role, need.info_class] for role in roles):
                    if need.accepts(grant):
                        found[grant].add(site_id)
        return {grant: frozenset(sites) for grant, sites in found.items()}

    def everywhere(self, can: Can) -> bool:
        """Whether a membership of the whole house gives ``can`` at every site."""
        return bool(self.roles.get(None, frozenset()) & can.roles())

    def may(self, can: Can, site_id: int | None = None) -> bool:
        """Whether the user may do ``can`` at this site; without a site: at any site at all."""
        if site_id is None:
            return any(roles & can.roles() for roles in self.roles.values())
        return bool(self.roles.get(site_id, frozenset()) & can.roles()) or self.everywhere(can)

    def may_if_assigned(self, can: Can) -> bool:
        """Whether the user may do ``can`` at any site at all, be it only for the persons assigned to them."""
        return any(roles & can.roles_if_assigned() for roles in self.roles.values())

    def sites_in_emergency(self, can: Can) -> frozenset[int]:
        """The ids of the sites where the user may open ``can`` in an emergency, for one person and an hour."""
        return next((self.sites(each.ask) for each in EMERGENCIES.values() if each.opens is can), frozenset())

    def reads(self, info_class: InfoClass, site_id: int) -> bool:
        """Whether a role held at this site reads the class for everyone there, not only for persons assigned to it."""
        need = Need(info_class, Mode.READ)
        return any(need.met_by(role) for role in self.roles.get(site_id, frozenset()))


P = ParamSpec("P")
View = Callable[Concatenate["Request", P], "HttpResponse"]


def requires(can: Can, *, if_assigned: bool = False, in_emergency: bool = False) -> Callable[[View[P]], View[P]]:
    """Decorate a view with its action. A user who may do it nowhere gets 403; the view itself narrows to sites.

    ``if_assigned``: it also opens to who may do it for assigned persons only, and narrows to those. ``in_emergency``: also
    to who may break the glass, and narrows to those for whom they did.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            access = request.user.access
            may = access.may_if_assigned(can) if if_assigned else access.may(can)
            if not (may or (in_emergency and access.sites_in_emergency(can))):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        # All three are read by the access-matrix test.
        guarded.action = can  # type: ignore[attr-defined]
        guarded.if_assigned = if_assigned  # type: ignore[attr-defined]
        guarded.in_emergency = in_emergency  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_to(whom: str) -> Callable[[View[P]], View[P]]:
    """Decorate a view that asks for no role, since it shows no one's data.

    ``whom`` is ``"everyone"`` (signed out too) or ``"signed in"``.
    """

    def decorate(view: View[P]) -> View[P]:
        if whom == "everyone":
            view = login_not_required(view)
        view.action = whom  # type: ignore[attr-defined]
        return view

    return decorate
