"""The demo's sign-ins, for the sign-in page. Nothing in a real house."""

from django import template
from django.conf import settings
from django.utils.text import slugify

from shelter.accounts.adapter import DEMO_DOMAIN
from shelter.accounts.policy import Role
from shelter.demo.accounts import PASSWORD, SHOWN_AT, WORDS

register = template.Library()

OFFERED = (Role.COORDINATOR, Role.DATA_ADMIN, Role.SOCIAL_WORKER, Role.NIGHT_WATCH, Role.VOLUNTEER)


@register.inclusion_tag("components/demo_sign_ins.html")
def demo_sign_ins() -> dict:
    """A few roles at one site, and the passphrase of all."""
    if not settings.DEMO:
        return {"sign_ins": []}
    sign_ins = [(f"{slugify(WORDS[role])}.{SHOWN_AT}@{DEMO_DOMAIN}", role.label) for role in OFFERED]
    return {"sign_ins": sign_ins, "password": PASSWORD}
