"""Every model says what kind of information it holds (A1)."""

import pytest
from django.apps import apps

from shelter.accounts.policy import InfoClass
from tests.security.addresses import OURS

MODELS = [
    model
    for model in apps.get_models()
    if model.__module__.split(".")[0] in OURS and not hasattr(model, "pgh_tracked_model")  # a history follows its model
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_models_declare_their_class(model):
    said = getattr(model, "info_class", None)
    by_row = any(field.name == "info_class" and field.choices == InfoClass.choices for field in model._meta.fields)
    assert by_row or isinstance(said, InfoClass), (
        f"{model._meta.label} has no info_class. Say which column of shelter/accounts/policy.py it belongs to."
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_fields_of_another_class_exist(model):
    for name, info_class in getattr(model, "field_classes", {}).items():
        assert model._meta.get_field(name)
        assert isinstance(info_class, InfoClass)
