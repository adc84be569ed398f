from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResidentsConfig(AppConfig):
    name = "residents"
    verbose_name = _("Residents")

    def ready(self) -> None:
        from residents.tables import ACCESS_LOG, EMERGENCY_LIST, PEOPLE, READ, SEEN
        from residents.tabs import tabs_of, tabs_of_member
        from shelter.exports.lists import offer
        from shelter.ui.panels import hang_tabs

        hang_tabs("person", tabs_of)
        hang_tabs("member", tabs_of_member)
        for named_list in (PEOPLE, ACCESS_LOG, READ, SEEN, EMERGENCY_LIST):
            offer(named_list)
