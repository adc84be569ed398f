"""Taking a list out of the house, as its pages lead: ask, then fetch."""

from django.test import Client

from shelter.exports.models import Export


def ask(client: Client, path: str, purpose: str = "fire drill") -> Export:
    response = client.post(path, {"purpose": purpose})
    assert response.status_code == 302, response.content
    return Export.objects.get(public_id=response.url.split("/")[2])


def fetch(client: Client, export: Export):
    """The answer of the button: the file, or the way back to the page that says why there is none."""
    return client.post(f"/exports/{export.public_id}/download/")


def take_out(client: Client, path: str, purpose: str = "fire drill"):
    return fetch(client, ask(client, path, purpose))
