"""allauth's pages of second factors, with what they lack: a new session identifier after each proof (B10)."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.views import IndexView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import generate_recovery_codes as new_recovery_codes
from allauth.mfa.recovery_codes.views import view_recovery_codes as recovery_codes
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.totp.views import deactivate_totp as remove_app
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse_lazy

from shelter.accounts.second_factor import use_up
from shelter.accounts.sessions import SHARED
from shelter.http import Request

__all__ = [
    "AddApp",
    "AddPasskey",
    "ConfirmByCode",
    "ConfirmByPasskey",
    "IndexView",
    "RemovePasskey",
    "SignInByPasskey",
    "new_recovery_codes",
    "recovery_codes",
    "remove_app",
]


class NewSessionId:
    """The identifier of before does not get the new trust."""

    request: Request

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # of the view it is mixed into
        self.request.session.cycle_key()
        return response


class SignInByPasskey(LoginWebAuthnView):
    def form_valid(self, form: BaseForm) -> HttpResponse:
        self.request.session[SHARED] = bool(self.request.POST.get("shared_post"))
        response: HttpResponse = super().form_valid(form)
        return response


class ConfirmByCode(NewSessionId, ReauthenticateView):
    pass


class ConfirmByPasskey(NewSessionId, ReauthenticateWebAuthnView):
    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """The same page again: allauth would forget where the person was going."""
        super().form_invalid(form)
        return HttpResponseRedirect(self.passthrough_next_url(self.request.path))


class ProvesAFactor(NewSessionId):
    """Setting a factor up proves that one holds it: the session counts as signed in with it."""

    kind: Authenticator.Type

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        mine = Authenticator.objects.filter(user=self.request.user)  # nosemgrep: unscoped-manager -- one's own
        factor = mine.filter(type=self.kind).latest("pk")
        self.proven(factor, form)
        record_authentication(self.request, self.request.user, "mfa", id=factor.pk, type=factor.type)
        return response

    def proven(self, factor: Authenticator, form: BaseForm) -> None:
        pass


class AddApp(ProvesAFactor, ActivateTOTPView):
    kind = Authenticator.Type.TOTP

    def proven(self, factor: Authenticator, form: Any) -> None:
        use_up(factor, form.cleaned_data["code"])


class AddPasskey(ProvesAFactor, AddWebAuthnView):
    kind = Authenticator.Type.WEBAUTHN


class RemovePasskey(RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")
