from django.urls import path

from residents.views import admissions, beds, merges, people, persons, stays, waiting

app_name = "residents"
urlpatterns = [
    path("beds/", beds.beds, name="beds"),
    path("beds/<uuid:bed>/", beds.bed, name="bed"),
    path("sites/<slug:site>/beds/", beds.bed_board, name="bed_board"),
    path("sites/<slug:site>/beds/nights/", beds.bed_nights, name="bed_nights"),
    path("sites/<slug:site>/beds/list/", beds.night_list, name="night_list"),
    path("people/", people.people, name="people"),
    path("people/export/", people.export_people, name="export_people"),
    path("people/<uuid:person>/", persons.person, name="person"),
    path("people/<uuid:person>/edit/", persons.edit_person, name="edit_person"),
    path("people/<uuid:person>/household/", persons.join_household, name="join_household"),
    path("people/<uuid:person>/household/leave/", persons.leave_household, name="leave_household"),
    path("people/<uuid:person>/admit/", admissions.admit_person, name="admit_person"),
    path("people/<uuid:person>/wait/", waiting.request_place, name="request_place"),
    path("people/<uuid:person>/doubles/", merges.doubles, name="doubles"),
    path("people/<uuid:person>/merge/<uuid:double>/", merges.merge, name="merge"),
    path("merges/<int:merge>/undo/", merges.unmerge, name="unmerge"),
    path("admit/", admissions.admit, name="admit"),
    path("admit/new/", admissions.admit_new, name="admit_new"),
    path("admit/beds/", admissions.free_beds, name="free_beds"),
    path("stays/<uuid:stay>/move/", stays.move, name="move"),
    path("stays/<uuid:stay>/beds/", stays.free_beds, name="free_beds_for_stay"),
    path("stays/<uuid:stay>/depart/", stays.depart, name="depart"),
    path("stays/<uuid:stay>/correct/", stays.correct_stay, name="correct_stay"),
    path("stays/<uuid:stay>/cancel/", stays.cancel_admission, name="cancel_admission"),
    path("stays/<uuid:stay>/depart/cancel/", stays.cancel_departure, name="cancel_departure"),
    path("waiting/", waiting.waiting_list, name="waiting_list"),
    path("waiting/<uuid:asked>/decide/", waiting.decide, name="decide"),
    path("waiting/<uuid:asked>/reopen/", waiting.reopen_request, name="reopen_request"),
]
