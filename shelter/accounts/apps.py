from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "shelter.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from shelter.accounts import checks, mails, sessions  # noqa: F401 -- registers its checks, connects its signals
        from shelter.accounts.tables import TEAM
        from shelter.exports.lists import offer

        offer(TEAM)
        post_migrate.connect(tell_the_database_the_policy, sender=self, dispatch_uid="policy_grants")


def tell_the_database_the_policy(using: str, **_kwargs: object) -> None:
    """Make the table of grants what ``policy.py`` says now."""
    from shelter.accounts.models import PolicyGrant
    from shelter.accounts.policy import Can

    grants = {(can.value, role.value, role not in can.roles()) for can in Can for role in can.roles_if_assigned()}
    rows = PolicyGrant.objects.using(using)
    stale = [row.pk for row in rows.all() if (row.action, row.role, row.assigned_only) not in grants]
    rows.filter(pk__in=stale).delete()
    rows.bulk_create(
        (PolicyGrant(action=action, role=role, assigned_only=assigned) for action, role, assigned in grants),
        ignore_conflicts=True,
    )
