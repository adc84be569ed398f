"""The web server's way in: ``gunicorn shelter.wsgi``."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shelter.settings")
os.environ.setdefault("STATEMENT_SECONDS", "20")  # a page that asks the database for longer is wrong

from django.core.wsgi import get_wsgi_application

from shelter.start import refuse_unsound_house

application = get_wsgi_application()
refuse_unsound_house()
