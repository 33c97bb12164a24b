"""The pictures of the French guide, taken anew from the demonstration's database.

Run by `make pictures` while `make serve` runs; what stands in docs/images is overwritten. A screen is found by its
action and, where it shows a record, by what tells that record; buttons are pressed by their French names, so that a
button that is called otherwise is noticed here.
"""

import argparse
import base64
import io
import json
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import requests
import websocket
from PIL import Image

from demo import database
from demo.screens import SCREENS
from dev import session
from dev.paths import BIN, ROOT

IMAGES = ROOT / "docs" / "images"
#: A screen is taken at this many pixels, and kept at this share of them.
DESK, PHONE = (1400, 1000), (390, 844)
KEPT = 0.8
COLOURS = 64
#: Seconds a page is given to come to rest.
PATIENCE = 40
#: Looks in a row that find the page at rest.
CALM = 4
#: Nothing is on its way, and nothing is being drawn.
AT_REST = """
document.readyState === 'complete' && document.fonts.status === 'loaded'
&& !document.querySelector('.o_loading_indicator, .o_blockUI')
&& !!document.querySelector('.o_action_manager > *, main, #wrapwrap')
"""
#: Press the first thing seen of that name, in a dialog where there is one; "name within row" is
#: written "row > name", and what has no name by its selector, ".class …".
PRESS = """
(path => {
    const plain = said => (said || "").replace(/\\s+/g, " ").trim();
    const [name, within] = path.split(" > ").reverse();
    const places = within
        ? [...document.querySelectorAll("tr")].filter(row => plain(row.innerText).includes(within))
        : [document];
    const buttons = "button, a, .dropdown-item, .o_data_row td, input[type=checkbox]";
    const words = one => [one.innerText, one.title, one.ariaLabel, one.dataset.tooltip, one.name];
    const named = one => words(one).map(plain).includes(name);
    const seen = places
        .flatMap(place => [...place.querySelectorAll(buttons)])
        .filter(one => one.getClientRects().length && named(one));
    const found = path[0] === "." ? document.querySelector(path) : seen.find(one => one.closest(".modal")) || seen[0];
    if (found) found.click();
    return !!found;
})
"""


class Chromium:
    """One browser window, driven by its debugging protocol."""

    def __init__(self, address):
        self._socket = websocket.create_connection(address, timeout=PATIENCE)
        self._asked = 0

    def ask(self, method, **params):
        """Send one command and return its answer."""
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.recv())
            if told.get("id") == self._asked:
                return told.get("result", {})

    def tell(self, script):
        """Return what ``script`` gives in the page."""
        return (
            self.ask("Runtime.evaluate", expression=script, returnByValue=True).get("result", {}).get("value")
        )

    def at(self, size):
        width, height = size
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=size == PHONE,
        )

    def rest(self):
        """Wait until the page has been at rest for a moment."""
        calm, end = 0, time.monotonic() + PATIENCE
        while calm < CALM and time.monotonic() < end:
            time.sleep(0.3)
            calm = calm + 1 if self.tell(AT_REST) else 0

    def press(self, name):
        """Press what is called ``name``, once it is there."""
        end = time.monotonic() + PATIENCE / 4
        while time.monotonic() < end:
            if self.tell(f"{PRESS}({json.dumps(name)})"):
                return self.rest()
            time.sleep(0.3)
        raise SystemExit(f"nothing is called “{name}”")

    def picture(self):
        taken = self.ask("Page.captureScreenshot", format="png")["data"]
        return Image.open(io.BytesIO(base64.b64decode(taken))).convert("RGB")


@contextmanager
def chromium():
    """A browser of its own, without anybody's settings."""
    port = session.free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = subprocess.Popen(
            [
                str(BIN / "google-chrome"),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--remote-allow-origins=*",
                f"--remote-debugging-port={port}",
                f"--user-data-dir={profile}",
                "about:blank",
            ],
            stderr=subprocess.DEVNULL,
        )
        try:
            yield Chromium(_window(port))
        finally:
            browser.terminate()
            browser.wait()


def _window(port):
    for _time in range(PATIENCE):
        try:
            windows = requests.get(f"http://127.0.0.1:{port}/json", timeout=PATIENCE).json()
            return next(one["webSocketDebuggerUrl"] for one in windows if one["type"] == "page")
        except (OSError, StopIteration):
            time.sleep(0.5)
    raise SystemExit("the browser did not start")


def session_of(address, name, login):
    """The session of ``login``, whose password it is too."""
    asked = {"jsonrpc": "2.0", "params": {"db": name, "login": login, "password": login}}
    answer = requests.post(f"{address}/web/session/authenticate", json=asked, timeout=PATIENCE)
    if "error" in answer.json():
        raise SystemExit(f"{login} cannot log in: make demo makes the people who look")
    return answer.cookies["session_id"]


def keep(name, taken, share):
    """Write a picture with few colours: what stands on a screen has no more."""
    size = [round(side * share) for side in taken.size]
    small = taken.resize(size, Image.Resampling.LANCZOS)
    path = IMAGES / f"fr_{name}.png"
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    sys.stdout.write(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} kB\n")
    sys.stdout.flush()


def main():
    """Take the pictures that are asked for, all by default."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default=database.NAME, help="name of the database")
    parser.add_argument("--port", type=int, default=database.PORT, help="where `make serve` answers")
    parser.add_argument("names", nargs="*", help="names of the pictures; all by default")
    asked = parser.parse_args()
    address = f"http://127.0.0.1:{asked.port}"
    wanted = [screen for screen in SCREENS if not asked.names or screen.name in asked.names]
    with session.registry(asked.database) as opened, session.environment(opened) as env:
        paths = [(screen, screen.path(env)) for screen in wanted]
        env.cr.commit()
    with chromium() as window:
        window.ask("Network.enable")
        for screen, path in paths:
            window.ask("Network.clearBrowserCookies")
            if screen.login:
                # Anew each time: Odoo gives a session another name after a while.
                session_id = session_of(address, asked.database, screen.login)
                window.ask("Network.setCookie", name="session_id", value=session_id, url=address)
            size = PHONE if screen.phone else (DESK[0], screen.height or DESK[1])
            window.at(size)
            window.ask("Page.navigate", url=address + path)
            window.rest()
            for button in screen.press:
                window.press(button)
            keep(screen.name, window.picture(), 1 if screen.phone else KEPT)


if __name__ == "__main__":
    main()
