"""What notes and documents are about."""

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from shelter.accounts.policy import InfoClass


class Kind(TextChoices):
    """The kind says the class, and roles that are let in part of the way go by it."""

    SOCIAL = "social", _("Social follow-up")
    MEDIATION = "mediation", _("Mediation")
    LEGAL = "legal", _("Legal procedure")
    OUTCOME = "outcome", _("Outcome of care")
    INSTRUCTION = "instruction", _("Safety instruction")

    @property
    def info_class(self) -> InfoClass:
        return next(info_class for info_class, kinds in KINDS.items() if self in kinds)


KINDS = {
    InfoClass.INTERVIEWS: (Kind.SOCIAL, Kind.MEDIATION),
    InfoClass.LEGAL: (Kind.LEGAL,),
    InfoClass.HEALTH: (Kind.OUTCOME, Kind.INSTRUCTION),
}


def kind_fits_class() -> Q:
    """A row of a kind is of that kind's class."""
    fits = Q()
    for info_class, kinds in KINDS.items():
        fits |= Q(info_class=info_class, kind__in=kinds)
    return fits
