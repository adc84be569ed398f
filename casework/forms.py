"""What people type about a follow-up. Rules are the services' and the database's."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.kinds import Kind
from casework.models import Consent
from casework.papers import TYPES
from casework.services.documents import MAX_BYTES
from casework.services.refusals import TooLarge
from residents.forms import DayField
from residents.reference import language_choices
from residents.widgets import LongSelect
from shelter.accounts.models import Membership, User
from shelter.accounts.policy import Role

LONGEST_INSTRUCTION = 200


class LanguageField(forms.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        choices = lambda: [("", _("Not said")), *language_choices()]  # noqa: E731 -- asked anew in each language
        super().__init__(label=_("Language"), required=False, choices=choices, widget=LongSelect, **kwargs)


class KindMixin(forms.Form):
    """The kinds that the user may write for this person; the only one is not asked."""

    def __init__(self, *args: Any, kinds: Sequence[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        kind.choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        kind.initial = kinds[0].value
        if len(kinds) == 1:
            kind.widget = forms.HiddenInput()
        if Kind.LEGAL in kinds:
            del self.fields["is_evidence"]  # the procedure itself

    def clean_kind(self) -> Kind:
        return Kind(self.cleaned_data["kind"])


class NoteForm(KindMixin):
    kind = forms.ChoiceField(label=_("About"), widget=forms.RadioSelect)
    happened_on = DayField(label=_("Date"), initial=timezone.localdate)
    language = LanguageField()
    text = forms.CharField(
        label=_("What was said and done"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        help_text=_("Facts useful to the person. No names of others. The person may read it."),
    )
    is_evidence = forms.BooleanField(label=_("The jurist may read this: it serves in the procedure"), required=False)
    next_on = DayField(
        label=_("Next date"), required=False, help_text=_("The coordination sees this date, and nothing of the text.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if self.data.get("kind") == Kind.INSTRUCTION and len(text) > LONGEST_INSTRUCTION:
            raise ValidationError(_("A safety instruction is one short sentence: what to do, without the cause."))
        return text

    def facts(self) -> dict[str, Any]:
        """What the service takes for a new note."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def correction(self) -> dict[str, Any]:
        """What the service takes for a correction."""
        data = self.cleaned_data
        changes = {name: data[name] for name in ("happened_on", "language", "is_evidence") if name in data}
        return {
            "seen_version": data["version"],
            "changes": changes,
            "text": data["text"],
            "next_on": data["next_on"],
        }


class DocumentForm(KindMixin):
    kind = forms.ChoiceField(label=_("About"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=pgettext_lazy("computer", "File"),
        help_text=_("PDF, photo (JPEG, PNG) or text (DOCX, ODT), 20 MB at most."),
    )
    title = forms.CharField(label=_("What it is"), max_length=120)
    expires_on = DayField(label=_("Valid until"), required=False)
    is_evidence = forms.BooleanField(label=_("The jurist may read this: it serves in the procedure"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ",".join(TYPES)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(str(TooLarge()))
        return file

    def facts(self) -> dict[str, Any]:
        file: UploadedFile = self.cleaned_data["file"]
        others = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return {**others, "name": file.name or "", "content": file.read()}


class MembershipField(forms.ModelChoiceField):
    def label_from_instance(self, membership: Membership) -> str:
        return f"{membership.user} · {membership.get_role_display()}, {membership.site}"


class AssignForm(forms.Form):
    membership = MembershipField(Membership.objects.none(), to_field_name="public_id", label=_("Key worker"))
    supervisor = forms.ModelChoiceField(
        User.objects.none(),
        to_field_name="public_id",
        label=_("Supervisor"),
        required=False,
        help_text=_("For an intern only: the colleague under whom they follow the person."),
    )

    def __init__(self, *args: Any, memberships: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = memberships  # type: ignore[attr-defined]
        supervisors = User.objects.get_queryset().filter(memberships__in=memberships.exclude(role=Role.INTERN))
        self.fields["supervisor"].queryset = supervisors.distinct()  # type: ignore[attr-defined]
        if not any(membership.role == Role.INTERN for membership in memberships):
            del self.fields["supervisor"]


class ConsentForm(forms.Form):
    what = forms.ChoiceField(
        label=_("To what"),
        choices=Consent.What.choices,
        widget=forms.RadioSelect,
        initial=Consent.What.SHARE_WITH_JURIST,
    )
    how = forms.ChoiceField(
        label=_("How"), choices=Consent.How.choices, widget=forms.RadioSelect, initial=Consent.How.SPOKEN
    )
    language = LanguageField()

    def clean_what(self) -> Consent.What:
        return Consent.What(self.cleaned_data["what"])

    def clean_how(self) -> Consent.How:
        return Consent.How(self.cleaned_data["how"])
