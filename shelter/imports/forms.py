"""What people send to the import's pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shelter.accounts.models import User
from shelter.accounts.policy import Can, InfoClass
from shelter.imports import wording
from shelter.imports.classes import KINDS, SECRECY, class_of
from shelter.imports.models import ImportFile, ImportJob, StagedRow
from shelter.imports.services.upload import EXTENSIONS, MAX_BYTES, MAX_FILES, Upload
from shelter.ui.lists import FilterForm
from sites.models import Site


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One or several files; each is cleaned alone."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(SeveralFilesField, self).clean(one, initial) for one in given]


class UploadForm(forms.Form):
    site = forms.ModelChoiceField(Site.objects.none(), label=_("Site"))
    workbooks = SeveralFilesField(label=_("Files"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = Site.objects.visible_to(user, Can.IMPORT).order_by("name")
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.fields["workbooks"].widget.attrs["accept"] = ",".join(EXTENSIONS)
        if len(sites) == 1:
            self.fields["site"].initial = sites[0]

    def clean_workbooks(self) -> list[Upload]:
        files: Sequence[UploadedFile] = self.cleaned_data["workbooks"]
        if len(files) > MAX_FILES:
            raise forms.ValidationError(_("Choose at most %(count)d files at a time.") % {"count": MAX_FILES})
        for file in files:
            name = file.name or ""
            if Path(name).suffix.lower() not in EXTENSIONS:
                raise forms.ValidationError(
                    _("%(file)s is not a workbook that can be read. Send .xlsx, .xlsm, .ods or .csv.") % {"file": name}
                )
            if (file.size or 0) > MAX_BYTES:
                raise forms.ValidationError(_("%(file)s is larger than 10 MB. Split it.") % {"file": name})
        return [Upload(file.name or "", file.read()) for file in files]


class JobFilter(FilterForm):
    site = forms.ModelChoiceField(Site.objects.none(), label=_("Site"), required=False, empty_label=_("All sites"))
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = Site.objects.visible_to(user, Can.IMPORT)  # type: ignore[attr-defined]
        self.fields["state"].choices = [("", _("All states")), *ImportJob.State.choices]  # type: ignore[attr-defined]

    def filter_site(self, jobs: QuerySet[ImportJob], site: Site) -> QuerySet[ImportJob]:
        return jobs.filter(site=site)

    def filter_state(self, jobs: QuerySet[ImportJob], state: str) -> QuerySet[ImportJob]:
        return jobs.filter(state=state)


class RowFilter(FilterForm):
    """Which rows of the review. ``status`` also knows ``set_aside``."""

    status = forms.ChoiceField(
        required=False, choices=[("", ""), ("set_aside", ""), *StagedRow.Status.choices], widget=forms.HiddenInput
    )
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    reason = forms.ChoiceField(label=_("Reason"), required=False)

    def __init__(self, *args: Any, job: ImportJob, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sheets = job.staged_rows.order_by("sheet").values_list("sheet", flat=True).distinct()
        codes = job.staged_rows.exclude(reason="").order_by("reason").values_list("reason", flat=True).distinct()
        all_of_them = [("", _("All"))]
        self.fields["sheet"].choices = [*all_of_them, *((sheet, sheet) for sheet in sheets)]  # type: ignore[attr-defined]
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            *all_of_them,
            *((code, wording.reason(code, {})) for code in codes),
        ]

    def filter_status(self, rows: QuerySet[StagedRow], status: str) -> QuerySet[StagedRow]:
        if status == "set_aside":
            return rows.filter(is_set_aside=True)
        return rows.filter(status=status, is_set_aside=False)

    def filter_sheet(self, rows: QuerySet[StagedRow], sheet: str) -> QuerySet[StagedRow]:
        return rows.filter(sheet=sheet)

    def filter_reason(self, rows: QuerySet[StagedRow], reason: str) -> QuerySet[StagedRow]:
        return rows.filter(reason=reason)


class CellForm(forms.Form):
    """Another text for one cell of a row."""

    column = forms.RegexField(r"^[A-Z]{1,3}$", widget=forms.HiddenInput)
    text = forms.CharField(max_length=500, required=False, label=_("Correct value"))


class TableForm(forms.Form):
    """Kind and columns of one table. Grids of days are shown, not offered: there is nothing to choose.

    What is of a secrecy class that the reader does not hold stays what it is: taken for a name, it would be shown (A9b).
    """

    def __init__(
        self, data: Any = None, *, file: ImportFile, table: dict[str, Any], classes: frozenset[InfoClass]
    ) -> None:
        super().__init__(data, prefix=f"t{file.pk}-{table['index']}")
        self.file, self.table = file, table
        given = file.mapping.get(str(table["index"]), {})
        kind = given.get("kind") or table["kind"] or ""
        self.fields["kind"] = forms.ChoiceField(
            label=_("What this table is"),
            required=False,
            choices=[("", wording.kind(None)), *wording.KINDS.items()],
            initial=kind,
            disabled=KINDS.get(kind) in SECRECY - classes,
        )
        names = wording.FIELDS_OF.get(kind, ("ignore",))
        for letter, column in table["columns"].items():
            if ":" in column["field"]:
                continue
            known = dict.fromkeys((column["field"], *names))
            self.fields[letter] = forms.ChoiceField(
                label=column["heading"] or letter,
                required=False,
                choices=[(name, wording.field(name)) for name in known],
                initial=column["field"],
                disabled=class_of(table["kind"] or "", column["field"]) in SECRECY - classes,
            )

    def changes(self) -> dict[str, Any]:
        """What differs from what is recognised now, over what was changed before."""
        given = self.file.mapping.get(str(self.table["index"]), {})
        columns = dict(given.get("columns", {}))
        for letter, column in self.table["columns"].items():
            chosen = self.cleaned_data.get(letter)
            if chosen and chosen != column["field"]:
                columns[letter] = chosen
        kind = self.cleaned_data["kind"] if self.cleaned_data["kind"] != self.table["kind"] else given.get("kind")
        return {**({"kind": kind} if kind else {}), **({"columns": columns} if columns else {})}
