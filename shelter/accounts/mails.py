"""Mails about accounts. A subject says nothing: it is read on locked screens."""

import logging
from smtplib import SMTPException

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shelter.accounts.models import Invitation

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
