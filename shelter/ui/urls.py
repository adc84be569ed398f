from django.urls import path

from shelter.ui import language

app_name = "ui"

urlpatterns = [path("language/", language.choose_language, name="language")]
