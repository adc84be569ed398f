"""What is mailed about an export: that something waits. Not what, not of which site (E3)."""

import logging
from collections.abc import Iterable
from functools import partial
from smtplib import SMTPException

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from shelter.accounts.models import User

logger = logging.getLogger(__name__)


def tell(users: Iterable[User]) -> None:
    """Once what happened is in the database. A mail server that does not answer is logged only: the page says it too."""
    for user in users:
        transaction.on_commit(partial(_send, user.pk, user.email, user.language))


def _send(user_id: int, address: str, language: str) -> None:
    with translation.override(language):
        try:
            send_mail(_("A message from Maisonnée"), render_to_string("exports/mails/waits.txt"), None, [address])
        except (SMTPException, OSError):
            logger.exception("User %s could not be told of an export", user_id)
