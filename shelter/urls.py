from django.urls import include, path

from residents.views.tonight import home
from shelter import health, reports

urlpatterns = [
    path("", home, name="dashboard"),
    path("", include("residents.urls")),
    path("", include("casework.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("reports/violation", reports.violation, name="violation"),
    path("account/", include("shelter.accounts.sign_in_urls")),
    path("exports/", include("shelter.exports.urls")),
    path("imports/", include("shelter.imports.urls")),
    path("", include("shelter.ui.urls")),
    path("", include("shelter.accounts.urls")),
    path("sites/", include("sites.urls")),
]

handler400 = "shelter.ui.errors.bad_request"
handler403 = "shelter.ui.errors.permission_denied"
handler404 = "shelter.ui.errors.page_not_found"
handler429 = "shelter.ui.errors.too_many_requests"
handler500 = "shelter.ui.errors.server_error"
