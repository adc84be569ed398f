"""The pages of accounts, by subject."""

from shelter.accounts.views.invitations import accept, invitations, invite, revoke
from shelter.accounts.views.policy import export_policy, policy
from shelter.accounts.views.profile import profile
from shelter.accounts.views.team import end_role, export_team, member, resume_role, team

__all__ = [
    "accept",
    "end_role",
    "export_policy",
    "export_team",
    "invitations",
    "invite",
    "member",
    "policy",
    "profile",
    "resume_role",
    "revoke",
    "team",
]
