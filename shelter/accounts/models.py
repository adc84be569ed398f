"""Users, the roles they hold at sites, and the invitations that make them."""

import secrets
import uuid
from datetime import timedelta
from functools import cached_property
from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from shelter.accounts.access import Access
from shelter.accounts.policy import Can, InfoClass, Role
from shelter.accounts.querysets import (
    DraftQuerySet,
    InvitationQuerySet,
    MembershipQuerySet,
    RoleProposalQuerySet,
    UserQuerySet,
)
from shelter.rows import Rows, Unscoped


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: "User", can: Can = Can.SEE_TEAM) -> UserQuerySet:
        return self.get_queryset().visible_to(user, can)

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user with a usable password only if one is given."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """Someone who works with the house. Rights come from memberships alone: no superuser, no staff flag (A8)."""

    info_class = InfoClass.ACCOUNTS
    rows = Rows(
        read="id IN ({user}, {door}, {inviter}, {approver}) OR id = ANY ({colleagues}) "
        "OR id = ANY ({readers}) OR lower(email) = {invited_address}",
        insert="lower(email) = {invited_address}",
        update="id IN ({user}, {door}) OR id = ANY ({team})",
    )

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="fr", db_default="fr")
    is_active = models.BooleanField(_("may sign in"), default=True, db_default=True)
    joined_at = models.DateTimeField(_("joined at"), default=timezone.now)
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)  # at first, or anew after a suspension
    session_generation = models.PositiveIntegerField(default=0, db_default=0)  # sessions of an earlier one are over

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("user"), _("users"), ["name", "pk"]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def access(self) -> Access:
        """What this user may do where, today. Read once per request."""
        return Access.of(self)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What each session carries and each request compares: raising ``session_generation`` ends them all (B11)."""
        secrets_of_user = f"{self.password}:{self.session_generation}"
        return salted_hmac("shelter.accounts.session", secrets_of_user, secret=secret, algorithm="sha256").hexdigest()

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class Hours(models.Model):
    """The hours of a shift, which may cross midnight: the role holds within them and an hour after (A13)."""

    shift_from = models.TimeField(_("shift from"), null=True, blank=True)
    shift_until = models.TimeField(_("shift until"), null=True, blank=True)

    class Meta:
        abstract = True


@pghistory.track()
class Membership(Hours):
    """A user's role at one site over ``[starts_on, ends_on)``; no end: until further notice.

    Only a platform administrator's membership has no site: it holds for the whole house.
    """

    info_class = InfoClass.ACCOUNTS
    rows = Rows(
        # Also of who invited or approved them, of who proposes what waits for them, and of who supervises them: what
        # these may tells what they may themselves.
        read="user_id = {user} OR {everywhere:see_team} OR site_id = ANY ({sites:see_team}) "
        "OR user_id IN ({inviter}, {approver}) OR user_id = ANY ({proposers}) OR user_id = ANY ({supervisors})",
        write="user_id <> {user} AND ({everywhere:manage_team} OR site_id = ANY ({sites:manage_team}))",  # A9
    )

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    site = models.ForeignKey(
        "sites.Site", models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("site")
    )
    role = models.CharField(_("role"), choices=Role, max_length=20)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("membership"), _("memberships"), ["user", "site", "role", "pk"]
        constraints = (
            models.CheckConstraint(
                name="membership_site_unless_platform_admin",
                condition=Q(role=Role.PLATFORM_ADMIN, site__isnull=True)
                | (~Q(role=Role.PLATFORM_ADMIN) & Q(site__isnull=False)),
                violation_error_message=_("A role belongs to a site; only a platform administrator has none."),
            ),
            models.CheckConstraint(
                name="membership_lasts_a_day",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("A membership ends after it starts."),
            ),
            models.CheckConstraint(
                name="membership_shift_has_two_ends",
                condition=Q(shift_from__isnull=True, shift_until__isnull=True)
                | (Q(shift_from__isnull=False, shift_until__isnull=False) & ~Q(shift_from=F("shift_until"))),
                violation_error_message=_("Hours of a shift have a beginning and another end, or are both left empty."),
            ),
            ExclusionConstraint(
                name="membership_once_at_a_time",
                expressions=(
                    ("user", RangeOperators.EQUAL),
                    ("site", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Func("starts_on", "ends_on", function="daterange", output_field=DateRangeField()), "&&"),
                ),
                violation_error_message=_("This person already has this role at this site."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    @property
    def is_over(self) -> bool:
        return self.ends_on is not None and self.ends_on <= timezone.localdate()


class PolicyGrant(models.Model):
    """``role`` may do ``action``: the policy table as functions inside the database read it.

    ``migrate`` writes it anew from ``policy.py``; nobody else may. ``assigned_only``: not for anybody else.
    """

    info_class = InfoClass.RULES
    rows = Unscoped("the policy itself, the same for everybody")

    role = models.CharField(choices=Role, max_length=20)
    action = models.CharField(max_length=40)
    assigned_only = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("policy grant"), _("policy grants"), ["action", "role"]
        constraints = (models.UniqueConstraint("action", "role", name="policy_grant_once"),)

    def __str__(self) -> str:
        return f"{self.role} · {self.action}"


def _in_72_hours():  # type: ignore[no-untyped-def]  # a migration refers to it by name
    return timezone.now() + timedelta(hours=72)


@pghistory.track(exclude=["token_digest"])
class Invitation(Hours):
    """A one-use link to an account, bound to one address and one role, valid 72 hours (B1). Only its digest is kept."""

    info_class = InfoClass.ACCOUNTS
    rows = Rows(
        read="token_digest = {invitation} OR {everywhere:manage_team} OR site_id = ANY ({sites:manage_team})",
        write="{everywhere:manage_team} OR site_id = ANY ({sites:manage_team})",
        history="{everywhere:manage_team} OR site_id = ANY ({sites:manage_team})",
    )

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), choices=Role, max_length=20)
    site = models.ForeignKey("sites.Site", models.PROTECT, null=True, blank=True, verbose_name=_("site"))
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("sent at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"), default=_in_72_hours)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("invitation"), _("invitations"), ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} · {self.get_role_display()}"

    @property
    def is_open(self) -> bool:
        """Whether its link still opens something."""
        return not self.accepted_at and not self.revoked_at and self.expires_at > timezone.now()

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(32)

    @staticmethod
    def digest(token: str) -> str:
        return salted_hmac("shelter.accounts.invitation", token, algorithm="sha256").hexdigest()


class UserSession(models.Model):
    """A signed-in browser, as its owner and their coordination may see and end it (B11)."""

    info_class = InfoClass.ACCOUNTS
    rows = Rows(
        read="user_id IN ({user}, {door}) OR user_id = ANY ({team})",
        insert="user_id IN ({user}, {door})",
        update="user_id IN ({user}, {door})",
        delete="user_id IN ({user}, {door}) OR user_id = ANY ({team})",
    )

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="sessions", verbose_name=_("user"))
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(_("device"), max_length=60)
    address = models.GenericIPAddressField(_("address"), null=True)
    is_shared = models.BooleanField(_("shared post"), default=False)
    started_at = models.DateTimeField(_("since"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("session"), _("sessions"), ["-seen_at", "pk"]

    def __str__(self) -> str:
        return self.device


@pghistory.track()
class RoleProposal(Hours):
    """A role that opens what is confided, which one person would give and a second has to confirm (A9).

    Until then neither membership nor invitation exists, so nothing can be active by mistake. Without ``user`` it is for
    somebody who will be invited.
    """

    info_class = InfoClass.ACCOUNTS
    rows = Rows(
        read="{everywhere:manage_team} OR site_id = ANY ({sites:manage_team})",
        write="{everywhere:manage_team} OR site_id = ANY ({sites:manage_team})",
    )

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("user"))
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), choices=Role, max_length=20)
    site = models.ForeignKey("sites.Site", models.PROTECT, related_name="+", verbose_name=_("site"))
    starts_on = models.DateField(_("from"), null=True, blank=True)  # None: from the day it is confirmed
    ends_on = models.DateField(_("until"), null=True, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("confirmed"), default=False, db_default=False)

    objects = RoleProposalQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("proposed role"), _("proposed roles"), ["proposed_at", "pk"]
        constraints = (
            models.UniqueConstraint("email", "role", "site", condition=Q(decided_at=None), name="proposal_open_once"),
            models.CheckConstraint(
                name="proposal_confirmed_by_another",
                condition=Q(is_confirmed=False) | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} · {self.get_role_display()}"


class Draft(models.Model):
    """What a user is typing on a page, sealed: see ``drafts.py``. Nobody else ever reads it."""

    info_class = InfoClass.ACCOUNTS
    rows = Rows(read="user_id = {user}", write="user_id = {user}")

    user = models.ForeignKey(User, models.CASCADE, related_name="drafts", verbose_name=_("user"))
    page = models.CharField(_("page"), max_length=300)
    sealed = models.BinaryField()
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("draft"), _("drafts"), ["-saved_at", "pk"]
        constraints = (models.UniqueConstraint("user", "page", name="draft_once_a_page"),)

    def __str__(self) -> str:
        return self.page
