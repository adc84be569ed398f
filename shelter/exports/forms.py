"""What is typed about an export."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shelter.exports.models import Export


class RefusalForm(forms.ModelForm):
    reason = forms.CharField(label=_("Why not?"), max_length=200)

    class Meta:
        model = Export
        fields = ("reason",)
