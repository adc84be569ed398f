"""The house does not start while a model or a page of ours is missing from the policy (A1, A2).

Django runs these before ``migrate``, ``runserver`` and the tests; ``shelter.start`` before the web server and workers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db.models import Model

from shelter.accounts.addresses import Address, addresses
from shelter.accounts.policy import InfoClass

PERSONS = frozenset(InfoClass) - {InfoClass.PLACES, InfoClass.ACCOUNTS, InfoClass.IMPORTS, InfoClass.RULES}
# Wherever a fact of persons stands, its name says whose secret it is: a stay with a birth date holds identity.
TELLING = {
    **dict.fromkeys(("first_name", "last_name", "birth_date", "nationality", "nationalities"), InfoClass.IDENTITY),
    **dict.fromkeys(("phone", "email"), InfoClass.CONTACT),
}


@register("policy")
def every_model_says_its_class(**_options: object) -> list[CheckMessage]:
    return [error for model in our_models() for error in faults_of(model)]


@register("policy")
def every_address_says_its_action(**_options: object) -> list[CheckMessage]:
    return list(faults_of_addresses(addresses()))


def our_models() -> list[type[Model]]:
    """The models of the apps in this repository. A history follows its model; one made by another package is not ours."""
    ours = [config.label for config in apps.get_app_configs() if _is_ours(Path(config.path))]
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in ours and not hasattr(model, "pgh_tracked_model")
    ]


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts


def faults_of(model: type[Model]) -> Iterator[CheckMessage]:
    """A model holds one class (``info_class``), one by row (a field of that name), or several: ``field_classes``."""
    said = getattr(model, "info_class", None)
    fields = {field.name: field for field in model._meta.fields}
    if "info_class" in fields and fields["info_class"].choices == InfoClass.choices:
        return
    if not isinstance(said, InfoClass):
        yield Error(
            f"{model._meta.label} declares no information class.",
            hint="Give it info_class: the column of shelter/accounts/policy.py that its content belongs to.",
            id="policy.E001",
        )
        return
    named = getattr(model, "field_classes", {})
    kept = {name for name, field in fields.items() if not field.primary_key}
    if named:
        for name in sorted(kept - named.keys()):
            yield Error(
                f"{model._meta.label} is mixed, and its field {name} declares no class of its own.",
                hint="Name it in field_classes.",
                id="policy.E002",
            )
    for name in sorted(named):
        if name not in kept or not isinstance(named[name], InfoClass):
            yield Error(f"{model._meta.label}.field_classes: {name} is no field, or has no class.", id="policy.E003")
    for name in sorted(kept & TELLING.keys()):
        if said in PERSONS and named.get(name, said) != TELLING[name]:
            yield Error(
                f"{model._meta.label}.{name} is {TELLING[name].value} information, not {said.value}.",
                hint="Say so in field_classes.",
                id="policy.E004",
            )


def faults_of_addresses(found: Iterable[Address]) -> Iterator[CheckMessage]:
    for address in found:
        if address.action is None:
            yield Error(
                f"The address {address} declares no action.",
                hint="Decorate its view with @requires(Can.X) or @open_to(…); for a page that is not ours, say why it "
                "may be opened in shelter/accounts/addresses.py: NOT_OURS.",
                id="policy.E005",
            )
