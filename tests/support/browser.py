"""A real Chromium for tests, which talks to nobody but us; tests are skipped, all with one reason, where it is missing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ALONE = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--disable-background-networking"]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def chromium() -> str:
    """The path of the system's Chromium; the test is left out where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("Browser left out: no Chromium on this machine")
    return found


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser, closed at the end."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ALONE)
        yield browser
        browser.close()


def tap(page: Page, label: str) -> None:
    """Press the button of that label on the current screen, and wait for what it leads to."""
    before = page.locator("#screen [data-screen]").get_attribute("data-screen")
    page.locator("#screen button", has_text=label).first.click()
    _moved(page, before)


def write(page: Page, text: str) -> None:
    """Type words and send them."""
    shown = page.locator("#screen [data-screen]")
    before = shown.get_attribute("data-screen") if shown.count() else None
    page.fill("#text", text)
    page.locator("button.send").click()
    _moved(page, before)


def _moved(page: Page, before: str | None) -> None:
    page.wait_for_function(
        "before => { const now = document.querySelector('#screen [data-screen]');"
        " return now && now.dataset.screen !== before; }",
        arg=before,
    )


def labels(page: Page) -> list[str]:
    """The labels of the buttons on show."""
    return [
        text.strip().replace("\u00a0", " ") for text in page.locator("#screen button.pick").all_inner_texts()
    ]
