"""What people type about persons and stays, read into what the services take. Rules are theirs and the database's."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from residents.models import BreakGlass, IntakeRequest, Person, Stay
from residents.nights import FIRST_DAY, LAST_DAY, as_day, tonight
from residents.reference import country_choices, language_choices
from residents.selectors.free_beds import bed_choices, free_beds, proposals
from residents.widgets import LongSelect
from shelter.accounts.models import User
from shelter.accounts.policy import Can
from shelter.ui.forms import EditsTogether, held
from sites.models import Bed, Site

Precision = Person.BirthPrecision
FIRST_YEAR = 1900


class DayField(forms.DateField):
    """A day by the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        bounds = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
        super().__init__(widget=widget, validators=bounds, **kwargs)


class BirthField(forms.CharField):
    """As much of a birth date as is known: ``1998``, ``about 1998``, ``3/1998``, ``21/3/1998``.

    The value is ``(date or None, precision)``; what is not known of the date is written as 01.
    """

    patterns: Mapping[str, Precision] = {
        r"(?P<year>\d{4})": Precision.YEAR,
        r"(?:env(?:iron|\.)?|vers|ca\.?|about|rond|ongeveer|±|~)\s*(?P<year>\d{4})": Precision.ESTIMATED,
        r"(?P<month>\d{1,2})[/.-](?P<year>\d{4})": Precision.MONTH,
        r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})": Precision.DAY,
    }

    def clean(self, value: str | None) -> tuple[date | None, Precision]:
        text = (super().clean(value) or "").strip().lower()
        if not text:
            return None, Precision.UNKNOWN
        for pattern, precision in self.patterns.items():
            if match := re.fullmatch(pattern, text):
                return self._date({part: int(digits) for part, digits in match.groupdict().items()}), precision
        raise ValidationError(_("Write a year (1998), a month (3/1998) or a day (21/3/1998)."))

    def _date(self, parts: Mapping[str, int]) -> date:
        try:
            born = date(parts["year"], parts.get("month", 1), parts.get("day", 1))
        except ValueError as error:
            raise ValidationError(_("This day does not exist in the calendar.")) from error
        if not born.year >= FIRST_YEAR or born > timezone.localdate():
            raise ValidationError(_("Check the year of birth."))
        return born


def birth_text(person: Person) -> str:
    """A birth date as ``BirthField`` reads it."""
    if person.birth_date is None:
        return ""
    born = person.birth_date
    return {
        Precision.DAY: f"{born.day}/{born.month}/{born.year}",
        Precision.MONTH: f"{born.month}/{born.year}",
        Precision.ESTIMATED: f"~{born.year}",
    }.get(Precision(person.birth_precision), str(born.year))


class PersonForm(EditsTogether, forms.Form):
    """The facts of a file. One name is enough."""

    first_name = forms.CharField(label=_("First name"), max_length=120, required=False)
    last_name = forms.CharField(label=_("Last name or single name"), max_length=120, required=False)
    known_as = forms.CharField(label=_("Name in use"), max_length=120, required=False)
    native_name = forms.CharField(label=_("Name in its own script"), max_length=120, required=False)
    birth = BirthField(label=_("Born"), required=False, help_text=_("A year is enough: 1998, about 1998, 3/1998."))
    gender = forms.ChoiceField(label=_("Gender"), choices=Person.Gender, initial=Person.Gender.UNKNOWN, required=False)
    nationalities = forms.MultipleChoiceField(label=_("Nationalities"), choices=country_choices, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=language_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "languages"}),
    )
    phone = forms.RegexField(
        r"^\+[1-9]\d{6,14}$",
        label=_("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
        error_messages={"invalid": _("Write the number with its country, for example +32470123456.")},
    )
    reason = forms.CharField(label=_("Reason for the correction"), max_length=200, required=False)

    texts = ("first_name", "last_name", "known_as", "native_name")

    def __init__(
        self, data: Any = None, *, may_edit_contact: bool, person: Person | None = None, **kwargs: Any
    ) -> None:
        if person is not None:
            person = held(person, data)
            kwargs["initial"] = {name: getattr(person, name) for name in self.base_fields if hasattr(person, name)} | {
                "birth": birth_text(person)
            }
        super().__init__(data, **kwargs)
        if not may_edit_contact:
            del self.fields["phone"]
        if person is None:
            del self.fields["reason"]
        for name in self.texts:
            self.fields[name].widget.attrs |= {"dir": "auto", "autocomplete": "off"}
        self.fields["nationalities"].widget.attrs["size"] = 6
        if person is not None:
            self.remember()

    def clean_gender(self) -> str:
        return self.cleaned_data["gender"] or Person.Gender.UNKNOWN

    def facts(self) -> dict[str, Any]:
        """Fields of ``Person``, as the services take them."""
        facts = {name: value for name, value in self.cleaned_data.items() if name not in {"birth", "reason"}}
        birth_date, precision = self.cleaned_data["birth"]
        return facts | {"birth_date": birth_date, "birth_precision": precision}


class BreakGlassForm(forms.Form):
    """Why a closed part of a file has to be read now."""

    reason = forms.CharField(
        label=_("What is happening?"),
        min_length=20,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("At least a sentence. Encrypted: only whoever reviews this access reads it."),
    )


class BreakGlassByNumberForm(BreakGlassForm):
    """For those who see no list of people: somebody of the team gives them the number of the file."""

    number = forms.RegexField(
        r"^\s*[Pp]?-?\d{1,9}\s*$",
        label=_("Number of the file"),
        help_text=_("For example P-00012. A colleague of the site knows it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("number", "reason")

    def clean_number(self) -> int:
        return int(re.sub(r"\D", "", self.cleaned_data["number"]))


class ReviewForm(forms.Form):
    """Whether an emergency access was right."""

    verdict = forms.ChoiceField(label=_("Your verdict"), choices=BreakGlass.Verdict.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Encrypted, like the reason."),
    )

    def clean_verdict(self) -> BreakGlass.Verdict:
        return BreakGlass.Verdict(self.cleaned_data["verdict"])


class SearchFirstForm(forms.Form):
    """Is this person known already?"""

    name = forms.CharField(label=_("Name as the person says it"), max_length=200)
    born_in = forms.IntegerField(
        label=_("Born in"),
        required=False,
        min_value=FIRST_YEAR,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "size": 4}),
    )
    nationality = forms.ChoiceField(
        label=_("Nationality"), required=False, widget=LongSelect, choices=lambda: [("", "—"), *country_choices()]
    )

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {"dir": "auto", "autocomplete": "off"}


class BedField(forms.ModelChoiceField):
    """A bed of the sites one may act at. Only free ones are offered, but a rival's choice is answered by the services:
    they say that it is taken, where a form could only say that it does not exist."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Bed.objects.none(), to_field_name="public_id", label=_("Bed"), **kwargs)

    def offer(
        self, user: User, can: Can, site: Site | None, from_on: date, until_on: date | None, person: Person | None
    ) -> None:
        """Offer what is free at ``site`` over ``[from_on, until_on)``, what suits ``person`` first."""
        self.queryset = Bed.objects.visible_to(user, can).select_related("room")
        free = list(free_beds(site, from_on, until_on)) if site else []
        nothing = _("Choose a bed") if self.required else _("No bed yet")
        self.choices = [("", nothing), *bed_choices(free, proposals(free, person, from_on))]
        self.how_many = len(free)


class DatedForm(forms.Form):
    """A form about one day. Who may not backdate writes today, and before six in the morning the evening before."""

    def check_day(self, user: User, site: Site, day: date | None) -> date | None:
        today = {tonight(), timezone.localdate()}
        if day and day not in today and not user.access.may(Can.CORRECT_STAY, site.pk):
            raise ValidationError(_("You can write today only. Ask the coordination for another date."))
        return day


class PlaceForm(DatedForm):
    """Where and from when somebody stays. ``site`` decides which beds are offered."""

    site = forms.ModelChoiceField(Site.objects.none(), to_field_name="slug", label=_("Site"), empty_label=None)
    arrived_on = DayField(label=_("First night"))
    bed = BedField(required=False)

    def __init__(self, *args: Any, user: User, person: Person | None = None, asked: Mapping[str, Any], **kwargs: Any):
        """``asked``: the address's or the form's own values for ``site``, ``arrived_on`` and ``bed``, if there are any."""
        super().__init__(*args, **kwargs)
        self.user = user
        sites = Site.objects.visible_to(user, Can.ADMIT).with_beds().open_on(tonight())
        self.fields["site"].queryset = sites
        wanted = Bed.objects.visible_to(user, Can.ADMIT).filter(public_id=as_uuid(asked.get("bed"))).first()
        here = (
            sites.filter(pk=wanted.room.site_id)
            if wanted
            else sites.filter(slug=str(asked.get("site", "")).replace("\0", ""))
        )
        self.site_shown = here.first() or sites.first()
        day = as_day(asked.get("arrived_on")) or tonight()
        self.initial |= {"site": self.site_shown, "arrived_on": day, "bed": wanted}
        self.fields["bed"].offer(user, Can.ADMIT, self.site_shown, day, None, person)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "site" in cleaned and "arrived_on" in cleaned:
            try:
                self.check_day(self.user, cleaned["site"], cleaned["arrived_on"])
            except ValidationError as error:
                self.add_error("arrived_on", error)
        return cleaned


class MoveForm(DatedForm):
    """To which bed, and from which night on."""

    from_on = DayField(label=_("From the night of"))
    bed = BedField()

    def __init__(self, *args: Any, user: User, stay: Stay, asked: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.stay = user, stay
        night = as_day(asked.get("from_on")) or max(tonight(), stay.arrived_on)
        self.initial |= {"from_on": night}
        self.fields["bed"].offer(user, Can.MOVE, stay.site, night, stay.left_on, stay.person)

    def clean_from_on(self) -> date | None:
        return self.check_day(self.user, self.stay.site, self.cleaned_data["from_on"])


class DepartureForm(DatedForm):
    """The first night not slept here, why, and where to. An unknown destination is an answer."""

    left_on = DayField(label=_("Day of departure"), help_text=_("The night of this day is no longer slept here."))
    exit_reason = forms.ChoiceField(label=_("Reason for leaving"), choices=Stay.ExitReason)
    destination = forms.ChoiceField(label=_("Destination"), choices=Stay.Destination)

    def __init__(self, *args: Any, user: User, stay: Stay, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.stay = user, stay
        self.initial |= {
            "left_on": stay.left_on or timezone.localdate(),
            "exit_reason": stay.exit_reason or Stay.ExitReason.UNKNOWN,
            "destination": stay.destination or Stay.Destination.UNKNOWN,
        }

    def clean_left_on(self) -> date | None:
        return self.check_day(self.user, self.stay.site, self.cleaned_data["left_on"])


class CorrectStayForm(EditsTogether, forms.Form):
    """When the stay really was."""

    arrived_on = DayField(label=_("First night"))
    left_on = DayField(label=_("Day of departure"), required=False, help_text=_("Empty: the person is still here."))
    reason = forms.CharField(
        label=_("Reason for the correction"), max_length=200, help_text=_("It stays in the history of the file.")
    )

    def __init__(self, data: Any = None, *, stay: Stay) -> None:
        super().__init__(data, initial={"arrived_on": stay.arrived_on, "left_on": stay.left_on})
        self.remember()


class RequestForm(forms.Form):
    """A request for a place."""

    site = forms.ModelChoiceField(Site.objects.none(), to_field_name="slug", label=_("Site"), empty_label=None)
    requested_on = DayField(label=_("Asked on"))
    priority = forms.TypedChoiceField(
        label=_("Priority"), coerce=int, choices=IntakeRequest.Priority, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = Site.objects.visible_to(user, Can.EDIT_WAITING).with_beds().open_on(tonight())
        self.initial |= {"requested_on": timezone.localdate(), "priority": IntakeRequest.Priority.NORMAL}

    def clean_requested_on(self) -> date:
        day = self.cleaned_data["requested_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        return day


class DecisionForm(forms.Form):
    """No place, and why."""

    state = forms.ChoiceField(
        label=_("Answer"),
        choices=[(state, state.label) for state in (IntakeRequest.State.REFUSED, IntakeRequest.State.WITHDRAWN)],
        widget=forms.RadioSelect,
        initial=IntakeRequest.State.REFUSED,
    )
    refusal_reason = forms.ChoiceField(
        label=_("Reason for refusal"),
        choices=[("", "—"), *IntakeRequest.RefusalReason.choices],
        required=False,
    )


class HouseholdForm(forms.Form):
    """With whom somebody lives."""

    other = forms.ModelChoiceField(Person.objects.none(), to_field_name="public_id", label=_("Lives with"))
    family_link = forms.ChoiceField(
        label=_("Who this person is in the household"),
        choices=[("", "—"), *Person.FamilyLink.choices],
        required=False,
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = people


class MergeForm(forms.Form):
    """Which of two files is kept, and why they are one person's."""

    keep = forms.ChoiceField(label=_("File to keep"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why they are the same person"),
        max_length=200,
        help_text=_("For example: same paper, or the person says so."),
    )

    def __init__(self, *args: Any, files: tuple[Person, Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep"].choices = [(str(one.public_id), f"{one} · {one.reference}") for one in files]
        self.initial |= {"keep": str(files[0].public_id)}


def as_uuid(value: object) -> str | None:
    text = str(value or "")
    return text if re.fullmatch(r"[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}", text) else None
