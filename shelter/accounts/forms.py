"""What people type about the team, an invitation or themselves."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shelter.accounts.models import Invitation, Membership, User
from shelter.accounts.policy import MAY_GRANT, SHIFT_ROLES, Can, Role
from shelter.accounts.querysets import MembershipQuerySet
from shelter.ui.lists import FilterForm


class DateInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class TeamFilter(FilterForm):
    """Without a word on time: those who work here now or will."""

    q = forms.CharField(label=_("Name or e-mail"), required=False, widget=forms.TextInput({"type": "search"}))
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", pgettext_lazy("role", "all")), *Role.choices], required=False
    )
    site = Membership._meta.get_field("site").formfield(
        label=_("Site"), required=False, to_field_name="slug", empty_label=pgettext_lazy("site", "all")
    )
    state = forms.ChoiceField(
        label=_("Time"), choices=[("", _("now or later")), ("over", _("over")), ("all", _("always"))], required=False
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.fields["site"].queryset = self.fields["site"].queryset.visible_to(user, Can.SEE_TEAM)  # type: ignore[attr-defined]

    def apply(self, rows: MembershipQuerySet) -> MembershipQuerySet:  # type: ignore[override]
        chosen: MembershipQuerySet = super().apply(rows)  # type: ignore[assignment]  # as narrow as it came
        return chosen if self.cleaned_data.get("state") else chosen.not_over()

    def filter_q(self, memberships: MembershipQuerySet, words: str) -> MembershipQuerySet:
        return memberships.of_someone_called(words)

    def filter_role(self, memberships: MembershipQuerySet, role: str) -> MembershipQuerySet:
        return memberships.filter(role=role)

    def filter_site(self, memberships: MembershipQuerySet, site: Any) -> MembershipQuerySet:
        return memberships.filter(site=site)

    def filter_state(self, memberships: MembershipQuerySet, state: str) -> MembershipQuerySet:
        return memberships.over() if state == "over" else memberships


class PolicyFilter(forms.Form):
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", pgettext_lazy("role", "all")), *Role.choices], required=False
    )

    @property
    def chosen_role(self) -> str:
        """A role, or nothing for all of them."""
        return self.cleaned_data.get("role", "") if self.is_valid() else ""


class RoleForm(forms.ModelForm):
    """Offers the sites where ``by`` keeps the team, and the roles they may give at one of them."""

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        site, role = self.fields["site"], self.fields["role"]
        site.required = True
        site.queryset = site.queryset.visible_to(by, Can.MANAGE_TEAM)  # type: ignore[attr-defined]
        mine = frozenset().union(*by.access.roles.values())
        grantable = frozenset().union(*(MAY_GRANT.get(held, frozenset()) for held in mine))
        role.choices = [choice for choice in Role.choices if choice[0] in grantable]  # type: ignore[attr-defined]
        role.help_text = _("A second person confirms roles that open interviews, legal or health files.")
        if len(site.queryset) == 1:  # type: ignore[attr-defined]
            self.initial.setdefault("site", site.queryset[0])  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Some roles hold in the hours of a shift only (A13)."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        for end in ("shift_from", "shift_until"):
            if answers.get("role") in SHIFT_ROLES and end not in self.errors and answers.get(end) is None:
                self.add_error(end, _("This role holds during a shift: say from when until when."))
        return answers


SHIFT_WIDGETS = {"shift_from": TimeInput, "shift_until": TimeInput}
SHIFT_HELP = {"shift_until": _("May be the next morning. The role holds one hour longer, for the handover.")}


class GrantForm(RoleForm):
    class Meta:
        model = Membership
        fields = ("role", "site", "starts_on", "ends_on", "shift_from", "shift_until")
        widgets = SHIFT_WIDGETS | {"starts_on": DateInput, "ends_on": DateInput}
        help_texts = SHIFT_HELP | {"ends_on": _("The first day without this role. Empty: until further notice.")}


class InvitationForm(RoleForm):
    class Meta:
        model = Invitation
        fields = ("email", "name", "role", "site", "shift_from", "shift_until")
        widgets, help_texts = SHIFT_WIDGETS, SHIFT_HELP


class AcceptForm(forms.Form):
    """A new account: how one is called, the language of the screens, and a passphrase of one's own."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    password = forms.CharField(
        label=_("New passphrase"),
        help_text=_("Twelve characters at least. A few words of your own are easier to remember than one hard word."),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New passphrase again"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, data: Any = None, *, invitation: Invitation, language: str) -> None:
        super().__init__(data, initial={"name": invitation.name, "language": language})
        self.invitation = invitation

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        password, again = answers.get("password"), answers.pop("again", None)
        if password:
            try:
                validate_password(password, User(email=self.invitation.email, name=answers.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        if password and again and password != again:
            self.add_error("again", _("The two passphrases are not the same."))
        return answers


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name", "language")
