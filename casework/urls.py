from django.urls import URLPattern, path

from casework.sections import SECTIONS, Section
from casework.views import break_glass, documents, follow_up, mine, notes
from shelter.accounts.access import requires
from shelter.accounts.step_up import step_up

app_name = "casework"


def pages_of(section: Section) -> list[URLPattern]:
    """The same pages for each secrecy class, each with the actions of its own class."""
    slug, given = section.slug, {"section": section}
    reads = requires(section.read, if_assigned=True, in_emergency=True)
    writes = requires(section.write, if_assigned=True)
    asked = requires(section.ask)(step_up(break_glass.ask)) if section.ask else None
    locked = (
        [path(f"people/<uuid:person>/{slug}/emergency/", asked, given, name=f"break_glass_{slug}")] if asked else []
    )
    return [
        *locked,
        path(f"people/<uuid:person>/{slug}/", reads(notes.section), given, name=slug),
        path(f"people/<uuid:person>/{slug}/write/", writes(notes.write), given, name=f"write_{slug}"),
        path(f"{slug}/notes/<uuid:note>/correct/", writes(notes.correct), given, name=f"correct_{slug}"),
        path(f"{slug}/notes/<uuid:note>/versions/", writes(notes.versions), given, name=f"versions_{slug}"),
        path(f"people/<uuid:person>/{slug}/documents/add/", writes(documents.add), given, name=f"add_{slug}"),
        path(f"{slug}/documents/<uuid:document>/", reads(documents.download), given, name=f"download_{slug}"),
        path(f"{slug}/documents/<uuid:document>/remove/", writes(documents.remove), given, name=f"remove_{slug}"),
    ]


urlpatterns = [
    path("files/", mine.mine, name="mine"),
    path("files/export/", mine.export_mine, name="export_mine"),
    path("people/<uuid:person>/follow-up/", follow_up.follow_up, name="follow_up"),
    path("people/<uuid:person>/follow-up/assign/", follow_up.assign, name="assign"),
    path("people/<uuid:person>/follow-up/close/", follow_up.close_file, name="close_file"),
    path("people/<uuid:person>/follow-up/reopen/", follow_up.reopen_file, name="reopen_file"),
    path("key-workers/<uuid:key_worker>/end/", follow_up.end_assignment, name="end_assignment"),
    path("key-workers/<uuid:key_worker>/resume/", follow_up.resume_assignment, name="resume_assignment"),
    path("people/<uuid:person>/consents/add/", follow_up.give_consent, name="give_consent"),
    path("consents/<uuid:consent>/withdraw/", follow_up.withdraw_consent, name="withdraw_consent"),
    *(page for section in SECTIONS for page in pages_of(section)),
]
