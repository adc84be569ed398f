"""A house whose one page forgets everything: no role, no queryset, no condition."""

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

from shelter import urls as house


def everyone(_request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_name FROM residents_person")
        return JsonResponse([name for (name,) in cursor.fetchall()], safe=False)


urlpatterns = [path("everyone/", everyone), *house.urlpatterns]
