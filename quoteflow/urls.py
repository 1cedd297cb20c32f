"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from accounts import signin
from quoteflow import health, home
from rfqs.urls import portal_urls
from rfqs.views import door

handler500 = "quoteflow.home.broken"

urlpatterns = [
    # They are tried from the top: the addresses of the day's work come first.
    path("", home.home, name="home"),
    path("rfqs/", include("rfqs.urls")),
    path("favicon.ico", home.favicon, name="favicon"),
    path("health", health.health, name="health"),
    path("health/detailed", health.detailed, name="health_detailed"),
    # Where a password can be guessed, in front of the library's own addresses of these names.
    path("accounts/login/", signin.sign_in, name="account_login"),
    path("accounts/reauthenticate/", signin.prove_again, name="account_reauthenticate"),
    path("accounts/password/change/", signin.change_password, name="account_change_password"),
    path("accounts/password/reset/", signin.reset_password, name="account_reset_password"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        signin.reset_password_from_key,
        name="account_reset_password_from_key",
    ),
    # The address a person signs in with is the back office's to change.
    path(
        "accounts/email/",
        RedirectView.as_view(pattern_name="accounts:profile"),
        name="account_email",
    ),
    path("accounts/", include("allauth.account.urls")),
    path("me/", include("accounts.urls")),
    path("notices/", include("quoteflow.notifications.urls")),
    path("suppliers/", include("suppliers.urls")),
    path("portal/", include(portal_urls)),
    path("s/<str:token>/", door.door, name="door"),
    path("admin/", admin.site.urls),
]
