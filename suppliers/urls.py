"""Addresses under /suppliers/."""

from django.urls import path

from suppliers import views

app_name = "suppliers"
urlpatterns = [
    path("", views.index, name="index"),
    path("search/", views.search, name="search"),
    path("<uuid:pk>/", views.detail, name="detail"),
]
