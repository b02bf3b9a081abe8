"""A person at a real browser, and what no page may do to them.

Every page looked at is checked at the width of a phone and of a desk: no serious finding of axe-core,
nothing wider than a phone. Throughout: no script error, no refusal by the content security policy, no
request that fails, goes elsewhere, or brings a megabyte.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from tests.served.installation import PROJECT, Served

AXE = PROJECT / "assets" / "node_modules" / "axe-core" / "axe.min.js"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1360, "height": 900}
LARGEST = 1_000_000  # bytes of one answer
GRAVE = {"serious", "critical"}
LOOK = """async () => {
  await document.fonts.ready;
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map(each => ({
    rule: each.id, impact: each.impact,
    nodes: each.nodes.map(node => node.target.join(" ") + ": " + node.failureSummary),
  }));
}"""
WIDTHS = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"


@dataclass
class Reader:
    """A signed-in person's window. looked: pages that were checked before, by anybody."""

    page: Page
    served: Served
    looked: set[str]
    scripts: bool
    faults: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("requestfinished", self._finished)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def sign_in(self, username: str) -> None:
        self.open("/accounts/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", self.served.password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(f"{self.served.address}/")

    def open(self, path: str, status: int = 200) -> None:
        """Go to a page and look at it."""
        self.expected = {status}
        answer = self.page.goto(self.served.address + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        self.expected = set()
        self.look()

    def follow(self, selector: str) -> None:
        """Click a link or button that leads to another page, and look at that."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.look()

    def look(self, *, again: bool = False) -> None:
        """Check the page as it stands, unless somebody has been there or scripts are off (axe is one).

        again: what stands there is not what stood there before.
        """
        if not self.scripts:
            return
        path = self.page.url.removeprefix(self.served.address).partition("?")[0]
        key = f"{path} {self.page.locator('html').get_attribute('lang')}"
        if key in self.looked and not again:
            return
        self.looked.add(key)
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        for size in (PHONE, DESK):
            self.page.set_viewport_size(size)
            found: list[dict[str, Any]] = self.page.evaluate(LOOK)
            self.faults += [
                f"{key} at {size['width']}: {each['rule']} ({each['impact']})\n    "
                + "\n    ".join(each["nodes"][:5])
                for each in found
                if each["impact"] in GRAVE
            ]
            wide, room = self.page.evaluate(WIDTHS)
            if size is PHONE and wide > room:
                self.faults.append(f"{key}: {wide} px wide on a phone of {room}")

    def fetch(self, selector: str) -> tuple[str, bytes]:
        """Get what a link leads to with this person's session: its type and its content."""
        href = self.page.locator(selector).first.get_attribute("href")
        assert href, selector
        answer = self.page.context.request.get(self.served.address + href)
        assert answer.ok, f"{href}: {answer.status}"
        return answer.headers["content-type"].partition(";")[0], answer.body()

    def finish(self) -> None:
        """Fail with everything that was noticed."""
        for request in self.requests:
            size = request.sizes()["responseBodySize"]
            if size >= LARGEST:
                self.faults.append(f"{request.url}: {size:,} bytes")
            if not request.url.startswith((self.served.address, "data:")):
                self.faults.append(f"asked for {request.url}")
        assert not self.faults, "\n".join(self.faults)

    def _heard(self, message: ConsoleMessage) -> None:
        # A failed request is noticed as such, where it can be expected.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")

    def _finished(self, request: Request) -> None:
        self.requests.append(request)

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a download, or left for the next page
            self.faults.append(f"{request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.url}: {response.status}")


@contextmanager
def reading(
    browser: Browser, served: Served, looked: set[str], *, scripts: bool = True
) -> Iterator[Reader]:
    """A fresh window. scripts: whether JavaScript is on."""
    context = browser.new_context(viewport=DESK, locale="th-TH", java_script_enabled=scripts)
    context.set_default_timeout(20_000)
    reader = Reader(context.new_page(), served, looked, scripts)
    try:
        yield reader
        reader.finish()
    finally:
        context.close()
