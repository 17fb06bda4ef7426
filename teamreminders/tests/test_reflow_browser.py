"""Every page on the narrowest phone, where every name is one long word: nothing makes it wider than its window."""

from typing import Any

import pytest

from accounts.models import User
from reminders.models import Label, Reminder
from teams.models import Team

from .browsing import browser_of
from .test_axe_browser import WHO, pages
from .test_permissions import Scene, scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["scene"]

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter"
WIDTH = 320


@pytest.fixture
def long_words(scene: Scene) -> Scene:
    Team.objects.update(name=WORD)
    User.objects.update(name=WORD)
    Reminder.objects.update(title=WORD)
    Label.objects.filter(pk=scene.label.pk).update(name=WORD[:40])
    for reminder in scene.team.reminders.all():
        reminder.labels.add(scene.label)
    return scene


@pytest.mark.parametrize("who", [*WHO, "stranger"])
def test_no_page_is_wider_than_a_narrow_phone(browser: Any, live: str, long_words: Scene, who: str) -> None:
    wide, seen = {}, 0
    window = {"width": WIDTH, "height": 700}
    with browser_of(browser, live, getattr(long_words, who), viewport=window) as page:
        for path in (path for asker, path in pages(long_words) if asker == who and not path.startswith("/admin/")):
            page.goto(path)
            page.evaluate("document.querySelectorAll('main details:not(.menu)').forEach(each => each.open = true)")
            width, seen = page.evaluate("document.documentElement.scrollWidth"), seen + 1
            wide |= {path: width} if width > WIDTH else {}
    assert seen
    assert wide == {}
