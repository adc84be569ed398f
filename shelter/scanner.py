"""The virus scanner of the house, if one is configured (F4)."""

import shlex
import subprocess

from django.conf import settings

SECONDS = 60


class ScannerFailed(RuntimeError):
    """The scanner gave no answer; an upload is then refused, for nobody knows."""


def is_infected(content: bytes) -> bool:
    """Whether the scanner finds something. ``SCANNER`` is a command that reads a file from its standard input and ends
    with 0 for a clean one, 1 for an infected one, as ``clamdscan -`` does. Without one, nothing is scanned.

    Raises ``ScannerFailed``.
    """
    if not settings.SCANNER:
        return False
    try:
        done = subprocess.run(
            shlex.split(settings.SCANNER), input=content, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScannerFailed(settings.SCANNER) from error
    if done.returncode not in (0, 1):
        raise ScannerFailed(settings.SCANNER)
    return done.returncode == 1
