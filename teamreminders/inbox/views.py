"""The pages of the local inbox: all mail, one mail, its HTML in a frame that can do nothing, its source."""

from csp.decorators import csp_exempt, csp_replace
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import Urlizer
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from .maildir import Box, Mail

PER_PAGE = 25
# Of a mail's own HTML: styles and embedded pictures, nothing that runs, loads or leaves.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


class Linker(Urlizer):
    """Django's urlize, with links that open beside the inbox and cannot reach back."""

    url_template = '<a href="{href}"{attrs} rel="noopener" target="_blank">{url}</a>'


link = Linker()


def _box() -> Box:
    return Box(settings.LOCAL_INBOX)


def _find(key: str) -> Mail:
    mail = _box().find(key)
    if mail is None:
        raise Http404("No such mail in the local inbox")
    return mail


@never_cache
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """All mail, newest first; htmx asks for the list alone."""
    box = _box()
    page = Paginator(box.keys(), PER_PAGE).get_page(request.GET.get("page"))
    template = "inbox/mails.html#mails" if request.headers.get("HX-Request") else "inbox/mails.html"
    return render(request, template, {"page": page, "mails": list(box.mails(list(page.object_list)))})


@require_POST
def empty(request: HttpRequest) -> HttpResponse:
    _box().empty()
    return redirect("inbox:mails")


@never_cache
@require_safe
@csp_replace({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # csp knows views without arguments only
def mail(request: HttpRequest, key: str) -> HttpResponse:
    found = _find(key)
    text = mark_safe(link(found.text, autoescape=True))  # noqa: S308  (as urlize does: the words are escaped)
    return render(request, "inbox/mail.html", {"mail": found, "text": text})


@require_safe
@xframe_options_sameorigin
@csp_exempt()  # type: ignore[arg-type]  # csp knows views without arguments only
def html(request: HttpRequest, key: str) -> HttpResponse:
    """The mail's HTML, for a sandboxed frame; sandboxed too when opened by itself. Its links open beside it."""
    response = HttpResponse(f'<base target="_blank">{_find(key).html}')
    response["Content-Security-Policy"] = MAIL_POLICY
    return response


@require_safe
def source(request: HttpRequest, key: str) -> HttpResponse:
    """The message as it arrived."""
    return HttpResponse(_find(key).source, content_type="text/plain; charset=utf-8")
