import json
import logging
import sys

from shelter.logs import JsonLines, current_request


def test_a_log_line_is_one_json_object_that_names_its_request():
    token = current_request.set("abc")
    try:
        record = logging.LogRecord("sites", logging.INFO, __file__, 1, "Bed %s\nclosed", (7,), None)
        line = JsonLines().format(record)
    finally:
        current_request.reset(token)
    assert "\n" not in line
    assert {"level": "INFO", "logger": "sites", "message": "Bed 7\nclosed", "request": "abc"}.items() <= json.loads(
        line
    ).items()


def test_an_error_brings_its_traceback():
    try:
        raise ValueError("no")
    except ValueError:
        record = logging.LogRecord("sites", logging.ERROR, __file__, 1, "Failed", (), sys.exc_info())
    assert "ValueError: no" in json.loads(JsonLines().format(record))["exception"]


def test_every_answer_names_its_request(client):
    first, second = (client.get("/healthz").headers["X-Request-ID"] for _ in range(2))
    assert first != second
