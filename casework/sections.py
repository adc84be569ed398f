"""The parts of a case file, one for each secrecy class, with what opens them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from residents.models import Person
from shelter.accounts.policy import Can, InfoClass


@dataclass(frozen=True)
class Section:
    """``slug`` names its addresses: ``casework:legal``, ``casework:legal_note``…"""

    info_class: InfoClass
    slug: str
    title: Promise
    icon: str
    read: Can
    write: Can
    ask: Can | None = None  # in an emergency

    @property
    def pages(self) -> dict[str, str]:
        """The names of its further addresses, by what they do."""
        verbs = ("write", "correct", "versions", "add", "download", "remove")
        return {verb: f"casework:{verb}_{self.slug}" for verb in verbs}

    @property
    def asking(self) -> str:
        """The name of the page that asks for it in an emergency."""
        return f"casework:break_glass_{self.slug}"

    def address(self, person: Person) -> str:
        return reverse(f"casework:{self.slug}", args=[person.public_id])


SOCIAL = Section(
    InfoClass.INTERVIEWS,
    slug="social",
    title=_("Social follow-up"),
    icon="chat-dots",
    read=Can.READ_INTERVIEWS,
    write=Can.WRITE_INTERVIEWS,
    ask=Can.BREAK_GLASS_INTERVIEWS,
)
LEGAL = Section(
    InfoClass.LEGAL,
    slug="legal",
    title=_("Legal procedure"),
    icon="briefcase",
    read=Can.READ_LEGAL,
    write=Can.WRITE_LEGAL,
    ask=Can.BREAK_GLASS_LEGAL,
)
HEALTH = Section(
    InfoClass.HEALTH,
    slug="health",
    title=_("Health"),
    icon="heart-pulse",
    read=Can.READ_HEALTH,
    write=Can.WRITE_HEALTH,
)
SECTIONS = (SOCIAL, LEGAL, HEALTH)
