"""A URL map with a page behind every door of the menu, and one page of a site."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from shelter.ui.navigation import GROUPS


def page(request: HttpRequest, site: str = "") -> HttpResponse:
    return HttpResponse()


def route(url_name: str) -> tuple[str, str, str]:
    namespace, _, name = url_name.rpartition(":")
    return ("", namespace, name) if name == "dashboard" else (f"{namespace}/{name}/", namespace, name)


routes = [route(door.url_name) for group in GROUPS for door in group.doors]
namespaces = {namespace for _route, namespace, _name in routes if namespace}

urlpatterns = [
    *(path(where, page, name=name) for where, namespace, name in routes if not namespace),
    *(
        path("", include(([path(w, page, name=n) for w, owner, n in routes if owner == namespace], namespace)))
        for namespace in namespaces
    ),
    path("beds/<slug:site>/", page, name="beds_of_site"),
    path("elsewhere/", page, name="elsewhere"),
]
