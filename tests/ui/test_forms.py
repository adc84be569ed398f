import pytest
from django import forms


class AdmissionForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As written on the paper.")
    until = forms.DateField(label="Until", required=False)
    gender = forms.ChoiceField(label="Gender", choices=[("w", "Woman"), ("m", "Man")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="I am sure")


@pytest.fixture
def refused():
    return str(AdmissionForm({"until": "soon"}))


def test_the_summary_links_to_each_field_in_error(refused):
    assert 'role="alert"' in refused
    for field in ("id_name", "id_until", "id_sure"):
        assert f'href="#{field}"' in refused


def test_a_message_stands_above_its_field_and_describes_it(refused):
    assert 'aria-invalid="true"' in refused
    assert 'aria-describedby="id_name_helptext id_name_error"' in refused
    assert refused.index('id="id_name_error"') < refused.index('name="name"')


def test_every_widget_brings_its_class_and_a_field_of_choices_its_legend():
    form = str(AdmissionForm())
    assert 'class="form-control"' in form
    assert 'class="form-check-input"' in form
    assert "<legend" in form


def test_a_field_that_may_stay_empty_says_so():
    form = str(AdmissionForm())
    assert form.index("Until") < form.index("(") < form.index('name="until"')
