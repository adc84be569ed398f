from datetime import timedelta

from celery import shared_task
from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from residents.services.readings import note_readings as note


@shared_task
def note_readings() -> None:
    """Yesterday's and today's, so that nothing is missed around midnight. The mail holds nothing but that (E3)."""
    for email, language in note(since=timezone.localdate() - timedelta(1)):
        with translation.override(language):
            send_mail(_("A message from Maisonnée"), _("An alert waits for you in Maisonnée."), None, [email])
