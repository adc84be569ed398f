"""Who may see and do what: the one table of the house, role by information class.

Deny by default: a role or a class that is not written here grants nothing. A membership gives its role at one site;
rights are the union of the memberships valid today, site by site.

A cell lists grants, separated by commas. One grant is a mode, with ``A:`` in front when it holds only for persons
assigned to the user, and words behind that narrow it (``W tonight``: tonight's night only):

    W  read and write                     R  read
    S  safety flag, never its cause       N  notice that a follow-up exists
    F  first name and initial             C  counts
    O  own data                           B  break-glass
    X  state of a bed, without any person
    -  nothing
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    PLATFORM_ADMIN = "platform_admin", _("Platform administrator")
    DIRECTOR = "director", _("Organisation director")
    COORDINATOR = "coordinator", _("Site coordinator")
    DEPUTY_HOUSING = "deputy_housing", _("Deputy coordinator, housing")
    DEPUTY_SOCIAL = "deputy_social", _("Deputy coordinator, social")
    DEPUTY_LEGAL = "deputy_legal", _("Deputy coordinator, legal")
    SOCIAL_WORKER = "social_worker", _("Social worker")
    JURIST = "jurist", _("Jurist")
    MEDIATOR = "mediator", _("Mediator")
    POLYVALENT = "polyvalent", _("Polyvalent worker")
    NIGHT_WATCH = "night_watch", _("Night watch")
    FRONT_DESK = "front_desk", _("Front desk")
    DATA_ADMIN = "data_admin", _("Site data administrator")
    HEALTH = "health", _("Health professional")
    INTERPRETER = "interpreter", _("Interpreter")
    INTERN = "intern", _("Intern")
    LOGISTICS = "logistics", _("Logistics")
    VOLUNTEER = "volunteer", _("Volunteer")
    PARTNER = "partner", _("Partner")
    HR = "hr", _("HR officer")
    FINANCE = "finance", _("Finance officer")
    DPO = "dpo", _("Data-protection officer")
    AUDITOR = "auditor", _("Auditor")


class InfoClass(TextChoices):
    PRESENCE = "presence", _("Bed and presence")
    IDENTITY = "identity", _("Identity")
    CONTACT = "contact", _("Contact")
    FLAGS = "flags", _("Vulnerability flags")
    INTERVIEWS = "interviews", _("Social interviews")
    LEGAL = "legal", _("Legal procedure")
    HEALTH = "health", _("Health")
    INCIDENTS = "incidents", _("Incidents")
    ROTA = "rota", _("Rota")
    HR_LEAVE = "hr_leave", _("HR and leave")
    BUDGET = "budget", _("Budget")
    STATISTICS = "statistics", _("Statistics")
    PLACES = "places", _("Sites, rooms and beds")
    ACCOUNTS = "accounts", _("Accounts and memberships")
    IMPORTS = "imports", _("Imports of spreadsheets")
    ACCESS_LOG = "access_log", _("Access log of a person")
    READINGS = "readings", _("Report on readings")
    RULES = "rules", _("Rules of access")


# The last six columns are not persons' data: they say who keeps the house itself (security requirements A8, A9, A9b)
# and who answers for its rules and for what was read in it (C5, C7).
TABLE = """
role           | presence  | identity      | contact     | flags       | interviews     | legal       | health                       | incidents   | rota      | hr_leave  | budget | statistics | places | accounts | imports | access_log | readings | rules
platform_admin | -         | -             | -           | -           | -              | -           | -                            | -           | -         | -         | -      | system     | W      | W        | -       | -          | -        | R
director       | C         | B             | -           | C           | -              | -           | -                            | R sev. 3-4  | R         | R         | W      | C          | R      | R        | -       | -          | -        | -
coordinator    | W         | W             | R           | S           | B              | N, B        | S                            | W           | W         | W approve | W site | C site     | W site | W site   | W       | R          | R        | -
deputy_housing | W         | W             | R           | S           | -              | N           | S                            | W           | W         | W team    | R site | C site     | W site | R        | W       | R          | -        | -
deputy_social  | R         | W             | W           | W           | W              | N           | A:R minimal                  | R           | W team    | W team    | R team | C          | R      | R        | W       | R          | -        | -
deputy_legal   | R         | R             | R           | R           | A:R by consent | W           | A:R if evidence              | A:R         | W team    | W team    | R team | C          | R      | R        | W       | R          | -        | -
social_worker  | R         | W             | W           | A:W         | A:W            | A:N         | A:R minimal                  | A:R         | O         | O         | -      | C          | R      | -        | -       | A:R        | -        | -
jurist         | R         | R             | A:R         | A:R         | A:R by consent | A:W         | A:R if evidence              | A:R         | O         | O         | -      | C          | R      | -        | -       | A:R        | -        | -
mediator       | R         | R             | A:R         | A:S         | A:W mediation  | -           | S                            | W           | O, R site | O         | -      | C          | R      | -        | -       | A:R        | -        | -
polyvalent     | W         | W             | R           | S           | -              | -           | S                            | W           | O, R site | O         | -      | C          | R      | -        | -       | -          | -        | -
night_watch    | W tonight | F             | -           | S           | -              | -           | S                            | W 7 days    | O, R site | O         | -      | -          | R      | -        | -       | -          | -        | -
front_desk     | W today   | W intake      | R arrivals  | S           | -              | -           | S                            | W draft     | O, R site | O         | -      | -          | R      | -        | -       | -          | -        | -
data_admin     | W         | W             | W           | S           | -              | -           | -                            | -           | R site    | -         | -      | C site     | W site | -        | W       | -          | -        | -
health         | A:R       | A:R           | A:R         | A:R         | -              | -           | A:W outcome, A:W instruction | A:R         | -         | -         | -      | -          | -      | -        | -       | A:R        | -        | -
interpreter    | -         | A:F own slots | -           | -           | -              | -           | -                            | -           | O         | O         | -      | -          | -      | -        | -       | -          | -        | -
intern         | R tonight | F, A:R        | -           | S           | A:R supervised | -           | S                            | W draft     | O         | O         | -      | -          | R      | -        | -       | -          | -        | -
logistics      | X         | -             | -           | -           | -              | -           | -                            | W technical | O         | O         | stock  | -          | R      | -        | -       | -          | -        | -
volunteer      | R tonight | F             | -           | S           | -              | -           | S                            | W draft     | O         | O         | -      | -          | R      | -        | -       | -          | -        | -
partner        | -         | A:R referred  | A:R consent | A:R consent | -              | A:N consent | A:R consent                  | -           | -         | -         | -      | -          | -      | -        | -       | -          | -        | -
hr             | -         | -             | -           | -           | -              | -           | -                            | R staff     | R         | W         | -      | C staff    | -      | -        | -       | -          | -        | -
finance        | C         | -             | -           | -           | -              | -           | -                            | -           | C hours   | -         | W      | C          | R      | -        | -       | -          | -        | -
dpo            | -         | -             | -           | -           | -              | -           | -                            | W data      | -         | -         | -      | R          | -      | R        | -       | -          | R        | R
auditor        | -         | -             | -           | -           | -              | -           | -                            | -           | -         | -         | -      | published  | -      | -        | -       | -          | -        | -
"""  # noqa: E501


class Mode(Enum):
    """What a grant lets one do. The value is its letter in the table."""

    WRITE = "W"
    READ = "R"
    SAFETY = "S"
    NOTICE = "N"
    FIRST_NAME = "F"
    COUNTS = "C"
    OWN = "O"
    BREAK_GLASS = "B"
    STATE = "X"

    def satisfied_by(self, granted: Mode) -> bool:
        """Writing includes reading; reading a thing includes each lesser view of it. Who reads breaks no glass."""
        if self is Mode.BREAK_GLASS:
            return granted is self
        return granted is self or granted is Mode.WRITE or (granted is Mode.READ and self is not Mode.WRITE)


# Limits that narrow a right to a moment; the others ("site", "team", "approve") describe it and take nothing away.
MOMENTS = frozenset({"tonight", "today", "intake", "arrivals", "7 days", "draft"})


@dataclass(frozen=True)
class Grant:
    mode: Mode
    assigned_only: bool = False
    limit: str = ""

    @property
    def limited_in_time(self) -> bool:
        return self.limit in MOMENTS

    @classmethod
    def parse(cls, text: str) -> Grant | None:
        match = re.fullmatch(r"(A:)?([WRSNFCOBX])(?: (.+))?", text)
        if match is None:  # "-", or a right over things that no screen offers yet ("stock", "published")
            return None
        return cls(Mode(match[2]), bool(match[1]), match[3] or "")


@cache
def grants() -> dict[tuple[Role, InfoClass], tuple[Grant, ...]]:
    """The table, parsed: (role, class) → its grants."""
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines())
    classes = [InfoClass(name) for name in header[1:]]
    parsed = {}
    for role, *cells in rows:
        for info_class, cell in zip(classes, cells, strict=True):
            found = (Grant.parse(part.strip()) for part in cell.split(","))
            parsed[Role(role), info_class] = tuple(grant for grant in found if grant)
    return parsed


@dataclass(frozen=True)
class Need:
    """What an action asks of one information class.

    ``narrowed``: a grant limited to tonight or to intake is enough. ``whole_house``: one limited to a site is not.
    """

    info_class: InfoClass
    mode: Mode
    narrowed: bool = False
    whole_house: bool = False

    def met_by(self, role: Role, *, assigned: bool = False) -> bool:
        """Whether the role may, for anyone at its site; ``assigned``: for a person it is the key worker of."""
        return any(
            self.accepts(grant) and (assigned or not grant.assigned_only) for grant in grants()[role, self.info_class]
        )

    def accepts(self, grant: Grant) -> bool:
        """Whether the grant is enough, at least for persons assigned to the user."""
        return (
            self.mode.satisfied_by(grant.mode)
            and (self.narrowed or not grant.limited_in_time)
            and not (self.whole_house and grant.limit == "site")
        )


class Can(Enum):
    """The house's actions, each with all that it needs. Views are decorated with one; templates ask for the same."""

    SEE_TONIGHT = "see_tonight", Need(InfoClass.PRESENCE, Mode.COUNTS, narrowed=True)
    SEE_COMPOSITION = (
        "see_composition",
        Need(InfoClass.PRESENCE, Mode.COUNTS),
        Need(InfoClass.STATISTICS, Mode.COUNTS),
    )
    SEE_BEDS = "see_beds", Need(InfoClass.PRESENCE, Mode.STATE, narrowed=True)
    SEE_OTHER_NIGHTS = "see_other_nights", Need(InfoClass.PRESENCE, Mode.COUNTS)
    SEE_BED_NIGHTS = "see_bed_nights", Need(InfoClass.PRESENCE, Mode.READ)
    SEE_FIRST_NAMES = "see_first_names", Need(InfoClass.IDENTITY, Mode.FIRST_NAME, narrowed=True)
    SEE_PEOPLE = "see_people", Need(InfoClass.IDENTITY, Mode.READ, narrowed=True)
    SEE_CONTACT = "see_contact", Need(InfoClass.CONTACT, Mode.READ, narrowed=True)
    EDIT_CONTACT = "edit_contact", Need(InfoClass.CONTACT, Mode.WRITE)
    EXPORT_PEOPLE = "export_people", Need(InfoClass.IDENTITY, Mode.READ), Need(InfoClass.PRESENCE, Mode.READ)
    # Who answers for others' work at the site, and may know whom the list names: the second person of a named export.
    APPROVE_EXPORT = "approve_export", Need(InfoClass.IDENTITY, Mode.READ), Need(InfoClass.HR_LEAVE, Mode.WRITE)
    EDIT_PERSON = "edit_person", Need(InfoClass.IDENTITY, Mode.WRITE)
    MERGE_PEOPLE = "merge_people", Need(InfoClass.IDENTITY, Mode.WRITE)
    ADMIT = (
        "admit",
        Need(InfoClass.IDENTITY, Mode.WRITE, narrowed=True),
        Need(InfoClass.PRESENCE, Mode.WRITE, narrowed=True),
    )
    MOVE = (
        "move",
        Need(InfoClass.IDENTITY, Mode.READ, narrowed=True),
        Need(InfoClass.PRESENCE, Mode.WRITE, narrowed=True),
    )
    DEPART = (
        "depart",
        Need(InfoClass.IDENTITY, Mode.READ, narrowed=True),
        Need(InfoClass.PRESENCE, Mode.WRITE, narrowed=True),
    )
    CORRECT_STAY = "correct_stay", Need(InfoClass.IDENTITY, Mode.READ), Need(InfoClass.PRESENCE, Mode.WRITE)
    SEE_WAITING = (
        "see_waiting",
        Need(InfoClass.IDENTITY, Mode.READ, narrowed=True),
        Need(InfoClass.PRESENCE, Mode.READ, narrowed=True),
    )
    EDIT_WAITING = "edit_waiting", Need(InfoClass.IDENTITY, Mode.WRITE, narrowed=True)
    READ_INTERVIEWS = "read_interviews", Need(InfoClass.INTERVIEWS, Mode.READ)
    WRITE_INTERVIEWS = "write_interviews", Need(InfoClass.INTERVIEWS, Mode.WRITE)
    READ_LEGAL = "read_legal", Need(InfoClass.LEGAL, Mode.READ)
    WRITE_LEGAL = "write_legal", Need(InfoClass.LEGAL, Mode.WRITE)
    READ_HEALTH = "read_health", Need(InfoClass.HEALTH, Mode.READ)
    WRITE_HEALTH = "write_health", Need(InfoClass.HEALTH, Mode.WRITE)
    SEE_LEGAL_NOTICE = "see_legal_notice", Need(InfoClass.LEGAL, Mode.NOTICE)
    SEE_SAFETY = "see_safety", Need(InfoClass.HEALTH, Mode.SAFETY)
    # Saying who follows whom is part of sharing out the work: those who write the rota do it.
    ASSIGN_KEY_WORKERS = "assign_key_workers", Need(InfoClass.IDENTITY, Mode.READ), Need(InfoClass.ROTA, Mode.WRITE)
    IMPORT = "import", Need(InfoClass.IMPORTS, Mode.WRITE)
    SEE_PLACES = "see_places", Need(InfoClass.PLACES, Mode.READ)
    EDIT_PLACES = "edit_places", Need(InfoClass.PLACES, Mode.WRITE)
    KEEP_NETWORK = "keep_network", Need(InfoClass.PLACES, Mode.WRITE, whole_house=True)
    SEE_TEAM = "see_team", Need(InfoClass.ACCOUNTS, Mode.READ)
    MANAGE_TEAM = "manage_team", Need(InfoClass.ACCOUNTS, Mode.WRITE)
    SEE_ACCESS_LOG = "see_access_log", Need(InfoClass.ACCESS_LOG, Mode.READ)
    SEE_READINGS = "see_readings", Need(InfoClass.READINGS, Mode.READ)
    SEE_POLICY = "see_policy", Need(InfoClass.RULES, Mode.READ)
    BREAK_GLASS_IDENTITY = "break_glass_identity", Need(InfoClass.IDENTITY, Mode.BREAK_GLASS)
    BREAK_GLASS_INTERVIEWS = "break_glass_interviews", Need(InfoClass.INTERVIEWS, Mode.BREAK_GLASS)
    BREAK_GLASS_LEGAL = "break_glass_legal", Need(InfoClass.LEGAL, Mode.BREAK_GLASS)
    # Who answers for the class at the site, and for who read it there.
    REVIEW_IDENTITY = "review_identity", Need(InfoClass.ACCESS_LOG, Mode.READ), Need(InfoClass.IDENTITY, Mode.WRITE)
    REVIEW_INTERVIEWS = (
        "review_interviews",
        Need(InfoClass.ACCESS_LOG, Mode.READ),
        Need(InfoClass.INTERVIEWS, Mode.WRITE),
    )
    REVIEW_LEGAL = "review_legal", Need(InfoClass.ACCESS_LOG, Mode.READ), Need(InfoClass.LEGAL, Mode.WRITE)
    # The direction, the coordination, the deputies and the data-protection officer: they know the team and its figures.
    SEE_EMERGENCIES = "see_emergencies", Need(InfoClass.ACCOUNTS, Mode.READ), Need(InfoClass.STATISTICS, Mode.COUNTS)

    needs: tuple[Need, ...]

    def __new__(cls, slug: str, *needs: Need) -> Self:
        action = object.__new__(cls)
        action._value_, action.needs = slug, needs
        return action

    @cache
    def roles(self) -> frozenset[Role]:
        """The roles that may do this, for anyone at their site."""
        return frozenset(role for role in Role if all(need.met_by(role) for need in self.needs))

    @cache
    def roles_if_assigned(self) -> frozenset[Role]:
        """The roles that may do this for the persons assigned to them, those of ``roles`` among them."""
        return frozenset(role for role in Role if all(need.met_by(role, assigned=True) for need in self.needs))


@dataclass(frozen=True)
class Emergency:
    """How a class is opened in an emergency (A7): who may ``ask``, what it ``opens``, who does ``review`` it after."""

    ask: Can
    opens: Can
    review: Can


# The classes in whose column the table says ``B``.
EMERGENCIES: dict[InfoClass, Emergency] = {
    InfoClass.IDENTITY: Emergency(Can.BREAK_GLASS_IDENTITY, Can.SEE_PEOPLE, Can.REVIEW_IDENTITY),
    InfoClass.INTERVIEWS: Emergency(Can.BREAK_GLASS_INTERVIEWS, Can.READ_INTERVIEWS, Can.REVIEW_INTERVIEWS),
    InfoClass.LEGAL: Emergency(Can.BREAK_GLASS_LEGAL, Can.READ_LEGAL, Can.REVIEW_LEGAL),
}

# Roles that open what is confided: giving one takes two persons (A9).
SECRECY_ROLES = frozenset(
    role
    for role in Role
    for kind in (InfoClass.INTERVIEWS, InfoClass.LEGAL, InfoClass.HEALTH)
    if any(grant.mode in {Mode.READ, Mode.WRITE} for grant in grants()[role, kind])
)
# Roles that are given for the hours of a shift (A13).
SHIFT_ROLES = frozenset({Role.NIGHT_WATCH, Role.VOLUNTEER})

# Who may give which role (A9): nobody a role above or beside their own. Platform administrators are made at the server,
# by `manage.py create_administrator`.
MAY_GRANT: dict[Role, frozenset[Role]] = {
    Role.PLATFORM_ADMIN: frozenset(Role) - {Role.PLATFORM_ADMIN},
    Role.COORDINATOR: frozenset(
        {
            Role.SOCIAL_WORKER,
            Role.JURIST,
            Role.MEDIATOR,
            Role.POLYVALENT,
            Role.NIGHT_WATCH,
            Role.FRONT_DESK,
            Role.DATA_ADMIN,
            Role.INTERPRETER,
            Role.INTERN,
            Role.LOGISTICS,
            Role.VOLUNTEER,
        }
    ),
}

# Whom a coordinator or a deputy makes key worker (A5): the deputies within their pole.
MAY_ASSIGN: dict[Role, frozenset[Role]] = {
    Role.COORDINATOR: frozenset(
        {
            Role.DEPUTY_SOCIAL,
            Role.DEPUTY_LEGAL,
            Role.SOCIAL_WORKER,
            Role.JURIST,
            Role.MEDIATOR,
            Role.HEALTH,
            Role.INTERN,
        }
    ),
    Role.DEPUTY_HOUSING: frozenset({Role.MEDIATOR}),
    Role.DEPUTY_SOCIAL: frozenset({Role.SOCIAL_WORKER, Role.MEDIATOR, Role.HEALTH, Role.INTERN}),
    Role.DEPUTY_LEGAL: frozenset({Role.JURIST, Role.INTERN}),
}
