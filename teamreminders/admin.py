"""What the admin site has beside its models: the way in, and django-rq's pages for superusers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django_rq.admin import QueueAdmin
from django_rq.models import Dashboard
from django_rq.stats_views import stats
from django_rq.urls import get_admin_urlpatterns, get_api_urlpatterns

View = Callable[..., HttpResponse]

admin.site.site_header = admin.site.site_title = _("Team Reminders: operators")
# One door for everybody, with its rate limits and verified addresses; the admin's own form has neither.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

admin.site.unregister(Dashboard)


@admin.register(Dashboard)
class QueuePages(QueueAdmin):
    """Jobs can be read, run and thrown away there: not for every operator, though django-rq asks for no more."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    has_change_permission = has_view_permission

    def get_urls(self) -> list[URLPattern]:
        """django-rq's addresses, also those that would otherwise be open to a token in the address; no table is behind
        them, so the pages that Django makes for rows are left out."""
        home = path("", stats, name="django_rq_dashboard_changelist")
        theirs = [home, *get_api_urlpatterns("django_rq_"), *get_admin_urlpatterns("django_rq_")]
        return [URLPattern(each.pattern, self._guarded(each.callback), None, each.name) for each in theirs]

    def _guarded(self, view: View) -> View:
        @wraps(view)
        def for_superusers(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_module_permission(request):
                raise PermissionDenied
            request.current_app = self.admin_site.name
            return view(request, *args, **kwargs)

        return self.admin_site.admin_view(for_superusers)
