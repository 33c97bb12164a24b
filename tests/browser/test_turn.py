"""A visitor's requests wait for their turn, however long those before them take."""

import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from driver import Visitor
from odoo.tests import HttpCase, common, new_test_user, tagged

#: Seconds that somebody else's request takes.
BUSY = 4


@tagged("post_install", "-at_install")
class TestTurn(HttpCase):
    #: Odoo's own limit, shorter, so that nobody waits for it here.
    test_cursor_lock_timeout = 1

    def test_a_page_waits_for_the_request_before_it(self):
        user = new_test_user(self.env, "visitor", groups="base.group_user")
        begun = threading.Event()

        def busy():
            with common._registry_test_lock:
                begun.set()
                time.sleep(BUSY)

        with Visitor.of(self, user.login) as visitor:
            other = threading.Thread(target=busy)
            other.start()
            begun.wait()
            visitor.open(f"{self.base_url()}/odoo")
            other.join()
            visitor.sees(".o_main_navbar")
