"""What forms of every page share."""

from collections.abc import Mapping

from django import forms

from shelter.db import DomainError


def refuse(form: forms.BaseForm, refusal: DomainError, *, instead_of: Mapping[str, str] | None = None) -> None:
    """Put a service's refusal onto the field it belongs to, or onto the form if it has no such field.

    ``instead_of`` maps the refusal's field to the form's own name for it.
    """
    field = (instead_of or {}).get(refusal.field or "", refusal.field)
    form.add_error(field if field in form.fields else None, str(refusal))
