"""How the list of followed persons narrows."""

from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.sections import SECTIONS
from residents import names
from residents.models import KeyWorker
from residents.querysets import KeyWorkerQuerySet
from residents.widgets import LongSelect
from shelter.accounts.models import User
from shelter.accounts.policy import Can
from shelter.ui.lists import FilterForm
from sites.models import Site


class Whose(TextChoices):
    """Whose follow-ups: as the chips above the list."""

    MINE = "mine", pgettext_lazy("follow-up", "Mine")
    ALL = "all", pgettext_lazy("follow-up", "All at my sites")


class FollowedFilter(FilterForm):
    q = forms.CharField(
        label=_("Name"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "dir": "auto"}),
    )
    site = forms.ModelChoiceField(
        Site.objects.none(),
        to_field_name="slug",
        label=_("Site"),
        required=False,
        empty_label=_("All sites"),
        widget=LongSelect,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        sites = user.access.sites_if_assigned(Can.SEE_PEOPLE)
        self.fields["site"].queryset = Site.objects.filter(pk__in=sites).order_by("name")  # type: ignore[attr-defined]

    @property
    def may_see_all(self) -> bool:
        return self.user.access.may(Can.SEE_PEOPLE)

    @property
    def whose(self) -> Whose:
        """One's own, for those whose work is to follow; everyone's, for those who share it out or only ask who it is."""
        asked, access = self.data.get("whose"), self.user.access
        if not self.may_see_all:
            return Whose.MINE
        if asked in Whose.values:
            return Whose(asked)
        follows = any(access.may_if_assigned(section.read) for section in SECTIONS)
        return Whose.MINE if follows and not access.may(Can.ASSIGN_KEY_WORKERS) else Whose.ALL

    def followed(self) -> KeyWorkerQuerySet:
        """The assignments that the form asks for, among those the user may see; of files in use."""
        current = KeyWorker.objects.filter(person__merged_into=None)
        if self.whose == Whose.MINE:
            return current.of(self.user, Can.SEE_PEOPLE)
        return current.visible_to(self.user).valid()

    def filter_q(self, rows: KeyWorkerQuerySet, value: str) -> KeyWorkerQuerySet:
        for word in names.words(value)[:6]:
            rows = rows.filter(person__search_name__contains=word)
        return rows

    def filter_site(self, rows: KeyWorkerQuerySet, value: Site) -> KeyWorkerQuerySet:
        return rows.filter(site=value)
