"""The house as ``bench/pages.py`` serves it: as in production, with two pages more."""

from shelter.settings import *  # noqa: F403 — all of them, that is the point

ROOT_URLCONF = "bench.pages_urls"
