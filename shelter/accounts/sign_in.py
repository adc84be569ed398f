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
HELP = {
    "password": _("You may paste it from a password manager."),
    "password1": _("Twelve characters at least. A few words of your own are easier to remember than one hard word."),
}


class HouseWords:
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]  # of the form it is mixed into
            field.label, field.help_text = LABELS.get(name, field.label), HELP.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignInForm(HouseWords, forms.LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ResetForm(HouseWords, forms.ResetPasswordForm):
    pass


class NewPassphraseForm(HouseWords, forms.ResetPasswordKeyForm):
    pass


class ChangeForm(HouseWords, forms.ChangePasswordForm):
    pass
