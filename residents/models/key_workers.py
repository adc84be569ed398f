"""Who follows whom: the assignment that opens what is confided (A5)."""

import uuid

import pghistory
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from residents.models.people import Person
from residents.querysets import KeyWorkerQuerySet
from shelter.accounts.policy import InfoClass
from shelter.rows import Rows


@pghistory.track()
class KeyWorker(models.Model):
    """``user`` follows ``person`` at ``site`` over ``[starts_on, ends_on)``; no end: until further notice.

    The role they hold at that site says what it opens. An intern follows under a named ``supervisor``.
    """

    info_class = InfoClass.IDENTITY
    rows = Rows(
        read="site_id = ANY ({sites:see_first_names,see_people}) OR user_id = {user} OR supervisor_id = {user}",
        write="site_id = ANY ({sites:assign_key_workers})",
    )

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="key_workers", verbose_name=_("person"))
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="followed", verbose_name=_("key worker"))
    site = models.ForeignKey("sites.Site", models.PROTECT, related_name="key_workers", verbose_name=_("site"))
    supervisor = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("supervisor")
    )
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = KeyWorkerQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural, ordering = _("key worker"), _("key workers"), ["-starts_on", "pk"]
        indexes = (models.Index(fields=["user", "person"], name="key_worker_of"),)
        constraints = (
            models.UniqueConstraint(
                "person",
                "user",
                "site",
                condition=Q(ends_on=None),
                name="key_worker_once",
                violation_error_message=_("This colleague follows the person already."),
            ),
            models.CheckConstraint(
                name="key_worker_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A follow-up ends after it starts."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.user}"
