"""Keys that the vault keeps for itself, wrapped."""

from django.db import models

from shelter.accounts.policy import InfoClass
from shelter.rows import Unscoped
from shelter.vault.fields import WrappedKeyField
from shelter.vault.ring import new_data_key, unwrap


class DigestKeyQuerySet(models.QuerySet["DigestKey"]):
    def secret_for(self, purpose: str) -> bytes:
        """The key of one purpose, made at its first use. Two processes at once get the same."""
        wrapped = self.filter(purpose=purpose).values_list("wrapped", flat=True).first()
        if wrapped is None:
            wrapped = self.get_or_create(purpose=purpose, defaults={"wrapped": new_data_key()[1]})[0].wrapped
        return unwrap(bytes(wrapped)).secret


class DigestKey(models.Model):
    """The key of a keyed digest, by which a value is found again without being readable. One key a purpose."""

    info_class = InfoClass.ACCOUNTS
    rows = Unscoped("a wrapped key, about nobody")

    purpose = models.CharField(max_length=60, unique=True)
    wrapped = WrappedKeyField()

    objects = DigestKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.purpose
