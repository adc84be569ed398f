"""Mails about accounts, and the mail that says no more than that something waits. A subject says nothing: it is read on
locked screens. No mail holds content (E3).
"""

import logging
from collections.abc import Iterable
from functools import partial
from smtplib import SMTPException

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.core.mail import send_mail
from django.db import transaction
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from shelter.accounts.models import Invitation, User

logger = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, *, link: str) -> None:
    """The one-use link, to the invited address. Names no site: some addresses of ours are secret (A12).

    A mail server that does not answer is logged only: whoever invites has the link on the screen.
    """
    text = render_to_string("accounts/mails/invitation.txt", {"invitation": invitation, "link": link})
    try:
        send_mail(_("A message from Maisonnée"), text, None, [invitation.email])
    except (SMTPException, OSError):
        logger.exception("Invitation %s could not be mailed", invitation.pk)


def tell(users: Iterable[User], template: str) -> None:
    """In each one's language, once what happened is in the database.

    A mail server that does not answer is logged only: a page says it too.
    """
    for user in users:
        transaction.on_commit(partial(_send, user.pk, user.email, user.language, template))


def _send(user_id: int, address: str, language: str, template: str) -> None:
    with translation.override(language):
        try:
            send_mail(_("A message from Maisonnée"), render_to_string(template), None, [address])
        except (SMTPException, OSError):
            logger.exception("User %s could not be told", user_id)


@receiver(
    [authenticator_added, authenticator_removed, authenticator_reset, password_changed, password_reset, password_set]
)
def tell_of_a_changed_factor(user: User, **_kwargs: object) -> None:
    """Whoever did not change it themselves is to hear of it, and where to look (B8)."""
    tell([user], "accounts/mails/factor.txt")
