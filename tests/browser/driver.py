"""A visitor's hands and eyes in a real Chromium: open, type, click, read, take a picture."""

import base64
import json
import os
import time
from contextlib import contextmanager
from pathlib import Path

from odoo.tests.common import ChromeBrowser

#: Seconds a page is given to show what is waited for, on a machine that does much else.
PATIENCE = 40
#: Seconds until a page is looked at again that does not show yet what is waited for.
AGAIN = 0.05
#: Seconds that a request waits for its turn. All of a page's requests share the test's one transaction, one after the
#: other; Odoo gives each twenty seconds and then answers with its page of errors, where the client expects JSON.
TURN = 300
#: Where pictures go; none are taken without it.
PICTURES = os.environ.get("PICTURES")
#: How many pixels a page is too wide, and what its main buttons are called, each once.
LOOK = """[
    document.documentElement.scrollWidth - document.documentElement.clientWidth,
    [...new Set([...document.querySelectorAll('main .btn-primary')]
        .filter(button => button.checkVisibility()).map(button => button.innerText.trim()))],
]"""


class Visitor:
    """One browser, from its first page to its last."""

    def __init__(self, browser, test):
        self._browser = browser
        self._test = test

    @classmethod
    @contextmanager
    def of(cls, test, login=None):
        """A visitor of ``test``'s server that nobody knows yet, or who comes in by ``login``, its own password."""
        browser = ChromeBrowser(test)
        test.test_cursor_lock_timeout = TURN
        with test.allow_requests(browser=browser):
            try:
                test.authenticate(login, login, browser=browser)
                test.env.flush_all()
                visitor = cls(browser, test)
                visitor.login = login
                yield visitor
            finally:
                test._wait_remaining_requests()
                browser.stop()

    def _run(self, script):
        found = self._browser._websocket_request(
            "Runtime.evaluate",
            params={"expression": script, "awaitPromise": True, "returnByValue": True},
            timeout=PATIENCE,
        )
        if "exceptionDetails" in found:
            raise AssertionError(f"{script}: {found['exceptionDetails']}")
        return found["result"].get("value")

    def open(self, url):
        self._browser.navigate_to(url, wait_stop=True)

    def sees(self, selector, patience=PATIENCE):
        """Wait until the page has ``selector``, and its scripts have run."""
        self.waits(f"!!document.querySelector({json.dumps(selector)})", patience, selector)

    def waits(self, script, patience=PATIENCE, said=None):
        """Wait until ``script`` gives something true on the page, and its scripts have run."""
        script, said = f"document.readyState === 'complete' && ({script})", said or script
        end = time.monotonic() + patience
        while time.monotonic() < end:
            try:
                if self._run(script):
                    return
            except (AssertionError, TimeoutError):  # between two pages
                pass
            time.sleep(AGAIN)
        raise AssertionError(f"{said} is not on {self.address()}: {self.text('body')[-1500:]}")

    def click(self, selector):
        self.sees(selector)
        self._run(f"document.querySelector({json.dumps(selector)}).click()")

    def click_twice(self, selector):
        """Click as people do who are used to folders: again before the answer is there."""
        self.sees(selector)
        self._run(
            f"(one => {{ one.click(); setTimeout(() => one.click(), 100); }})"
            f"(document.querySelector({json.dumps(selector)}))"
        )

    def click_until(self, selector, seen):
        """Click as somebody does whose click got lost while the page was drawn anew, until ``seen`` is there."""
        for _time in range(5):
            self.click(selector)
            try:
                return self.sees(seen, patience=PATIENCE / 5)
            except AssertionError:
                if not self._run(f"!!document.querySelector({json.dumps(selector)})"):
                    break
        return self.sees(seen)

    def type(self, selector, text):
        self.sees(selector)
        self._run(
            f"(field => {{ field.value = {json.dumps(str(text))};"
            " field.dispatchEvent(new Event('input', {bubbles: true}));"
            f" field.dispatchEvent(new Event('change', {{bubbles: true}})); }})"
            f"(document.querySelector({json.dumps(selector)}))"
        )

    def choose(self, selector, *files):
        """Choose files, by their paths, as the window of the machine does that a page cannot open."""
        self.sees(selector)
        root = self._browser._websocket_request("DOM.getDocument")["root"]["nodeId"]
        field = self._browser._websocket_request(
            "DOM.querySelector", params={"nodeId": root, "selector": selector}
        )
        self._browser._websocket_request(
            "DOM.setFileInputFiles",
            params={"nodeId": field["nodeId"], "files": [str(file) for file in files]},
        )

    def rest(self):
        """Wait until the server has answered everything: only then may the test look into the database.

        Requests and test share one transaction.
        """
        self.asks_no_more()
        self._test._wait_remaining_requests(PATIENCE)
        self._test.env.invalidate_all()

    def asks_no_more(self):
        """Give what was pressed last the time to ask the server: a plain page does not tell when it has."""
        time.sleep(1)

    def text(self, selector="main"):
        return self._run(f"(document.querySelector({json.dumps(selector)}) || document.body).innerText")

    def address(self):
        return self._run("location.href")

    def turned(self, width, height):
        """Turn the phone; the page is told, as a person turns it, before anything else is done."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True}
        self._browser._websocket_request("Emulation.setDeviceMetricsOverride", params=size)
        time.sleep(0.5)

    def draw(self, selector):
        """Draw a line to and fro with a finger, over three quarters of ``selector``."""
        left, top, width, height = self._run(
            f"(box => [box.x, box.y, box.width, box.height])((field => {{ field.scrollIntoView({{block: 'center'}});"
            f" return field.getBoundingClientRect(); }})(document.querySelector({json.dumps(selector)})))"
        )
        points = [
            {"x": left + width * (0.15 + 0.06 * step), "y": top + height * (0.3 + 0.4 * (step % 2))}
            for step in range(11)
        ]
        for step, point in enumerate(points):
            kind = "touchMove" if step else "touchStart"
            self._browser._websocket_request(
                "Input.dispatchTouchEvent", params={"type": kind, "touchPoints": [point]}
            )
        self._browser._websocket_request(
            "Input.dispatchTouchEvent", params={"type": "touchEnd", "touchPoints": []}
        )

    def inked(self, selector):
        """Return how far to the right the picture of ``selector`` is drawn on, as a share of its width."""
        return self._run(
            "(field => { const {data, width} ="
            " field.getContext('2d').getImageData(0, 0, field.width, field.height); "
            " let last = 0; for (let dot = 3; dot < data.length; dot += 4)"
            " if (data[dot]) last = Math.max(last, (dot >> 2) % width); return last / width; })"
            f"(document.querySelector({json.dumps(selector)}))"
        )

    def picture(self, name):
        """Look whether the page fits a phone and has one main button; take pictures of it, where they are wanted."""
        for size, width in (("desktop", 1200), ("phone", 390)) if PICTURES else (("phone", 390),):
            self._browser._websocket_request(
                "Emulation.setDeviceMetricsOverride",
                params={"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": size == "phone"},
            )
            time.sleep(0.5 if PICTURES else 0)
            overflow, labels = self._run(LOOK)
            assert overflow <= 0, f"{name} is {overflow} pixels wider than a {size}"
            assert len(labels) <= 1, f"{name} has several main buttons: {labels}"
            if not PICTURES:
                break
            taken = self._browser._websocket_request(
                "Page.captureScreenshot", params={"captureBeyondViewport": True}, timeout=PATIENCE
            )
            folder = Path(PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}_{size}.png").write_bytes(base64.b64decode(taken["data"]))
        self._browser._websocket_request(
            "Emulation.setDeviceMetricsOverride",
            params={"width": 1200, "height": 900, "deviceScaleFactor": 1, "mobile": False},
        )
