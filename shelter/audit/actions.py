"""What the record tells apart."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Action(TextChoices):
    """What somebody did. The first seven are readings: each names the persons whose data was shown."""

    OPEN = "open", pgettext_lazy("action", "opened")
    LIST = "list", pgettext_lazy("action", "seen in a list")
    SEARCH = "search", pgettext_lazy("action", "found by a search")
    PRINT = "print", pgettext_lazy("action", "printed")
    EXPORT = "export", pgettext_lazy("action", "exported")
    DOWNLOAD = "download", pgettext_lazy("action", "downloaded")
    TASK = "task", pgettext_lazy("action", "read by a task")
    SIGN_IN = "sign_in", _("sign-in")
    SIGN_IN_REFUSED = "sign_in_refused", _("sign-in refused")
    SIGN_OUT = "sign_out", _("sign-out")
    FACTOR = "factor", _("sign-in factor changed")
    INVITE = "invite", _("invitation")
    GRANT = "grant", _("access granted")
    REVOKE = "revoke", _("access ended")
    DENIED = "denied", _("access denied")
    BREAK_GLASS = "break_glass", _("emergency access")
    REVIEW = "review", _("emergency access reviewed")
    IMPORT = "import", _("import")
    UNDO_IMPORT = "undo_import", _("import undone")
    KEY = "key", _("key operation")
    ERASURE = "erasure", _("erasure")
    SETTINGS = "settings", _("settings changed")


READINGS = (Action.OPEN, Action.LIST, Action.SEARCH, Action.PRINT, Action.EXPORT, Action.DOWNLOAD, Action.TASK)


class Purpose(TextChoices):
    """Why data was shown. Never free text: a reason that names somebody would be content."""

    ROUTINE = "routine", _("daily work")
    BREAK_GLASS = "break_glass", _("emergency access")
    EXPORT = "export", _("export")
    IMPORT = "import", _("import")
