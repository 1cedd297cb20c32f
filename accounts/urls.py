"""Addresses under /me/."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("absence/", views.absence, name="absence"),
    path("absence/<uuid:pk>/end/", views.end_absence, name="end_absence"),
    path("preferences/", views.preferences, name="preferences"),
]
