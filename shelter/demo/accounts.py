"""Sign-ins of the demo network: every role of the matrix, at every kind of site. They open nothing outside DEMO mode."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from shelter.accounts.adapter import DEMO_DOMAIN
from shelter.accounts.models import Membership, User
from shelter.accounts.policy import Role
from sites.models import Organisation, Site
from sites.network import load_network

PASSWORD = "maisonnee-de-demonstration"  # noqa: S105  # everyone may know it
ADDRESS_WORDS = {
    Role.PLATFORM_ADMIN: "plateforme",
    Role.DIRECTOR: "direction",
    Role.COORDINATOR: "coordination",
    Role.DEPUTY_HOUSING: "adjointe-hebergement",
    Role.DEPUTY_SOCIAL: "adjointe-social",
    Role.DEPUTY_LEGAL: "adjointe-juridique",
    Role.SOCIAL_WORKER: "social",
    Role.JURIST: "juriste",
    Role.MEDIATOR: "mediation",
    Role.POLYVALENT: "polyvalent",
    Role.NIGHT_WATCH: "veille",
    Role.FRONT_DESK: "accueil",
    Role.DATA_ADMIN: "donnees",
    Role.HEALTH: "sante",
    Role.INTERPRETER: "interprete",
    Role.INTERN: "stage",
    Role.LOGISTICS: "logistique",
    Role.VOLUNTEER: "benevole",
    Role.PARTNER: "partenaire",
    Role.HR: "rh",
    Role.FINANCE: "finances",
    Role.DPO: "dpo",
    Role.AUDITOR: "audit",
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
    accounts = [DemoAccount(f"plateforme@{DEMO_DOMAIN}", "Plateforme", Role.PLATFORM_ADMIN, "–", (), is_shown=True)]
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
    word = ADDRESS_WORDS[role]
    name = f"{word.replace('-', ' ').capitalize()} {site}"
    return DemoAccount(f"{word}.{site.slug}@{DEMO_DOMAIN}", name, role, str(site), (site,), site.slug == SHOWN_AT)


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
