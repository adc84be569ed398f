"""One's own name, language and roles."""

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shelter.accounts import services
from shelter.accounts.access import open_to
from shelter.accounts.forms import ProfileForm
from shelter.http import Request, go_to, render_page
from shelter.ui.toasts import done


@require_http_methods(["GET", "POST"])
@open_to("signed in")
def profile(request: Request) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        services.change_profile(request.user, **form.cleaned_data)
        with translation.override(request.user.language):  # the next page speaks it
            done(request, _("Your profile is changed."))
        return go_to(request, "accounts:profile")
    memberships = request.user.memberships.not_over().select_related("site__organisation")
    context = {"form": form, "memberships": memberships}
    return render_page(request, "accounts/profile.html", context, status=422 if form.errors else 200)
