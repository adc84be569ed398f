"""What is typed about an export, and how their list narrows."""

from datetime import date, datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shelter.exports.lists import offered
from shelter.exports.models import Export
from shelter.exports.querysets import ExportQuerySet
from shelter.ui.lists import FilterForm


class RefusalForm(forms.ModelForm):
    reason = forms.CharField(label=_("Why not?"), max_length=200)

    class Meta:
        model = Export
        fields = ("reason",)


class ExportFilter(FilterForm):
    """Of one's own exports."""

    kind = forms.ChoiceField(
        label=_("List"),
        required=False,
        choices=lambda: [("", _("All")), *((each.kind, each.title) for each in offered())],
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Export.State.choices])
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def filter_kind(self, exports: ExportQuerySet, kind: str) -> ExportQuerySet:
        return exports.filter(kind=kind)

    def filter_state(self, exports: ExportQuerySet, state: str) -> ExportQuerySet:
        return exports.in_state(state)

    def filter_since(self, exports: ExportQuerySet, day: date) -> ExportQuerySet:
        return exports.filter(created_at__gte=timezone.make_aware(datetime.combine(day, time())))
