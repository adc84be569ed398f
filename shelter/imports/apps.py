from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "shelter.imports"
    verbose_name = _("Imports")

    def ready(self) -> None:
        from shelter.accounts.policy import Can
        from shelter.ui.panels import Panel, hang

        hang("tonight", Panel(_("Imports"), part="imports:recent", page="imports:list", can=Can.IMPORT))
