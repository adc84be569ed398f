from django.urls import path

from sites import views

app_name = "sites"

# Words that stand where a site's short name could are kept free by services.RESERVED_SLUGS.
urlpatterns = [
    path("", views.sites, name="list"),
    path("export/", views.export, name="export"),
    path("add/", views.add_site, name="add"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/add/", views.add_organisation, name="add_organisation"),
    path("organisations/<slug:organisation>/", views.edit_organisation, name="edit_organisation"),
    path("rooms/<uuid:room>/", views.room, name="room"),
    path("rooms/<uuid:room>/beds/", views.add_beds, name="add_beds"),
    path("rooms/<uuid:room>/retire/", views.retire_room, name="retire_room"),
    path("rooms/<uuid:room>/remove/", views.remove_room, name="remove_room"),
    path("beds/<uuid:bed>/", views.edit_bed, name="edit_bed"),
    path("beds/<uuid:bed>/retire/", views.retire_bed, name="retire_bed"),
    path("beds/<uuid:bed>/put-back/", views.put_back, name="put_back"),
    path("closures/<uuid:closure>/reopen/", views.reopen, name="reopen"),
    path("<slug:site>/", views.site, name="site"),
    path("<slug:site>/edit/", views.edit_site, name="edit"),
    path("<slug:site>/rooms/", views.add_rooms, name="add_rooms"),
    path("<slug:site>/close/", views.close_beds, name="close_beds"),
]
