import json
import logging

import pytest


def send(client, body: str):
    return client.post("/reports/violation", body, content_type="application/csp-report")


def test_a_violation_is_logged_without_what_follows_the_path(client, caplog):
    report = {"effective-directive": "script-src", "blocked-uri": "https://elsewhere.example/x.js?name=Amina"}
    with caplog.at_level(logging.WARNING):
        assert send(client, json.dumps({"csp-report": report})).status_code == 204
    assert "https://elsewhere.example/x.js" in caplog.text
    assert "Amina" not in caplog.text


@pytest.mark.parametrize("body", ["", "[]", '{"csp-report": 1}', "x" * 20_000, "[" * 20_000])
def test_what_is_no_report_is_refused(client, body):
    assert send(client, body).status_code == 400


def test_every_answer_says_where_to_report(client):
    assert "report-uri /reports/violation" in client.get("/healthz").headers["Content-Security-Policy"]
