"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from accounts import signin
from quoteflow import health, home

urlpatterns = [
    path("", home.home, name="home"),
    path("health", health.health, name="health"),
    path("health/detailed", health.detailed, name="health_detailed"),
    path("accounts/login/", signin.SignIn.as_view(), name="account_login"),
    path("accounts/", include("allauth.account.urls")),
    path("me/", include("accounts.urls")),
    path("rfqs/", include("rfqs.urls")),
    path("suppliers/", include("suppliers.urls")),
    path("admin/", admin.site.urls),
]
