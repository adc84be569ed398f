"""Which lists with names can be taken out. An app says so for its own, in ``AppConfig.ready``: ``offer(NamedList(…))``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from django.http import QueryDict
from django.utils.functional import Promise

from shelter.accounts.policy import Can, InfoClass
from shelter.ui.export import Column

if TYPE_CHECKING:
    from shelter.accounts.models import User

T = TypeVar("T")


@dataclass(frozen=True)
class Selection:
    """What a list would hold: the keys of its rows in their order, from which sites, and the filters in words."""

    keys: Sequence[int]
    sites: frozenset[int]
    filters: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class NamedList(Generic[T]):
    """A list with names. ``can`` opens it; ``approver`` is what a second person needs at every site it draws on.

    ``select`` reads what an address asks for, ``rows`` the rows of some of its keys: both as far as the user may see at
    that moment. ``persons``: the persons of the house behind some keys, whose files say that they were exported.
    ``if_assigned``: key workers may take it out too, of those whom they follow.
    """

    kind: str
    title: Promise
    can: Can
    approver: Can
    info_class: InfoClass
    columns: Sequence[Column[T]]
    select: Callable[[User, QueryDict], Selection]
    rows: Callable[[User, Sequence[int], QueryDict], Iterable[T]]
    persons: Callable[[Sequence[int]], Sequence[int]] = lambda _keys: ()
    if_assigned: bool = False

    def approving_roles(self) -> list[str]:
        """Who may be its second person, in words."""
        return sorted(str(role.label) for role in self.approver.roles())

    def opens_to(self, user: User) -> bool:
        return user.access.may(self.can) or (self.if_assigned and user.access.may_if_assigned(self.can))


_offered: dict[str, NamedList] = {}


def offer(named_list: NamedList) -> None:
    _offered[named_list.kind] = named_list


def list_of(kind: str) -> NamedList:
    return _offered[kind]


def offered() -> list[NamedList]:
    return list(_offered.values())


def approvers() -> frozenset[Can]:
    return frozenset(each.approver for each in _offered.values())
