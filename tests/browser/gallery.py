"""A URL map whose front page shows every component in every state, so that a browser can judge them all at once."""

from pathlib import Path

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from shelter import urls
from shelter.accounts.access import open_to
from shelter.ui import toasts
from shelter.ui.charts import LineChart, Point
from shelter.ui.lists import Page, Sorting

BEDS = [
    ("A", "occ", "Yonas T."),
    ("B", "free", "Libre"),
    ("C", "res", "Hassan M."),
    ("D", "abs", "Idriss N."),
    ("E", "blk", "Bloqué"),
]

PAGE = Path(__file__).with_suffix(".html")


class EveryField(forms.Form):
    name = forms.CharField(label="Nom", help_text="Comme écrit sur le papier.")
    born = forms.DateField(label="Date de naissance", required=False)
    gender = forms.ChoiceField(label="Genre", choices=[("w", "Femme"), ("m", "Homme")], widget=forms.RadioSelect)
    reason = forms.ChoiceField(label="Motif", choices=[("", "Choisir…"), ("a", "Logement")])
    languages = forms.MultipleChoiceField(
        label="Langues",
        choices=[("fr", "Français"), ("ti", "Tigrinya")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label="Remarque", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    sure = forms.BooleanField(label="Je confirme")
    paper = forms.FileField(label="Fichier", required=False)


@open_to("signed in")
def gallery(request: HttpRequest) -> HttpResponse:
    toasts.done(request, "Yonas T. a maintenant le lit 101-A.", undo="/undo/")
    messages.error(request, "Le lit 512-A n’existe pas.")
    nights = [Point(f"{night} nov.", 1250 + night % 7) for night in range(1, 31)]
    context = {
        "chart": LineChart("Personnes hébergées", nights, "Hébergées", "Nuit du", limit=1339, limit_label="Capacité"),
        "form": EveryField({"born": "demain", "languages": ["ti"]}),
        "page": Page([1, 2], 2, 50, 303, has_next=True),
        "sorting": Sorting({"name": ["name"], "bed": ["bed"]}, "name", descending=False),
        "steps": ["Fichier", "Colonnes", "Vérifier", "Résultat"],
        "rooms": ["101", "102", "103"],
        "beds": BEDS,
    }
    return HttpResponse(Template(PAGE.read_text()).render(RequestContext(request, context)))


@open_to("signed in")
def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("on purpose")


urlpatterns = [path("", gallery, name="dashboard"), path("broken/", broken), *urls.urlpatterns]

handler404 = "shelter.ui.errors.page_not_found"
handler500 = "shelter.ui.errors.server_error"
