import logging
import re

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.test import Client, RequestFactory
from django.urls import ResolverMatch

from shelter.accounts.access import requires
from shelter.accounts.policy import Can
from shelter.ui import errors

REFERENCE = re.compile(r"\b[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}\b")


@pytest.fixture
def request_():
    request = RequestFactory().get("/somewhere/")
    request.resolver_match = ResolverMatch(requires(Can.MERGE_PEOPLE)(lambda request: None), (), {})
    return request


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda request: errors.bad_request(request, Exception()), 400),
        (lambda request: errors.bad_request(request, RequestDataTooBig()), 413),
        (lambda request: errors.permission_denied(request, PermissionDenied()), 403),
        (lambda request: errors.csrf_failure(request, "reason"), 403),
        (lambda request: errors.page_not_found(request, Exception()), 404),
        (errors.server_error, 500),
    ],
)
def test_an_error_page_has_a_reference_that_the_log_has_too(request_, answer, status, caplog, settings):
    settings.LANGUAGE_CODE = "en"
    with caplog.at_level(logging.INFO, logger="shelter.ui.errors"):
        response = answer(request_)
    assert response.status_code == status
    reference = REFERENCE.search(response.content.decode())
    assert reference
    assert reference[0] in caplog.text


def test_a_refused_page_says_who_may_open_it(request_):
    page = errors.permission_denied(request_, PermissionDenied()).content.decode()
    assert all(str(role.label) in page for role in Can.MERGE_PEOPLE.roles())


def test_an_error_page_costs_no_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/account/nothing-here/").status_code == 404


def test_a_form_without_its_token_is_refused_kindly(db):
    response = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a@example.org"})
    assert response.status_code == 403
    assert REFERENCE.search(response.content.decode())
