"""How the list of people narrows."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from residents import names
from residents.models import Person, ReadingAlert
from residents.nights import tonight
from residents.querysets import BreakGlassQuerySet, PersonQuerySet, ReadingAlertQuerySet
from residents.reference import country_choices, language_choices
from residents.selectors.readings import AccessLog, Seen, seen_by
from residents.services.readings import CONFIDED
from residents.widgets import LongSelect
from shelter.accounts.models import User
from shelter.accounts.policy import EMERGENCIES, Can, InfoClass
from shelter.ui.lists import FilterForm
from sites.models import Site


class State(TextChoices):
    """Which people: as the tabs above the list."""

    HERE = "here", pgettext_lazy("people", "Here tonight")
    EXPECTED = "expected", pgettext_lazy("people", "Expected")
    WAITING = "waiting", pgettext_lazy("people", "Waiting")
    LEFT = "left", pgettext_lazy("people", "Left")
    ALL = "all", pgettext_lazy("people", "All")


class PeopleFilter(FilterForm):
    q = forms.CharField(
        label=_("Name, alias or file number"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "dir": "auto"}),
    )
    site = forms.ModelChoiceField(
        Site.objects.none(),
        to_field_name="slug",
        label=_("Site"),
        required=False,
        empty_label=_("All sites"),
        widget=LongSelect,
    )
    nationality = forms.ChoiceField(
        label=_("Nationality"), required=False, widget=LongSelect, choices=lambda: [("", _("All")), *country_choices()]
    )
    gender = forms.ChoiceField(
        label=_("Gender"), required=False, widget=LongSelect, choices=[("", _("All")), *Person.Gender.choices]
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, widget=LongSelect, choices=lambda: [("", _("All")), *language_choices()]
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["site"].queryset = Site.objects.visible_to(user, Can.SEE_PEOPLE)

    @property
    def is_searching(self) -> bool:
        """Whether somebody is looked for by name."""
        return bool(self.data.get("q", "").strip())

    @property
    def name_in_full(self) -> str:
        """What is looked for, if it has two words: one alone names nobody."""
        asked = self.data.get("q", "")
        return asked if len(names.words(asked)) > 1 else ""

    @property
    def state(self) -> State:
        """Those who are here, unless somebody is looked for: then everyone."""
        asked = self.data.get("state", "")
        if asked in State.values:
            return State(asked)
        return State.ALL if self.is_searching else State.HERE

    @property
    def narrows_by_facts(self) -> bool:
        """Whether one of the filters that the page folds away is in use."""
        return any(self.data.get(name) for name in ("nationality", "language", "gender"))

    def people(self) -> PersonQuerySet:
        """The people that the form asks for, among those the user may see."""
        people = self.apply(Person.objects.visible_to(self.user).current())
        site = self.cleaned_data.get("site")
        sites = frozenset({site.pk}) if site else self.user.access.sites(Can.SEE_PEOPLE)
        night = tonight()
        match self.state:
            case State.HERE:
                return people.housed_on(night, sites)
            case State.EXPECTED:
                return people.expected_after(night, sites)
            case State.WAITING:
                return people.waiting_at(sites)
            case State.LEFT:
                return people.left_by(night, sites)
            case State.ALL:
                return people

    def filter_q(self, people: PersonQuerySet, value: str) -> PersonQuerySet:
        return people.search(self.user, value)

    def filter_site(self, people: PersonQuerySet, value: Site) -> PersonQuerySet:
        return people.known_at({value.pk})

    def filter_nationality(self, people: PersonQuerySet, value: str) -> PersonQuerySet:
        return people.filter(nationalities__contains=[value])

    def filter_gender(self, people: PersonQuerySet, value: str) -> PersonQuerySet:
        return people.filter(gender=value)

    def filter_language(self, people: PersonQuerySet, value: str) -> PersonQuerySet:
        return people.filter(languages__contains=[value])


class Day(forms.DateInput):
    input_type = "date"


class AccessFilter(FilterForm):
    """Of a person's access log."""

    info_class = forms.ChoiceField(
        label=_("What was seen"),
        required=False,
        choices=[
            ("", _("All")),
            *((each.value, each.label) for each in (InfoClass.IDENTITY, *CONFIDED, InfoClass.INCIDENTS)),
        ],
    )
    since = forms.DateField(label=_("From"), required=False, widget=Day(format="%Y-%m-%d"))
    until = forms.DateField(label=_("Until"), required=False, widget=Day(format="%Y-%m-%d"))

    def log_of(self, person: Person) -> AccessLog:
        return AccessLog(person, **dict(self._chosen()))


class SeenFilter(FilterForm):
    """Of whose data an account has seen: in the last month, unless asked otherwise."""

    DAYS = 30

    since = forms.DateField(label=_("From"), required=False, widget=Day(format="%Y-%m-%d"))
    until = forms.DateField(label=_("Until"), required=False, widget=Day(format="%Y-%m-%d"))

    def seen_by(self, reader: User) -> list[Seen]:
        asked, today = dict(self._chosen()), timezone.localdate()
        return seen_by(reader, asked.get("since", today - timedelta(self.DAYS)), asked.get("until", today))


class ReadingFilter(FilterForm):
    """Of the readings that were noticed: those of the last month, unless asked otherwise."""

    DAYS = 30

    kind = forms.ChoiceField(
        label=_("What was noticed"), required=False, choices=[("", _("All")), *ReadingAlert.Kind.choices]
    )
    who = forms.CharField(label=_("Reader"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    since = forms.DateField(label=_("From"), required=False, widget=Day(format="%Y-%m-%d"))
    until = forms.DateField(label=_("Until"), required=False, widget=Day(format="%Y-%m-%d"))

    def noticed(self, rows: ReadingAlertQuerySet) -> ReadingAlertQuerySet:
        rows = self.apply(rows)
        return rows if self.data.get("since") else rows.since(tonight() - timedelta(self.DAYS))

    def filter_kind(self, rows: ReadingAlertQuerySet, value: str) -> ReadingAlertQuerySet:
        return rows.filter(kind=value)

    def filter_who(self, rows: ReadingAlertQuerySet, value: str) -> ReadingAlertQuerySet:
        return rows.filter(user__name__icontains=value)

    def filter_since(self, rows: ReadingAlertQuerySet, value: date) -> ReadingAlertQuerySet:
        return rows.since(value)

    def filter_until(self, rows: ReadingAlertQuerySet, value: date) -> ReadingAlertQuerySet:
        return rows.filter(day__lte=value)


class Reviewed(TextChoices):
    """Which emergency accesses: as the chips above the list."""

    MINE = "mine", pgettext_lazy("emergency", "For me to review")
    WAITING = "waiting", pgettext_lazy("emergency", "Not reviewed")
    ALL = "all", pgettext_lazy("emergency", "All")


class EmergencyFilter(FilterForm):
    of_class = forms.ChoiceField(
        label=_("What was opened"),
        required=False,
        choices=[("", _("All")), *((each.value, each.label) for each in EMERGENCIES)],
    )
    who = forms.CharField(label=_("Opened by"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    since = forms.DateField(label=_("From"), required=False, widget=Day(format="%Y-%m-%d"))
    until = forms.DateField(label=_("Until"), required=False, widget=Day(format="%Y-%m-%d"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    @property
    def states(self) -> list[Reviewed]:
        """Those who review begin with what waits for them."""
        reviews = any(self.user.access.may(emergency.review) for emergency in EMERGENCIES.values())
        return list(Reviewed) if reviews else [Reviewed.WAITING, Reviewed.ALL]

    @property
    def state(self) -> Reviewed:
        asked = self.data.get("state", "")
        return Reviewed(asked) if asked in self.states else self.states[0]

    def opened(self, rows: BreakGlassQuerySet) -> BreakGlassQuerySet:
        rows = self.apply(rows)
        match self.state:
            case Reviewed.MINE:
                return rows.for_review_by(self.user)
            case Reviewed.WAITING:
                return rows.filter(reviewed_at=None)
            case Reviewed.ALL:
                return rows

    def filter_of_class(self, rows: BreakGlassQuerySet, value: str) -> BreakGlassQuerySet:
        return rows.filter(of_class=value)

    def filter_who(self, rows: BreakGlassQuerySet, value: str) -> BreakGlassQuerySet:
        return rows.filter(user__name__icontains=value)

    def filter_since(self, rows: BreakGlassQuerySet, value: date) -> BreakGlassQuerySet:
        return rows.filter(opened_at__date__gte=value)

    def filter_until(self, rows: BreakGlassQuerySet, value: date) -> BreakGlassQuerySet:
        return rows.filter(opened_at__date__lte=value)
