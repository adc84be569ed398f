"""allauth's sign-in forms in the house's words (``ACCOUNT_FORMS``): labels above the fields, nothing repeated inside them."""

from allauth.account import forms
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Passphrase"),
    "oldpassword": _("Present passphrase"),
    "password1": _("New passphrase"),
    "password2": _("New passphrase again"),
}


class HouseWords:
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]  # of the form it is mixed into
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class SignInForm(HouseWords, forms.LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = _("You may paste it from a password manager.")


class ResetForm(HouseWords, forms.ResetPasswordForm):
    pass


class NewPassphraseForm(HouseWords, forms.ResetPasswordKeyForm):
    pass


class ChangeForm(HouseWords, forms.ChangePasswordForm):
    pass
