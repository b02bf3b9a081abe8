"""The product as a person starts it, and people at a real browser before it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.served.installation import Served, start, stop
from tests.served.reader import Reader, reading


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An installation with demonstration data, shared by the journeys of this run."""
    running = start(tmp_path_factory.mktemp("home"))
    yield running
    stop(running)
    shutil.rmtree(running.home, ignore_errors=True)
    assert not re.search(r"Traceback", "\n".join(running.lines)), "\n".join(running.lines)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Start the browser that `find_browser.py` found, quietly and without the outside world."""
    path = os.environ.get("TIDDAO_BROWSER")
    if not path:
        pytest.skip("no browser: run `make test`, or set TIDDAO_BROWSER")
    return {
        "executable_path": path,
        "headless": True,
        "args": [
            "--no-sandbox",  # root in CI; only our own pages are opened
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="module")
def browser(browser_type_launch_args: dict[str, object]) -> Iterator[Browser]:
    """One browser a module: Playwright's event loop must end before Django's tests go on."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**browser_type_launch_args)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def looked() -> set[str]:
    """The pages that some journey has checked."""
    return set()


@pytest.fixture
def visit(browser: Browser, served: Served, looked: set[str]) -> Iterator[Callable[..., Reader]]:
    """Open a window, signed in as that person; without a name, not signed in."""
    with ExitStack() as windows:

        def open_window(username: str = "", *, scripts: bool = True) -> Reader:
            reader = windows.enter_context(reading(browser, served, looked, scripts=scripts))
            if username:
                reader.sign_in(username)
            return reader

        yield open_window
