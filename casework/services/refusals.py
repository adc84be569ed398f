"""Why the house says no, as a person reads it. ``field`` is the form field the sentence belongs to."""

from django.utils.translation import gettext_lazy as _

from shelter.db import DomainError


class FollowsAlready(DomainError):
    field, message = "membership", _("This colleague follows the person already.")


class NotForThisRole(DomainError):
    field, message = "membership", _("You cannot give this colleague a person to follow. Ask the coordination.")


class NotToOneself(DomainError):
    field, message = "membership", _("Nobody becomes a key worker by their own hand. Ask the coordination.")


class SupervisorMissing(DomainError):
    field, message = "supervisor", _("An intern follows under a supervisor. Say who it is.")


class SupervisorLacksRight(DomainError):
    field, message = "supervisor", _("This colleague cannot read social interviews here. Choose another supervisor.")


class OtherOrganisation(DomainError):
    field, message = "membership", _("This colleague works for another organisation.")


class FileClosed(DomainError):
    message = _("This file is closed. Open it again before you write in it.")


class ChangedMeanwhile(DomainError):
    """Somebody saved another version since this one was read."""

    message = _("Someone changed this note while you were writing. Compare both texts, then save yours.")


class AlreadyAgreed(DomainError):
    field, message = "what", _("The person has already agreed to this.")


class UnknownType(DomainError):
    field = "file"
    message = _("This kind of file is not kept. Send a PDF, a photo (JPEG or PNG) or a text (DOCX or ODT).")


class ContentDiffers(DomainError):
    field = "file"
    message = _("The content of this file is not what its name says. Save it again from its program, then send it.")


class WithMacros(DomainError):
    field, message = "file", _("This document holds macros. Save it as a PDF, then send it.")


class TooLarge(DomainError):
    field, message = "file", _("This file is larger than 20 MB. Scan it in black and white, or split it.")


class TooManyDocuments(DomainError):
    field, message = "file", _("A file holds 100 documents at most. Remove one that is no longer needed.")


class TooMuchToday(DomainError):
    field, message = "file", _("Too many documents were sent today at this site. Try again tomorrow.")


class Infected(DomainError):
    field, message = "file", _("The virus scanner refuses this file. Tell the person who sent it to you.")


class ScannerSilent(DomainError):
    field, message = "file", _("The virus scanner does not answer, so nothing is taken in. Try again in a few minutes.")


class TooManyPixels(DomainError):
    field, message = "file", _("This photo has more than 25 million pixels. Take it smaller, or send a PDF.")
