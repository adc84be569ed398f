"""Sign-in by Microsoft 365: OpenID Connect with one tenant (B7). allauth keeps state and PKCE; the token is checked here.

Identity is tenant and object id, never an e-mail address. Somebody who has an account connects it while signed in; whoever
holds an invitation makes their account by it; a person whom the house does not know is refused. The house's own second
factor is asked all the same (B3).
"""

import secrets
from typing import Any, NoReturn

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from shelter.accounts import services
from shelter.accounts.access import open_to
from shelter.accounts.door import stand_at_the_door
from shelter.accounts.models import User
from shelter.accounts.sessions import SHARED
from shelter.accounts.step_up import step_up
from shelter.audit import Action, record
from shelter.http import Request, go_to, render_page

PROVIDER = "microsoft"
INVITATION = "invitation"  # in the session: the digest of the token of the link that was opened
ALGORITHM = "RS256"  # what Microsoft signs with; another is refused, whatever the token says


class AccountExists(Exception):
    """The invited address has an account, and an address never links."""


class MicrosoftAdapter(OpenIDConnectOAuth2Adapter):
    """Reads who signs in from the signed token alone, and from no other answer."""

    nonce = ""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("microsoft_callback"))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        if self.openid_config["issuer"] != app.settings["issuer"]:
            raise OAuth2Error("another issuer")
        claims = self._verified(kwargs["response"].get("id_token", ""), app)
        if not self.nonce or not secrets.compare_digest(str(claims.get("nonce", "")), self.nonce):
            raise OAuth2Error("another sign-in's token")
        if claims.get("tid") != app.settings["tenant"] or not claims.get("oid"):
            raise OAuth2Error("another tenant")
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        known = SocialAccount.objects.filter(provider=PROVIDER, uid=login.account.uid).first()
        if known:
            stand_at_the_door(known.user_id)
        return login

    def _verified(self, token: str, app: SocialApp) -> dict[str, Any]:
        """The claims of a token that the issuer signed for us and that has not expired. Raises ``OAuth2Error``."""
        with get_adapter().get_requests_session() as session:
            known = session.get(self.openid_config["jwks_uri"]).json()
        try:
            named = jwt.get_unverified_header(token).get("kid")
            keys = [key for key in jwt.PyJWKSet.from_dict(known).keys if named in {None, key.key_id}]
            if len(keys) != 1:
                raise OAuth2Error("no such key")
            said = {"audience": app.client_id, "issuer": app.settings["issuer"], "algorithms": [ALGORITHM]}
            claims: dict[str, Any] = jwt.decode(token, keys[0], options={"require": ["exp", "iss", "aud"]}, **said)
        except jwt.PyJWTError as error:
            raise OAuth2Error("a token that is not ours") from error
        return claims


class MicrosoftProvider(OpenIDConnectProvider):
    id = PROVIDER
    oauth2_adapter_class = MicrosoftAdapter
    pkce_enabled_default = True

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """The nonce travels to the tenant, and waits in the session beside the state; so does what is being accepted."""
        asked: dict[str, Any] = super().get_redirect_from_request_kwargs(request)
        nonce = secrets.token_urlsafe(32)
        accepts = request.path == reverse("accounts:accept_with_microsoft")
        return asked | {
            "scope": ["openid", "profile"],
            "auth_params": {"nonce": nonce},
            "nonce": nonce,
            "invitation": request.session[INVITATION] if accepts else "",
        }

    def extract_uid(self, data: dict[str, Any]) -> str:
        return f"{data['id_token']['tid']}:{data['id_token']['oid']}"

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing of what Microsoft knows about the person is kept."""
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []


class HouseSocialAdapter(DefaultSocialAccountAdapter):
    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> MicrosoftProvider:
        """The one tenant of the environment; without it there is no such page."""
        said = settings.MICROSOFT
        if not said:
            raise Http404
        app = SocialApp(provider=PROVIDER, provider_id=PROVIDER, name="Microsoft 365", client_id=said["client_id"])
        app.secret = said["secret"]
        discovery = said.get("discovery") or f"{said['issuer']}/.well-known/openid-configuration"
        app.settings = {"issuer": said["issuer"], "tenant": said["tenant"], "server_url": discovery}
        return MicrosoftProvider(request, app=app)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if digest := sociallogin.state.get("invitation"):
            raise ImmediateHttpResponse(_accept(request, digest, sociallogin))
        if sociallogin.state.get("process") != "connect" and not sociallogin.is_existing:
            _refuse(request, why="unknown")

    def on_authentication_error(self, request: HttpRequest, provider: MicrosoftProvider, **_details: Any) -> None:
        _refuse(request, why="failed")

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: object) -> str:
        return reverse("accounts:profile")


def _accept(request: HttpRequest, digest: str, login_there: SocialLogin) -> HttpResponse:
    """The account that the invitation makes, once, for who signed in at Microsoft; the second factor is enrolled next."""
    if login_there.is_existing:
        _refuse(request, why="taken")
    try:
        with services.holding(digest) as invitation:
            if invitation is None:
                raise services.InvitationClosed
            if User.objects.filter(email__iexact=invitation.email).exists():
                raise AccountExists
            language = get_language() or settings.LANGUAGE_CODE
            user = services.accept(invitation, name=invitation.name, language=language, password=None)
            SocialAccount.objects.create(user=user, provider=PROVIDER, uid=login_there.account.uid)
    except AccountExists:
        _refuse(request, why="has_account")
    except services.InvitationClosed:
        return render_page(request, "accounts/invitation_closed.html", {}, status=410)
    stand_at_the_door(user.pk)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.pop(INVITATION, None)
    return go_to(request, "accounts:profile")


def _refuse(request: HttpRequest, *, why: str) -> NoReturn:
    record(Action.SIGN_IN_REFUSED)
    raise ImmediateHttpResponse(render_page(request, "accounts/microsoft_refused.html", {"why": why}, status=403))


class Callback(OAuth2CallbackView):
    def _get_state(self, request: HttpRequest, provider: MicrosoftProvider) -> tuple[dict[str, Any] | None, Any]:
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, response


@require_POST
@open_to("everyone")
def sign_in(request: HttpRequest) -> HttpResponse:
    """To Microsoft, and back to ``callback``."""
    request.session[SHARED] = bool(request.POST.get("shared_post"))
    return to_microsoft(request)


@require_POST
@open_to("signed in")
@step_up
def connect(request: Request) -> HttpResponse:
    """The same way, to connect the Microsoft account to one's own here."""
    return to_microsoft(request)


@require_safe
@open_to("everyone")
def callback(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = Callback.adapter_view(MicrosoftAdapter(request, PROVIDER))(request)
    return response


def to_microsoft(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = OAuth2LoginView.adapter_view(MicrosoftAdapter(request, PROVIDER))(request)
    return response
