"""Forms of allauth in the words of the house (``ACCOUNT_FORMS``, ``MFA_FORMS``): labels above the fields, none inside."""

from contextlib import suppress

from allauth.account import forms
from allauth.account.utils import url_str_to_user_pk
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm
from django.forms import BooleanField, HiddenInput
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode

from shelter.accounts.door import knock, stand_at_the_door
from shelter.accounts.second_factor import CodeOnce, HouseMFAAdapter
from shelter.accounts.sessions import SHARED
from shelter.vault import Unreadable

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Passphrase"),
    "oldpassword": _("Present passphrase"),
    "password1": _("New passphrase"),
    "password2": _("New passphrase again"),
    "code": _("Code"),
    "name": _("Name of this passkey"),
}
HELP = {
    "password": _("You may paste it from a password manager."),
    "password1": _("Twelve characters at least. A few words of your own are easier to remember than one hard word."),
    "code": _("Six digits from your app, or one of your recovery codes."),
    "name": _("So that you recognise it later: my phone, key of the office…"),
}


class HouseWords:
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]  # of the form it is mixed into
            field.label, field.help_text = LABELS.get(name, field.label), HELP.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignInForm(HouseWords, forms.LoginForm):
    shared_post = BooleanField(label=_("Several people use this computer: sign out after 10 minutes"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        request.session[SHARED] = self.cleaned_data["shared_post"]
        response: HttpResponse = super().login(request, redirect_url)
        return response


class ResetForm(HouseWords, forms.ResetPasswordForm):
    def clean_email(self) -> str:
        knock(self.cleaned_data["email"])
        address: str = super().clean_email()
        return address


class NewPassphraseForm(HouseWords, forms.ResetPasswordKeyForm):
    pass


class ChangeForm(HouseWords, forms.ChangePasswordForm):
    pass


class CodeForm(HouseWords, CodeOnce, AuthenticateForm):
    pass


class ConfirmForm(HouseWords, CodeOnce, ReauthenticateForm):
    pass


class AppForm(HouseWords, ActivateTOTPForm):
    """allauth keeps the secret in the session until its first code came. Here it is sealed there, for cache and database."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        session, adapter = context.request.session, HouseMFAAdapter()
        if sealed := session.pop(SECRET_SESSION_KEY, ""):
            with suppress(Unreadable):  # begun before its key went: a new secret is made
                session[SECRET_SESSION_KEY] = adapter.decrypt(sealed)
        super().__init__(*args, **kwargs)
        session[SECRET_SESSION_KEY] = adapter.encrypt(self.secret)
        self.fields["code"].help_text = _("The six digits that your app shows now.")


class SignInByPasskeyForm(LoginWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        """The passkey names its holder; whether it is theirs is proved next."""
        with suppress(ValueError, TypeError, AttributeError):  # allauth says that such an answer is none
            handle = self.cleaned_data["credential"]["response"]["userHandle"]
            stand_at_the_door(url_str_to_user_pk(websafe_decode(handle).decode()))
        return super().clean_credential()


class PasskeyForm(HouseWords, AddWebAuthnForm):
    """A passkey always checks who holds it, so that it opens without a passphrase."""

    passwordless = BooleanField(widget=HiddenInput, initial=True)
