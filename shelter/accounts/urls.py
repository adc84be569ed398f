from django.urls import path

from shelter.accounts import views

app_name = "accounts"

urlpatterns = [
    path("team/", views.team, name="team"),
    path("team/export/", views.export_team, name="export_team"),
    path("team/members/<uuid:member>/", views.member, name="member"),
    path("team/roles/<uuid:membership>/end/", views.end_role, name="end_role"),
    path("team/roles/<uuid:membership>/resume/", views.resume_role, name="resume_role"),
    path("team/invitations/", views.invitations, name="invitations"),
    path("team/invitations/add/", views.invite, name="invite"),
    path("team/invitations/<uuid:invitation>/revoke/", views.revoke, name="revoke"),
    path("invitation/<str:token>/", views.accept, name="accept"),
    path("policy/", views.policy, name="policy"),
    path("policy/export/", views.export_policy, name="export_policy"),
    path("profile/", views.profile, name="profile"),
]
