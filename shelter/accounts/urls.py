from django.urls import path

from shelter.accounts import views

app_name = "accounts"

urlpatterns = [
    path("team/", views.team, name="team"),
    path("team/export/", views.export_team, name="export_team"),
    path("team/members/<uuid:member>/", views.member, name="member"),
    path("team/members/<uuid:member>/sign-out/", views.end_sessions_of, name="end_sessions_of"),
    path("team/members/<uuid:member>/reopen/", views.reopen, name="reopen"),
    path("team/sites/<slug:site>/sign-out/", views.sign_out_site, name="sign_out_site"),
    path("team/roles/<uuid:membership>/end/", views.end_role, name="end_role"),
    path("team/roles/<uuid:membership>/resume/", views.resume_role, name="resume_role"),
    path("team/invitations/", views.invitations, name="invitations"),
    path("team/invitations/add/", views.invite, name="invite"),
    path("team/invitations/<uuid:invitation>/revoke/", views.revoke, name="revoke"),
    path("team/proposals/", views.proposals, name="proposals"),
    path("team/proposals/<uuid:proposal>/confirm/", views.confirm_role, name="confirm_role"),
    path("team/proposals/<uuid:proposal>/turn-down/", views.turn_down_role, name="turn_down_role"),
    path("invitation/", views.accept, name="accept"),
    path("invitation/microsoft/", views.accept_with_microsoft, name="accept_with_microsoft"),
    path("invitation/<str:token>/", views.open_invitation, name="open_invitation"),
    path("policy/", views.policy, name="policy"),
    path("policy/export/", views.export_policy, name="export_policy"),
    path("profile/", views.profile, name="profile"),
    path("profile/sessions/", views.my_sessions, name="sessions"),
    path("profile/sessions/<uuid:session>/end/", views.end_session, name="end_session"),
    path("profile/sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
    path("profile/draft/", views.draft, name="draft"),
    path("profile/time-left/", views.time_left, name="time_left"),
]
