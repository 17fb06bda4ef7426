"""Every page of ours under axe, light and dark, on a phone and on a desk: no violation of any level."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from .browsing import browser_of
from .test_permissions import TABLE, Line, Scene, scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["scene"]

AXE = Path(__file__).parent / "axe" / "axe.min.js"
WIDTHS = (360, 1280)
# What no page is: for machines, files, pictures, and addresses that only lead elsewhere.
NO_PAGES = {"healthz", "readyz", "healthz-scheduler", "metrics", "manifest", "service-worker", "favicon"}
NO_PAGES |= {"reminders:team-json", "reminders:team-calendar", "reminders:download-export", "styleguide-card"}
# In the order in which somebody is looked for who may come in.
WHO = ("anonymous", "owner", "superuser")
# Pages with something on them that their address alone does not bring up.
MORE = [
    ("anonymous", "/no/such/page/"),
    ("owner", "/no/such/page/"),
    ("owner", "/admin/"),
    ("owner", "/search/?q=re"),
    ("owner", "/search/?q=nothing-begins-like-that"),
    ("stranger", "/today/"),
    ("newcomer", "/today/"),
]


def pages(scene: Scene) -> Iterator[tuple[str, str]]:
    """Whom to ask as, and what; what is shown to people with and without an account, as both."""
    for name, line in TABLE.items():
        if name in NO_PAGES or not line.get:
            continue
        address = reverse(name, args=line.arguments(scene)) + asked(line, scene)
        own = [who for who in WHO if who in line.get]
        yield from ((who, address) for who in own[: 2 if name in {"teams:join", "teams:join-link"} else 1])
    yield from MORE


def asked(line: Line, scene: Scene) -> str:
    return f"?{line.query(scene)}" if line.query else ""


def violations(page: Page, where: str) -> list[str]:
    result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{where}: {each['id']} ({each['impact']}) {node['target']} {node['html'][:160]}"
        for each in result["violations"]
        for node in each["nodes"][:3]
    ]


def checked(page: Page, path: str) -> list[str]:
    """Once a scheme and width; nothing is asked of the server again."""
    page.evaluate(AXE.read_text())
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            found += violations(page, f"{path} {scheme} {width}")
    return found


@pytest.mark.parametrize("who", [*WHO, "stranger", "newcomer"])
def test_no_page_has_a_violation_of_any_level(browser: Any, live: str, scene: Scene, who: str) -> None:
    scene.newcomer = scene.request.user
    found, seen = [], set()
    with browser_of(browser, live, getattr(scene, who)) as page:
        for path in (path for asker, path in pages(scene) if asker == who):
            answer = page.goto(path)
            assert answer and answer.status in {200, 403, 404}, path
            if page.url not in seen:
                seen.add(page.url)
                found += checked(page, path)
    assert seen
    assert found == []


def test_what_opens_over_a_page_has_none(browser: Any, live: str, scene: Scene) -> None:
    found = []
    with browser_of(browser, live, scene.owner) as page:
        page.goto("/today/")
        page.evaluate(AXE.read_text())
        page.keyboard.press("Control+k")
        page.get_by_role("option").first.wait_for()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += violations(page, f"the palette, {scheme}")
        page.keyboard.press("Escape")
        page.get_by_role("heading", level=1).click()
        page.keyboard.press("?")
        page.get_by_role("heading", name="Keys on this page").wait_for()
        found += violations(page, "the list of keys")
        page.keyboard.press("Escape")
        page.set_viewport_size({"width": 360, "height": 800})
        page.get_by_role("button", name="Menu").click()
        found += violations(page, "the navigation of a phone")
    assert found == []


def test_axe_finds_what_is_wrong(browser: Any, live: str) -> None:
    with browser_of(browser, live, None) as page:
        page.goto("/")
        page.evaluate(AXE.read_text())
        page.evaluate("document.querySelector('.shot img').removeAttribute('alt')")
        assert [each for each in violations(page, "/") if "image-alt" in each]
