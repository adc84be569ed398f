"""Second factors as people meet them: a passkey in Chromium's own authenticator, an app, recovery codes."""

from django.conf import settings
from django.test import Client

from shelter.accounts import sessions
from shelter.accounts.policy import Role
from tests.accounts.second_factors import code_now
from tests.factories import PASSWORD, make_site, make_user


def type_passphrase(page, user):
    page.goto("/account/login/")
    page.get_by_label("Adresse e-mail").fill(user.email)
    page.get_by_label("Phrase de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def sign_out(page):
    page.locator("details.menu summary").last.click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("/account/login/**")


def test_a_passkey_is_added_and_then_signs_in_alone(page, authenticator, look, assert_accessible):
    user = make_user(Role.COORDINATOR, at=make_site())
    type_passphrase(page, user)
    page.wait_for_url("/account/factors/")
    assert_accessible(page)
    look(page, "factors-none")
    page.get_by_role("link", name="Avec une clé d’accès").click()
    look(page, "factors-passkey")
    page.get_by_label("Nom de cette clé d’accès").fill("Mon téléphone")
    page.get_by_role("button", name="Ajouter cette clé d’accès").click()
    page.wait_for_url("/account/factors/recovery-codes/")
    look(page, "factors-recovery-codes")
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="Je les ai gardés").click()
    page.wait_for_url("/")
    page.goto("/account/factors/")
    assert page.get_by_text("Mon téléphone").first.is_visible()
    assert_accessible(page)
    look(page, "factors")
    sign_out(page)
    for _ in range(6):  # somebody guesses: the account is paused, and a passkey opens it all the same
        Client().post("/account/login/", {"login": user.email, "password": "wrong"})
    page.get_by_role("button", name="Avec une clé d’accès").click()
    page.wait_for_url("/")


def test_a_passkey_is_the_second_step_after_a_passphrase(page, authenticator, look):
    user = make_user(Role.COORDINATOR, at=make_site())
    type_passphrase(page, user)
    page.goto("/account/factors/passkeys/add/")
    page.get_by_role("button", name="Ajouter cette clé d’accès").click()
    page.wait_for_url("/account/factors/recovery-codes/")
    page.goto("/")
    sign_out(page)
    type_passphrase(page, user)
    look(page, "second-step")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url("/")


def test_a_device_that_does_not_check_its_holder_is_no_passkey(page, authenticator):
    devtools, device = authenticator
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    type_passphrase(page, make_user(Role.COORDINATOR, at=make_site()))
    page.goto("/account/factors/passkeys/add/")
    page.get_by_role("button", name="Ajouter cette clé d’accès").click()
    page.get_by_text("La clé d’accès n’a pas répondu.").wait_for()


def test_an_app_is_added_and_its_codes_sign_in(page, look, assert_accessible):
    user = make_user(Role.COORDINATOR, at=make_site())
    type_passphrase(page, user)
    page.get_by_role("link", name="Avec une application").click()
    assert page.locator(".qr img").evaluate("image => image.naturalWidth") > 0
    page.get_by_text("L’application est sur cet appareil").click()
    secret = page.locator("code.key").inner_text()
    look(page, "factors-app")
    assert_accessible(page)
    page.get_by_role("textbox", name="Code").fill(code_now(secret))
    page.get_by_role("button", name="Ajouter cette application").click()
    page.wait_for_url("/account/factors/recovery-codes/")
    page.goto("/")
    sign_out(page)
    type_passphrase(page, user)
    page.get_by_role("textbox", name="Code").fill(code_now(secret, 1))
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("/")


def test_one_act_signs_a_colleague_out_who_sits_elsewhere(page_as, browser, live_server, look):
    site = make_site("Casa Tamam")
    colleague = make_user(Role.NIGHT_WATCH, at=site)
    client = Client()
    client.force_login(colleague)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    elsewhere = browser.new_context(base_url=live_server.url)
    elsewhere.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    theirs = elsewhere.new_page()
    theirs.goto("/beds/")
    assert "/account/login/" not in theirs.url
    page = page_as(make_user(Role.COORDINATOR, at=site))
    page.goto("/team/")
    page.get_by_text("Déconnecter tout le monde").click()
    page.get_by_role("link", name="Casa Tamam").click()
    look(page, "sign-out-site")
    page.get_by_role("button", name="Tout déconnecter maintenant").click()
    page.wait_for_url("/account/login/**")
    theirs.reload()
    assert "/account/login/" in theirs.url
    elsewhere.close()


def test_the_end_of_a_session_is_announced_and_can_be_put_off(page_as, monkeypatch, look):
    monkeypatch.setattr(sessions, "IDLE", 100)
    page = page_as(make_user(Role.COORDINATOR, at=make_site()))
    page.goto("/profile/")
    page.get_by_role("heading", name="Êtes-vous toujours là").wait_for()
    look(page, "session-end")
    monkeypatch.setattr(sessions, "IDLE", 1800)
    page.get_by_role("button", name="Prolonger").click()
    page.get_by_role("heading", name="Êtes-vous toujours là").wait_for(state="hidden")


def test_the_page_leaves_the_screen_when_the_session_is_over(page_as):
    user = make_user(Role.COORDINATOR, at=make_site())
    page = page_as(user)
    page.goto("/profile/")
    sessions.end_all([user])
    page.evaluate("document.getElementById('session').querySelector('[data-prolong]').click()")
    page.wait_for_url("/account/login/**")
    page.go_back()
    assert user.email not in page.content()


def test_one_sees_and_ends_devices(page_as, look, assert_accessible):
    user = make_user(Role.COORDINATOR, at=make_site())
    Client(headers={"User-Agent": "Mozilla/5.0 (Android) Firefox/126"}).force_login(user)
    page = page_as(user)
    page.goto("/profile/sessions/")
    look(page, "devices")
    assert_accessible(page)
    page.get_by_role("button", name="Se déconnecter").first.click()
