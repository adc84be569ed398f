"""One address for each step of an import: file, columns, review, result."""

from django.urls import path

from shelter.imports import views

app_name = "imports"

urlpatterns = [
    path("", views.imports, name="list"),
    path("recent/", views.recent, name="recent"),
    path("new/", views.upload, name="upload"),
    path("<uuid:job>/", views.current_step, name="job"),
    path("<uuid:job>/file/", views.file, name="file"),
    path("<uuid:job>/progress/", views.progress, name="progress"),
    path("<uuid:job>/retry/", views.retry, name="retry"),
    path("<uuid:job>/abandon/", views.abandon, name="abandon"),
    path("<uuid:job>/columns/", views.columns, name="columns"),
    path("<uuid:job>/review/", views.review, name="review"),
    path("<uuid:job>/review/aside/", views.set_rows_aside, name="set_rows_aside"),
    path("<uuid:job>/rows/<int:row>/", views.row, name="row"),
    path("<uuid:job>/rows/<int:row>/decide/", views.decide_row, name="decide_row"),
    path("<uuid:job>/people/", views.people, name="people"),
    path("<uuid:job>/people/<int:likeness>/", views.answer, name="answer"),
    path("<uuid:job>/commit/", views.commit, name="commit"),
    path("<uuid:job>/result/", views.result, name="result"),
    path("<uuid:job>/undo/", views.undo, name="undo"),
]
