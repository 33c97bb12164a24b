"""Somebody at work in the web client: counts its clicks, reads what is on the screen, and what the console says."""

import json
import time
from contextlib import contextmanager

from driver import AGAIN, PATIENCE, Visitor

#: Screens that are lower than others: there more lists are pushed up and down, beside a bar that takes room.
HEIGHTS = {1366: 768}
#: Everything a reader sees: words between tags, in empty fields and on what the mouse rests on.
WORDS = """
(() => {
    const seen = (node) => node && node.getClientRects().length > 0;
    const words = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (seen(parent) && !["SCRIPT", "STYLE"].includes(parent.tagName)) words.push(node.textContent);
    }
    for (const node of document.querySelectorAll("[placeholder], [title], [data-tooltip], [aria-label]")) {
        const told = ["placeholder", "title", "data-tooltip", "aria-label"].map((name) => node.getAttribute(name));
        if (seen(node)) words.push(...told.filter(Boolean));
    }
    const written = "input:not([type=checkbox]):not([type=radio]), textarea, select option:checked";
    for (const node of document.querySelectorAll(written)) {
        if (seen(node.closest("select") || node)) words.push(node.value || "", node.textContent || "");
    }
    words.push(...window.passing);
    window.passing.clear();
    return words.map((one) => one.replace(/\\s+/g, " ").trim()).filter((one) => one.length > 1);
})()
"""
#: From the first moment of a page: what comes and goes above it (toasts, dialogs, hints) is kept until it is
#: read, and how many questions to the server are on their way.
WATCH = """
window.passing = new Set();
window.underway = 0;
new MutationObserver((changes) => {
    for (const change of changes) {
        if (!change.target.closest?.(".o-main-components-container, .o-overlay-container")) continue;
        for (const node of change.addedNodes) {
            const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
            if (node.nodeType === Node.TEXT_NODE) window.passing.add(node.data);
            else while (walker.nextNode()) window.passing.add(walker.currentNode.data);
        }
    }
}).observe(document, { childList: true, subtree: true });
XMLHttpRequest.prototype.send = ((send) => function () {
    window.underway++;
    this.addEventListener("loadend", () => window.underway--);
    return send.apply(this, arguments);
})(XMLHttpRequest.prototype.send);
"""
#: The client has drawn what it was asked for, and nothing is on its way.
AT_REST = """
!!document.querySelector(".o_action_manager > *") && !window.underway
&& !document.querySelector(".o_loading_indicator")
"""
#: Where a person would press: the middle of the first thing of that name that is seen, and lies under nothing else.
PLACE = """
(selector => {
    let hidden = "";
    for (const one of document.querySelectorAll(selector)) {
        one.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
        const box = one.getClientRects()[0];
        if (!box || !box.width || !box.height) continue;
        const place = [box.x + box.width / 2, box.y + box.height / 2];
        const top = document.elementFromPoint(...place);
        if (top && one.contains(top)) return place;
        hidden = top ? top.outerHTML.slice(0, 200) : "outside of the screen";
    }
    return hidden;
})
"""


class Worker(Visitor):
    """A visitor who has logged in. Clicks by the names of things, never by their place."""

    clicks = 0
    english = None

    def __init__(self, browser, test):
        super().__init__(browser, test)
        self._browser._websocket_request("Page.addScriptToEvaluateOnNewDocument", params={"source": WATCH})

    def at(self, width):
        """Look at a screen of ``width`` pixels; below 600 it is a phone's."""
        size = {"width": width, "height": HEIGHTS.get(width, 900), "deviceScaleFactor": 1}
        self._browser._websocket_request(
            "Emulation.setDeviceMetricsOverride", params={**size, "mobile": width < 600}
        )
        self.width = width

    def click(self, selector):
        """Press the mouse on what is seen, as a person does: what is hidden or covered cannot be pressed."""
        self.sees(selector)
        x, y = self.place(selector)
        self.clicks += 1
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            told = {"type": kind, "x": x, "y": y, "button": "none" if kind == "mouseMoved" else "left"}
            self._browser._websocket_request(
                "Input.dispatchMouseEvent", params={**told, "clickCount": int(kind != "mouseMoved")}
            )
        self.settle()

    def place(self, selector):
        """Return where ``selector`` is pressed, once it stands still."""
        before, end = None, time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = self._run(f"{PLACE}({json.dumps(selector)})")
            if isinstance(found, list) and found == before:
                return found
            before = found
            time.sleep(0.1)
        raise AssertionError(f"{self.address()}: {selector} cannot be pressed: {before or 'it is not seen'}")

    def type(self, selector, text):
        """Write where the cursor stands; elsewhere it has to be put there first, which is a click."""
        self.sees(selector)
        there = f"document.activeElement === document.querySelector({json.dumps(selector)})"
        if not self._run(there):
            self.click(selector)
        super().type(selector, text)

    def take(self, field, words):
        """Type into a field that offers what there is, and take ``words`` of it.

        What is offered is drawn anew while the server answers, and a press on what was there before is lost: it is
        pressed again until the field holds what was taken.
        """
        self.type(f"{field} input", words)
        item, there = ".o-autocomplete--dropdown-item", json.dumps(f"{field} input")
        taken = f"document.querySelector({there}).value === {json.dumps(words)}"
        pressed, end = False, time.monotonic() + PATIENCE
        while time.monotonic() < end:
            number = self.number_of(item, words)
            if number:
                self.click(f"{item}:nth-child({number})")
                pressed = True
            elif pressed and self._run(taken):
                return
            else:
                time.sleep(AGAIN)
        raise AssertionError(f"{self.address()}: {field} does not offer {words}: {self.text(field)}")

    def number_of(self, selector, words):
        """Return which of the things side by side has ``words`` on it, from 1; 0 when none has."""
        return self._run(
            f"[...document.querySelectorAll({json.dumps(selector)})]"
            f".findIndex(one => one.innerText.includes({json.dumps(words)})) + 1"
        )

    def press(self, key, code=0, held=0):
        """Press a key by its name; ``code`` is the old number of its place, ``held`` 1 for Alt, 8 for Shift."""
        told = {"key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": held}
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown" if text else "rawKeyDown", "keyUp"):
            self._browser._websocket_request("Input.dispatchKeyEvent", params={**told, **text, "type": kind})
        self.settle()

    def at_cursor(self):
        """Return what the cursor stands on: the name of its field or button, else its words."""
        return self._run(
            "(one => one.closest('.o_field_widget, button[name]')?.getAttribute('name') || one.innerText)"
            "(document.activeElement)"
        )

    @contextmanager
    def in_clicks(self, act, number):
        """Expect what is done to take ``number`` clicks, no more."""
        before = self.clicks
        yield
        made = self.clicks - before
        assert made <= number, f"{act} at {self.width} pixels takes {made} clicks, not {number}"

    def go(self, action):
        """Open a window of the addon by its external id, as its menu does."""
        self.open(f"{self._test.base_url()}/odoo/action-payment_plan_recovery.{action}")
        self.sees(".o_action_manager .o_view_controller, .o_action_manager .o_action")
        self.settle()

    def do(self, action):
        """Open ``action`` (its id, or a description) in the client that is open already."""
        self._run(
            f"odoo.__WOWL_DEBUG__.root.env.services.action.doAction({json.dumps(action)}, {{clearBreadcrumbs: true}})"
        )
        self.settle()

    def settle(self):
        """Wait until the client is at rest, then look whether all is well."""
        end = time.monotonic() + PATIENCE
        time.sleep(0.25)
        while time.monotonic() < end:
            try:
                if self._run(AT_REST):
                    break
            except (AssertionError, TimeoutError):  # between two pages
                pass
            time.sleep(AGAIN)
        self.reads_french()

    def asks_no_more(self):
        self.settle()

    def reads_french(self):
        """Fail on a word of English on the screen, a message in the console, a page that is too wide."""
        words = self._run(WORDS)
        english = self.english.among(words)
        assert not english, f"English on {self.address()}: {english}"
        self.has_not_crashed()
        ended = self._browser._result
        failed = self._browser.had_failure or ended.done()
        assert not failed, ended.exception()
        overflow = self._run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{self.address()} is {overflow} pixels wider than {self.width}"

    def fits(self, width):
        """Fail when the list that is shown has to be pushed sideways on a screen of ``width`` pixels."""
        before = self.width
        self.at(width)
        self.settle()
        self.shows_columns()
        self.at(before)

    def shows_columns(self):
        """Fail when the list that is shown, if one is, has to be pushed sideways."""
        too_much = self._run(
            "(list => list ? list.scrollWidth - list.clientWidth : 0)(document.querySelector('.o_list_renderer'))"
        )
        assert too_much <= 0, (
            f"{self.address()}: the list is {too_much} pixels wider than its pane at {self.width}"
        )

    def shows_headings(self):
        """Fail when a heading of the list that is shown is cut."""
        cut = self._run(
            "[...document.querySelectorAll('.o_list_table > thead th .text-truncate')]"
            ".filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
        )
        assert not cut, f"{self.address()}: headings are cut at {self.width}: {cut}"

    def has_not_crashed(self):
        """Fail on the dialog of an error that nobody foresaw, with what it knows."""
        if not self._run("!!document.querySelector('.o_error_dialog')"):
            return
        self._run("document.querySelector('.o_error_dialog .btn-link')?.click()")
        time.sleep(1)
        raise AssertionError(f"{self.address()}: {self.text('.o_error_dialog')}")
