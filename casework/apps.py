from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = _("Casework")

    def ready(self) -> None:
        from casework.tables import FOLLOWED
        from casework.tabs import tabs_of
        from shelter.exports.lists import offer
        from shelter.ui.panels import hang_tabs

        hang_tabs("person", tabs_of)
        offer(FOLLOWED)
