"""What people type about sites, rooms and beds."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shelter.accounts.models import User
from shelter.ui.forms import EditsTogether, held
from shelter.ui.lists import FilterForm
from sites.models import Bed, BedClosure, Organisation, Room, Site
from sites.nights import FIRST_DAY, LAST_DAY, tonight
from sites.querysets import SiteQuerySet
from sites.series import LONGEST, SeriesTooLong, expand


class DateInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class NightField(forms.DateField):
    """A night within the house's calendar."""

    def __init__(self, **options: Any) -> None:
        bounds = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
        super().__init__(widget=DateInput(), validators=bounds, **options)


class SeriesField(forms.CharField):
    """Names as a series: ``101-118``, ``A-D`` or ``North, South``. Cleans to a list of names."""

    default_error_messages = {
        "too_long": _("At most %(limit)s at once."),
        "too_long_name": _("“%(name)s” is longer than %(limit)s characters."),
    }

    def __init__(self, *, name_length: int, **options: Any) -> None:
        self.name_length = name_length
        super().__init__(**options)

    def clean(self, value: str) -> list[str]:
        try:
            names = expand(super().clean(value))
        except SeriesTooLong as error:
            raise forms.ValidationError(
                self.error_messages["too_long"], code="too_long", params={"limit": LONGEST}
            ) from error
        for name in names:
            if len(name) > self.name_length:
                raise forms.ValidationError(
                    self.error_messages["too_long_name"],
                    code="too_long_name",
                    params={"name": name, "limit": self.name_length},
                )
        return names


class SiteFilter(FilterForm):
    q = forms.CharField(label=_("Name"), required=False, widget=forms.TextInput({"type": "search"}))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Organisation"),
        required=False,
        to_field_name="slug",
        empty_label=pgettext_lazy("organisation", "all"),
    )
    scheme = forms.ChoiceField(
        label=_("Scheme"), choices=[("", pgettext_lazy("scheme", "all")), *Site.Scheme.choices], required=False
    )
    state = forms.ChoiceField(
        label=_("Open"),
        choices=[("", _("open or closed")), ("open", _("open")), ("closed", _("closed"))],
        required=False,
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.fields["organisation"].queryset = Organisation.objects.visible_to(user)  # type: ignore[attr-defined]

    def filter_q(self, sites: SiteQuerySet, words: str) -> SiteQuerySet:
        return sites.called(words)

    def filter_organisation(self, sites: SiteQuerySet, organisation: Organisation) -> SiteQuerySet:
        return sites.filter(organisation=organisation)

    def filter_scheme(self, sites: SiteQuerySet, scheme: str) -> SiteQuerySet:
        return sites.filter(scheme=scheme)

    def filter_state(self, sites: SiteQuerySet, state: str) -> SiteQuerySet:
        return sites.open_on(tonight()) if state == "open" else sites.exclude(pk__in=sites.open_on(tonight()))


class ThingForm(EditsTogether, forms.ModelForm):
    """A form over a new thing, or over one that exists and that others may be changing."""

    def __init__(self, data: Any = None, *, instance: Any = None) -> None:
        super().__init__(data, instance=instance and held(instance, data))
        self.prepare()
        if instance:
            self.remember()

    def prepare(self) -> None:
        """What a subclass adds to its fields and their initial values."""


class OrganisationForm(ThingForm):
    class Meta:
        model = Organisation
        fields = ("name", "resident_word")


class SiteForm(ThingForm):
    """A site's facts. Only name and scheme are asked for: what is not known stays empty."""

    aliases = forms.CharField(
        label=_("Other names"),
        help_text=_("As old sheets write it, separated by commas: Evenepoel, Hotel Leopold."),
        required=False,
    )

    class Meta:
        model = Site
        fields = (
            "name",
            "scheme",
            "audience",
            "audience_note",
            "address",
            "address_is_confidential",
            "declared_capacity",
            "opened_on",
            "closed_on",
            "gap_nights",
            "max_stay_nights",
        )
        widgets = {"opened_on": DateInput, "closed_on": DateInput}
        help_texts = {
            "declared_capacity": _("Places in the agreement. Tonight’s capacity is counted from the beds."),
            "closed_on": _("The first night without anyone."),
            "gap_nights": _("Three as a rule: who is away longer than this has left."),
            "address_is_confidential": _("It then never appears in an export or a mail."),
        }

    def prepare(self) -> None:
        if self.instance.pk:
            self.initial["aliases"] = ", ".join(self.instance.aliases.values_list("name", flat=True))
        self.order_fields(("organisation", "name", "aliases"))

    def clean_aliases(self) -> list[str]:
        return [name.strip() for name in self.cleaned_data["aliases"].split(",")]


class NewSiteForm(SiteForm):
    class Meta(SiteForm.Meta):
        fields = ("organisation", *SiteForm.Meta.fields)


class NewRoomsForm(forms.Form):
    """One room or a series, all with the same beds."""

    names = SeriesField(
        name_length=40, label=_("Rooms"), help_text=_("One name, several between commas, or a series: 101-118.")
    )
    floor = forms.CharField(
        label=_("Floor"), max_length=10, required=False, help_text=_("0 is the ground floor, -1 the basement.")
    )
    labels = SeriesField(
        name_length=20, label=_("Beds in each room"), help_text=_("A-D gives four beds: A, B, C, D."), initial="A-D"
    )
    kind = forms.ChoiceField(label=_("Kind of bed"), choices=Bed.Kind.choices, initial=Bed.Kind.BED)


class RoomForm(ThingForm):
    class Meta:
        model = Room
        fields = ("name", "floor", "note", "is_accessible")


class NewBedsForm(forms.Form):
    labels = SeriesField(name_length=20, label=_("Beds"), help_text=_("One name, or a series: E-F."))
    kind = forms.ChoiceField(label=_("Kind of bed"), choices=Bed.Kind.choices, initial=Bed.Kind.BED)
    in_service_from = NightField(
        label=_("In service from the night of"),
        required=False,
        help_text=_("Empty: from the start."),
    )


class BedForm(ThingForm):
    class Meta:
        model = Bed
        fields = ("label", "kind")


class RetireForm(forms.Form):
    """From which night on a bed, or a room's beds, are no longer there."""

    retired_on = NightField(label=_("From the night of"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"retired_on": tonight()}, prefix="retire")


class ClosureForm(forms.Form):
    """Beds that nobody can have for some nights, chosen one by one or room by room."""

    from_on = NightField(label=pgettext_lazy("closure", "From the night of"))
    until_on = NightField(
        label=_("Back in service on"),
        required=False,
        help_text=_("The first night the bed can be given again. Empty: until further notice."),
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=BedClosure.Reason.choices)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    rooms = forms.ModelMultipleChoiceField(
        Room.objects.none(), label=_("Rooms"), required=False, to_field_name="public_id"
    )
    beds = forms.ModelMultipleChoiceField(
        Bed.objects.none(), label=_("Beds"), required=False, to_field_name="public_id"
    )

    def __init__(self, data: Any = None, *, site: Site, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial={"from_on": tonight()} | (initial or {}))
        self.floors = Room.objects.filter(site=site).with_beds_on(tonight()).by_floor()
        self.fields["rooms"].queryset = Room.objects.filter(site=site)  # type: ignore[attr-defined]
        self.fields["beds"].queryset = Bed.objects.filter(room__site=site)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> set[str]:
        """The public ids of the rooms and beds marked so far, for the template that draws them by floor."""
        return {str(value) for name in ("rooms", "beds") for value in self[name].value() or ()}

    def clean(self) -> dict[str, Any]:
        """``beds``: those chosen and those of the rooms chosen."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        chosen, rooms = answers.get("beds"), answers.pop("rooms", None)
        if chosen is not None and rooms is not None:
            beds = self.fields["beds"].queryset.in_service_on(tonight())  # type: ignore[attr-defined]
            answers["beds"] = beds.filter(Q(room__in=rooms) | Q(pk__in=chosen))
            if not answers["beds"]:
                self.add_error("beds", _("Choose a bed or a room."))
        start, end = answers.get("from_on"), answers.get("until_on")
        if start and end and end <= start:
            self.add_error("until_on", _("A closure lasts at least one night."))
        return answers


class ReopenForm(forms.Form):
    reopen_on = NightField(label=_("Back in service from the night of"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"reopen_on": tonight()})
