"""The key of what is confided about a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from residents.models.people import Person
from shelter.accounts.policy import InfoClass
from shelter.rows import Rows
from shelter.vault import DataKey, Unreadable, new_data_key, unwrap
from shelter.vault.fields import WrappedKeyField


class PersonKeyQuerySet(models.QuerySet["PersonKey"]):
    def data_key_of(self, person_id: int) -> DataKey:
        """The person's key, to read by. Raises ``Unreadable`` when there is none, or no longer."""
        wrapped = self.filter(person=person_id).values_list("wrapped", flat=True).first()
        if wrapped is None:
            raise Unreadable("This person has no key.")
        return unwrap(bytes(wrapped))

    def sealing_key_of(self, person_id: int) -> DataKey:
        """The same to write by: made at its first use. Two processes at once get the same."""
        try:
            return self.data_key_of(person_id)
        except Unreadable:
            made, _created = self.get_or_create(person_id=person_id, defaults={"wrapped": new_data_key()[1]})
            return unwrap(bytes(made.wrapped))


def _held_by(actions: str) -> str:
    """Who does one of these for the person: as key worker, or at a site, for a person they may see."""
    seen = "EXISTS (SELECT FROM residents_person p WHERE p.id = {table}.person_id)"
    return f"person_id = ANY ({{assigned:{actions}}}) OR (cardinality({{sites:{actions}}}) > 0 AND {seen})"


# Whoever opens a file in an emergency seals the reason.
BREAKING = "person_id = ANY ({assigned:break_glass_identity,break_glass_interviews,break_glass_legal})"


class PersonKey(models.Model):
    """One data key a person, wrapped by the key ring (D2). Destroying the row makes all they confided unreadable.

    Without a history on purpose: a copy of the key would outlive its destruction.
    """

    info_class = InfoClass.IDENTITY
    rows = Rows(
        read=f"{_held_by('read_interviews,read_legal,read_health,see_safety')} OR {BREAKING}",
        insert=f"{_held_by('write_interviews,write_legal,write_health')} OR {BREAKING}",
    )

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="key")
    wrapped = WrappedKeyField()

    objects = PersonKeyQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("key of a person"), _("keys of persons")

    def __str__(self) -> str:
        return f"P-{self.person_id:05d}"
