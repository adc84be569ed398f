"""The network that the house was made for, as reference data to start from."""

import tomllib
from pathlib import Path

from django.db import transaction

from sites import services
from sites.models import Organisation, Site

NETWORK = Path(__file__).parent / "reference" / "network.toml"


@transaction.atomic
def load_network() -> list[Site]:
    """Add the organisations and sites of ``reference/network.toml`` that are missing; never touch one that exists.

    Returns all its sites, in the file's order.
    """
    found = []
    for entry in tomllib.loads(NETWORK.read_text())["organisation"]:
        organisation = Organisation.objects.filter(name=entry["name"]).first() or services.add_organisation(
            name=entry["name"], resident_word=entry["resident_word"]
        )
        for facts in entry["site"]:
            known = organisation.sites.filter(name=facts["name"]).first()
            found.append(known or services.add_site(organisation=organisation, **facts))
    return found
