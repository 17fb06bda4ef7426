"""The pictures that are kept as files: icons, what a link to us shows, and the front page's look at a receipt.

`make pictures` draws them anew, in Chromium, from our own pages filled with the demo, when their look has changed.
"""

import base64
import struct
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from accounts.tests.factories import UserFactory
from reminders.models import Reminder

STATIC = Path(settings.BASE_DIR) / "static"
SVG = STATIC / "icons" / "favicon.svg"
PAPER = "#faf9f6"
SHOWN = "Write down what we did today"


def test_icons(browser: Any) -> None:
    for name, size, inner, ground in [
        ("apple-touch-icon.png", 180, 128, PAPER),
        ("icon-192.png", 192, 184, "transparent"),
        ("icon-512.png", 512, 488, "transparent"),
        ("icon-maskable-512.png", 512, 330, PAPER),
    ]:
        (STATIC / "icons" / name).write_bytes(_drawn(browser, size, inner, ground))
    small = [(size, _drawn(browser, size, size, "transparent")) for size in (16, 32, 48)]
    (STATIC / "icons" / "favicon.ico").write_bytes(_ico(small))


def _drawn(browser: Any, size: int, inner: int, ground: str) -> bytes:
    page = browser.new_page(viewport={"width": size, "height": size})
    page.set_content(
        f"<style>body {{ display: grid; place-items: center; block-size: {size}px; margin: 0; background: {ground} }}"
        f"svg {{ inline-size: {inner}px; block-size: {inner}px }}</style>{SVG.read_text()}"
    )
    picture: bytes = page.screenshot(omit_background=True)
    page.close()
    return picture


def _ico(pictures: list[tuple[int, bytes]]) -> bytes:
    """PNGs in the frame that Windows gave them: a header, an entry of 16 bytes for each, then the pictures."""
    at, entries = 6 + 16 * len(pictures), b""
    for size, picture in pictures:
        entries += struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    return struct.pack("<HHH", 0, 1, len(pictures)) + entries + b"".join(picture for _size, picture in pictures)


def test_pages(browser: Any, live: str) -> None:
    maker = UserFactory(email="ada@example.org", name="Ada Okafor", zone="Europe/Berlin")
    call_command("demo", email=maker.email, stdout=StringIO())
    _shoot(browser, live, UserFactory(superuser=True), "/styleguide/card/", "light", "social.png", 1200, 630)
    shown = Reminder.objects.get(title=SHOWN)
    for scheme in ("light", "dark"):
        _shoot(browser, live, maker, f"/reminders/{shown.uuid}/", scheme, f"receipt-{scheme}.webp", 960, 900)


def _shoot(browser: Any, live: str, person: Any, path: str, scheme: str, name: str, width: int, height: int) -> None:
    client = Client()
    client.force_login(person)
    context = browser.new_context(
        base_url=live,
        color_scheme=scheme,
        viewport={"width": width, "height": height},
        device_scale_factor=1 if name.endswith(".png") else 1.5,
        service_workers="block",
    )
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live}])
    page = context.new_page()
    page.goto(path)
    page.evaluate("document.fonts.ready")
    kind = name.rpartition(".")[2]
    how = {"format": kind} | ({} if kind == "png" else {"quality": 80})
    taken = context.new_cdp_session(page).send("Page.captureScreenshot", how)
    (STATIC / "pictures" / name).write_bytes(base64.b64decode(taken["data"]))
    context.close()
