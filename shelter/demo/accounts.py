"""Sign-ins of the demo network: every role of the matrix, at every kind of site. They open nothing outside DEMO mode."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.text import slugify

from shelter.accounts.adapter import DEMO_DOMAIN
from shelter.accounts.models import Membership, User
from shelter.accounts.policy import Role
from sites.models import Organisation, Site
from sites.network import load_network

PASSWORD = "maisonnee-de-demonstration"  # noqa: S105  # everyone may know it
WORDS = {
    Role.PLATFORM_ADMIN: "Plateforme",
    Role.DIRECTOR: "Direction",
    Role.COORDINATOR: "Coordination",
    Role.DEPUTY_HOUSING: "Adjointe hébergement",
    Role.DEPUTY_SOCIAL: "Adjointe social",
    Role.DEPUTY_LEGAL: "Adjointe juridique",
    Role.SOCIAL_WORKER: "Social",
    Role.JURIST: "Juriste",
    Role.MEDIATOR: "Médiation",
    Role.POLYVALENT: "Polyvalent",
    Role.NIGHT_WATCH: "Veille",
    Role.FRONT_DESK: "Accueil",
    Role.DATA_ADMIN: "Données",
    Role.HEALTH: "Santé",
    Role.INTERPRETER: "Interprète",
    Role.INTERN: "Stage",
    Role.LOGISTICS: "Logistique",
    Role.VOLUNTEER: "Bénévole",
    Role.PARTNER: "Partenaire",
    Role.HR: "RH",
    Role.FINANCE: "Finances",
    Role.DPO: "DPO",
    Role.AUDITOR: "Audit",
}
SHOWN_AT = "casa-tamam"  # the site whose sign-ins are printed, role by role


@dataclass(frozen=True)
class DemoAccount:
    """One line of the list. ``site`` says in words where the role holds."""

    email: str
    name: str
    role: Role
    site: str
    sites: tuple[Site, ...] = ()
    is_shown: bool = False

    @property
    def password(self) -> str:
        return PASSWORD


def demo_accounts() -> list[DemoAccount]:
    """All sign-ins: the administrator, one general coordinator an organisation, then every role at every kind of site.

    Each site has a coordination, a data administrator and a night watch; the first of each kind has all roles.
    """
    sites = load_network()
    administrator = f"{slugify(WORDS[Role.PLATFORM_ADMIN])}@{DEMO_DOMAIN}"
    accounts = [DemoAccount(administrator, WORDS[Role.PLATFORM_ADMIN], Role.PLATFORM_ADMIN, "–", (), is_shown=True)]
    accounts += [_general_coordinator(organisation, sites) for organisation in {site.organisation: 0 for site in sites}]
    kinds: set[str] = set()
    for site in sites:
        everywhere = (Role.COORDINATOR, Role.DATA_ADMIN, Role.NIGHT_WATCH)
        is_model = site.slug == SHOWN_AT or (
            site.scheme not in kinds and site.scheme != Site.Scheme.TEMPORARY_OCCUPATION
        )
        kinds.add(site.scheme)
        accounts += [
            _at(site, role) for role in Role if role in everywhere or (is_model and role != Role.PLATFORM_ADMIN)
        ]
    return accounts


def _general_coordinator(organisation: Organisation, sites: Iterable[Site]) -> DemoAccount:
    theirs = tuple(site for site in sites if site.organisation == organisation)
    email = f"coordination-generale.{organisation.slug}@{DEMO_DOMAIN}"
    name = f"Coordination générale {organisation}"
    return DemoAccount(email, name, Role.COORDINATOR, f"{organisation}: {len(theirs)} sites", theirs, is_shown=True)


def _at(site: Site, role: Role) -> DemoAccount:
    email = f"{slugify(WORDS[role])}.{site.slug}@{DEMO_DOMAIN}"
    return DemoAccount(email, f"{WORDS[role]} {site}", role, str(site), (site,), site.slug == SHOWN_AT)


@transaction.atomic
def make_demo_accounts() -> list[DemoAccount]:
    """Those of ``demo_accounts()`` that are missing, set-based. A role that somebody ended in the demo stays ended."""
    accounts = demo_accounts()
    known = set(User.objects.filter(email__endswith=f"@{DEMO_DOMAIN}").values_list("email", flat=True))
    missing = [account for account in accounts if account.email not in known]
    password = make_password(PASSWORD) if missing else ""
    users = User.objects.bulk_create(User(email=each.email, name=each.name, password=password) for each in missing)
    Membership.objects.bulk_create(
        Membership(user=user, role=account.role, site=site)
        for user, account in zip(users, missing, strict=True)
        for site in account.sites or (None,)
    )
    return accounts
