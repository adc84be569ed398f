from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "shelter.audit"
    verbose_name = _("Record")

    def ready(self) -> None:
        from shelter.audit import sign_in  # noqa: F401 — connects its signals
        from shelter.audit.histories import guard_histories

        post_migrate.connect(guard_histories, sender=self, dispatch_uid="guard_histories")
