"""The pages of allauth that the house uses. Addresses are not changed and not confirmed: an invitation is bound to one."""

from allauth.account import views
from allauth.mfa.base.views import authenticate
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

from shelter.accounts import microsoft
from shelter.accounts.step_up import step_up, step_up_or_enrol
from shelter.accounts.views import factors
from shelter.accounts.views.sessions import sign_out

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", sign_out, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),  # says that it is closed; allauth's own pages link to it
    path("password/change/", step_up(views.password_change), name="account_change_password"),
    path("password/set/", step_up(views.password_set), name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("microsoft/", microsoft.sign_in, name="microsoft_sign_in"),
    path("microsoft/connect/", microsoft.connect, name="microsoft_connect"),
    path("microsoft/callback/", microsoft.callback, name="microsoft_callback"),
    path("factors/", factors.IndexView.as_view(), name="mfa_index"),
    path("factors/code/", authenticate, name="mfa_authenticate"),
    path("factors/passkey/", login_not_required(factors.SignInByPasskey.as_view()), name="mfa_login_webauthn"),
    path("factors/confirm/code/", factors.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path("factors/confirm/passkey/", factors.ConfirmByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("factors/app/add/", step_up_or_enrol(factors.AddApp.as_view()), name="mfa_activate_totp"),
    path("factors/app/remove/", step_up(factors.remove_app), name="mfa_deactivate_totp"),
    path("factors/passkeys/add/", step_up_or_enrol(factors.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("factors/passkeys/<int:pk>/remove/", step_up(factors.RemovePasskey.as_view()), name="mfa_remove_webauthn"),
    path("factors/recovery-codes/", step_up(factors.recovery_codes), name="mfa_view_recovery_codes"),
    path("factors/recovery-codes/new/", step_up(factors.new_recovery_codes), name="mfa_generate_recovery_codes"),
]
