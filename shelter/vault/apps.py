from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from shelter.vault.ring import KeyRing


class VaultConfig(AppConfig):
    name = "shelter.vault"
    verbose_name = _("Vault")

    def ready(self) -> None:
        KeyRing.parse(settings.VAULT_KEYS)  # an unusable key stops the start here, with its name, and not a page later

        from shelter.vault import rotation

        register(rotation.check_histories)
        post_migrate.connect(rotation.tell_the_database, sender=self, dispatch_uid="ring_keys")
