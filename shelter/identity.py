"""Who acts, as the database knows it: its row-level security shows nothing to nobody (A22).

One scope is one transaction. A page opens it for its whole request, rendering included; a task or a command opens one
for each step it commits. The setting ends with the transaction, so pooled connections carry nobody over.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

SETTING = "maisonnee.user"
_acting: ContextVar[int | None] = ContextVar("acting", default=None)


class AnotherIdentity(RuntimeError):
    """A scope was opened inside the scope of somebody else."""


def acting() -> int | None:
    """The id of the user whose scope is open."""
    return _acting.get()


@contextmanager
def acting_as(user_id: int | None) -> Iterator[None]:
    """One transaction in which the database shows and accepts what this user may see and write; ``None``: nobody.

    Raises ``AnotherIdentity`` inside the scope of somebody else. The same identity again is a savepoint.
    """
    outer = _acting.get()
    if outer is not None and outer != user_id:
        raise AnotherIdentity(f"user {outer} acts, and {user_id} cannot act inside")
    inside = connection.in_atomic_block
    with transaction.atomic():
        tell_the_database(user_id)
        token = _acting.set(user_id)
        try:
            yield
        finally:
            _acting.reset(token)
    if inside:  # the setting would last as long as the transaction around us
        tell_the_database(outer)


def tell_the_database(user_id: int | None) -> None:
    """Say who acts until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, "" if user_id is None else str(user_id)])


class IdentityMiddleware:
    """A view and what it renders run in the scope of who is signed in. An error page commits nothing.

    Opened when a view is found and everyone has let the request through: what needs no view needs no database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as scope:
            request.scope = scope  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.status_code >= 500:
                _commit_nothing(request)
            return response

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_arguments: object) -> None:
        if not getattr(view, "without_identity", False):
            request.scope.enter_context(acting_as(request.user.pk))  # type: ignore[attr-defined]
            request.in_scope = True  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, _exception: Exception) -> None:
        _commit_nothing(request)


def _commit_nothing(request: HttpRequest) -> None:
    if getattr(request, "in_scope", False):
        transaction.set_rollback(True)
