"""Exports: what waits for me and what I asked for."""

from django.urls import path

from shelter.exports import views

app_name = "exports"

urlpatterns = [
    path("", views.exports, name="list"),
    path("export/", views.export_list, name="export_list"),
    path("<uuid:export>/", views.export, name="export"),
    path("<uuid:export>/allow/", views.allow, name="allow"),
    path("<uuid:export>/download/", views.download, name="download"),
    path("<uuid:export>/destroy/", views.give_up, name="give_up"),
]
