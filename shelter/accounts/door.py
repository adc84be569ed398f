"""The door of the house: between knowing nobody and acting as somebody (docs/decisions/0052).

Accounts have row-level security, and signing in must read one before anybody acts. Whoever comes in says who they are
to the database first, which then shows that account alone, until the transaction ends.
"""

from contextlib import suppress

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import url_str_to_user_pk
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.db.models import BigIntegerField
from django.http import HttpRequest, HttpResponse

from shelter.accounts.models import User


def knock(address: str) -> None:
    """Somebody types an address. Whether it has an account shows in nothing but what follows."""
    _ask("SELECT accounts_knock(%s)", address)


def stand_at_the_door(user_id: int) -> None:
    """This account is about to come in: half-way through signing in, or holding a link or a passkey that names it."""
    _ask("SELECT set_config('maisonnee.door', %s, true)", str(user_id))


def _ask(statement: str, word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [word])


class HouseBackend(AuthenticationBackend):
    def authenticate(self, request: HttpRequest | None, **credentials: str) -> AbstractBaseUser | None:
        knock(credentials.get("email") or credentials.get("username") or "")
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return user

    def get_user(self, user_id: int) -> AbstractBaseUser | None:
        """Whose session it is, asked before the scope of the request opens."""
        found = User.objects.raw("SELECT * FROM accounts_of_session(%s)", [user_id])
        user = next(iter(found), None)
        return user if user and self.user_can_authenticate(user) else None


class DoorMiddleware:
    """Behind ``IdentityMiddleware``: opens the door for what an address or a begun sign-in names."""

    def __init__(self, get_response) -> None:  # type: ignore[no-untyped-def]
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        return response

    def process_view(self, request: HttpRequest, _view: object, _positional: object, named: dict[str, str]) -> None:
        if not getattr(request, "in_scope", False):
            return
        begun = request.session.get(LOGIN_SESSION_KEY) if request.user.is_anonymous else None
        name = named.get("uidb36") or (begun or {}).get("user_pk")
        with suppress(ValueError):  # an address that names nobody
            if name and (user_id := url_str_to_user_pk(name)) <= BigIntegerField.MAX_BIGINT:
                stand_at_the_door(user_id)
