"""Why the house says no, as a person reads it. ``field`` is the form field the sentence belongs to."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from shelter.db import DomainError, violations_raise


class NothingToOpen(DomainError):
    field, message = "number", _("Your sites know no file of this number.")


class NotYoursToReview(DomainError):
    message = _("Whoever answers for this part of the file at the site reviews it, and never whoever opened it.")


class ReviewedAlready(DomainError):
    message = _("A colleague has reviewed this meanwhile.")


class NameMissing(DomainError):
    field, message = "last_name", _("Give a name or an alias: nothing else is required.")


class BirthPrecisionMissing(DomainError):
    field, message = "birth_precision", _("Say how much of the birth date is known.")


class FileMerged(DomainError):
    message = _("This file was merged into another. Open the file that was kept.")


class OtherOrganisation(DomainError):
    field, message = "site", _("This person is known to another organisation. Register them anew here.")


class AlreadyHoused(DomainError):
    field = "arrived_on"
    message = _("This person already has a place on one of these nights. End or correct that stay first.")


class ShorterThanANight(DomainError):
    field, message = "left_on", _("A stay lasts at least one night: the departure comes after the arrival.")


class BedTaken(DomainError):
    field, message = "bed", _("Someone already has this bed on one of these nights. Please choose another.")


class BedClosed(DomainError):
    field, message = "bed", _("This bed is closed on one of these nights. Please choose another.")


class OutsideStay(DomainError):
    field, message = "from_on", _("Choose a bed of the same site, and a night of this stay.")


class BedTwice(DomainError):
    field, message = "bed", _("This stay already has a bed on one of these nights.")


class AlreadyLeft(DomainError):
    message = _("This stay has already ended. Correct it if the date or the reason is wrong.")


class NotLeft(DomainError):
    message = _("No departure is written for this stay.")


class SleptHere(DomainError):
    message = _("Nights are already counted for this stay. Write a departure instead.")


class AlreadyWaiting(DomainError):
    field, message = "site", _("This person already waits for a place here.")


class AlreadyDecided(DomainError):
    message = _("Someone already answered this request.")


class RefusalReasonMissing(DomainError):
    field, message = "refusal_reason", _("Say why the request is refused.")


class SameFile(DomainError):
    message = _("Choose two different files.")


class HasCaseFile(DomainError):
    message = _("What a person confided stays with their file: keep the one that is followed up, and merge the other.")


class StaysOverlap(DomainError):
    message = _("These two files have stays on the same nights: they are two people, or one of the stays is wrong.")


class MergeUndone(DomainError):
    message = _("This merge was already undone.")


class MergedAgain(DomainError):
    message = _("The kept file was itself merged into another since. Undo that merge first.")


class InUse(DomainError):
    message = _("Something was added to these entries since, so they cannot be taken back.")


RULES: dict[str, type[DomainError]] = {
    "person_has_a_name": NameMissing,
    "person_birth_precision_fits": BirthPrecisionMissing,
    "stay_inside_organisation": OtherOrganisation,
    "stay_person_in_one_place": AlreadyHoused,
    "stay_lasts_a_night": ShorterThanANight,
    "bed_holds_one_person": BedTaken,
    "bed_open_while_assigned": BedClosed,
    "bed_assignment_inside_stay": OutsideStay,
    "bed_assignment_lasts_a_night": OutsideStay,
    "stay_has_one_bed": BedTwice,
    "request_open_once": AlreadyWaiting,
    "person_merged_without_case_file": HasCaseFile,
}


@contextmanager
def house_rules() -> Iterator[None]:
    """The constraints of the database, told as refusals."""
    with violations_raise(RULES):
        yield
