"""The pages of accounts, by subject."""

from shelter.accounts.views.drafts import draft
from shelter.accounts.views.invitations import (
    accept,
    accept_with_microsoft,
    invitations,
    invite,
    open_invitation,
    revoke,
)
from shelter.accounts.views.policy import export_policy, policy
from shelter.accounts.views.profile import profile
from shelter.accounts.views.proposals import confirm_role, proposals, turn_down_role
from shelter.accounts.views.sessions import (
    end_other_sessions,
    end_session,
    end_sessions_of,
    my_sessions,
    sign_out_site,
    time_left,
)
from shelter.accounts.views.team import end_role, export_team, member, reopen, resume_role, team

__all__ = [
    "accept",
    "accept_with_microsoft",
    "confirm_role",
    "draft",
    "end_other_sessions",
    "end_role",
    "end_session",
    "end_sessions_of",
    "export_policy",
    "export_team",
    "invitations",
    "invite",
    "member",
    "my_sessions",
    "open_invitation",
    "policy",
    "profile",
    "proposals",
    "reopen",
    "resume_role",
    "revoke",
    "sign_out_site",
    "team",
    "time_left",
    "turn_down_role",
]
