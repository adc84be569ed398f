"""How the web server runs, in `make run` and in the containers: ``gunicorn --config python:shelter.gunicorn``."""

import os

wsgi_app = "shelter.wsgi"
bind = os.environ.get("WEB_BIND", "0.0.0.0:8000").split(",")
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 5
max_requests, max_requests_jitter = 10_000, 1_000
accesslog = None  # addresses carry identifiers; the proxy counts requests
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "INFO").lower()
