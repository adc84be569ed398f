from django.urls import path

from shelter.ui import language, searches

app_name = "ui"

urlpatterns = [
    path("language/", language.choose_language, name="language"),
    path("search/", searches.search, name="search"),
]
