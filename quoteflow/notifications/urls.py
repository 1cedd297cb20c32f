"""Addresses under /notices/."""

from django.urls import path

from quoteflow.notifications import views

app_name = "notices"
urlpatterns = [
    path("", views.index, name="index"),
    path("count/", views.count, name="count"),
    path("read/", views.read, name="read"),
    path("choices/", views.choices, name="choices"),
]
