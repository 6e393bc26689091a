"""The addresses of the whole site: all of them belong to the surveys app."""

from django.urls import include, path

handler400 = "surveys.views.errors.bad_request"
handler403 = "surveys.views.errors.forbidden"
handler404 = "surveys.views.errors.not_found"
handler500 = "surveys.views.errors.server_error"

urlpatterns = [path("", include("surveys.urls"))]
