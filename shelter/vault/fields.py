"""The columns in which the database keeps data keys."""

from typing import Any

from django.db import models


class WrappedKeyField(models.BinaryField):
    """A data key, wrapped by the key ring. By this type ``keys rotate`` finds it, and the start asks what it needs.

    In migrations it is the plain column that it is in the database.
    """

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.BinaryField", arguments, options
