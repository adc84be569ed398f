"""What browsers report: pages that tried something the content security policy forbids."""

import json
import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shelter.accounts.access import open_to
from shelter.health import without_identity

logger = logging.getLogger(__name__)

TOLD = ("effective-directive", "blocked-uri", "source-file", "line-number")
LONGEST, SHOWN = 8_192, 120


@csrf_exempt  # nosemgrep: csrf-exempt -- browsers send reports without a token, and nothing is changed
@require_POST
@open_to("everyone")
@without_identity
def violation(request: HttpRequest) -> HttpResponse:
    """Log one violation. Anyone can send anything here: it is cut short, and addresses lose what follows their path."""
    try:
        report = json.loads(request.body[:LONGEST])["csp-report"]
        told = {name: str(report.get(name, "")).partition("?")[0][:SHOWN] for name in TOLD}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    logger.warning("Content security policy violated: %r", told)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
