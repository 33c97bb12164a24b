"""The payment code of letters: square by square what Odoo draws, only faster."""

import io
from random import Random

from odoo.tests import TransactionCase, tagged
from PIL import Image
from reportlab.graphics.barcode import qrencoder

from ...models.common.qr_code import DOTS, qr_png
from ...models.common.qr_mask import MaskedCode

PAYMENT = (
    "BCD\n002\n1\nSCT\nCONFFRPPXXX\nCreditor\nFR7630006000011234567890189\nEUR120.50\n\n\nINV/2026/00001\n"
)


def squares(png, size, border=0):
    """The code as rows of booleans, each square read at its middle."""
    image = Image.open(io.BytesIO(png)).convert("L")
    step = image.width / (size + 2 * border)
    middles = [int((number + border + 0.5) * step) for number in range(size)]
    return [[image.getpixel((x, y)) < 128 for x in middles] for y in middles]


@tagged("post_install", "-at_install")
class TestQrCode(TransactionCase):
    def test_same_squares_as_odoo(self):
        fast = qr_png(PAYMENT)
        size = Image.open(io.BytesIO(fast)).width // DOTS
        odoo = self.env["ir.actions.report"].barcode("QR", PAYMENT, width=size * 8, height=size * 8, quiet=0)
        self.assertEqual(squares(fast, size), squares(odoo, size))
        bordered = qr_png(PAYMENT, border=4)
        self.assertEqual(squares(bordered, size, 4), squares(fast, size))

    def test_the_mask_is_the_library_s(self):
        random = Random(20261130)  # noqa: S311 drawn again from the seed, not secret
        for length in (1, 2, 5, 20, 60, 120, 200, 400):
            for level in qrencoder.QRErrorCorrectLevel.L, qrencoder.QRErrorCorrectLevel.H:
                value = "a" + "".join(random.choice("abcXYZ0123 /:.é\n") for _number in range(length))
                drawn = []
                for code in MaskedCode(None, level), qrencoder.QRCode(None, level):
                    code.addData(value)
                    code.make()
                    drawn.append(code.modules)
                with self.subTest(value, level=level):
                    self.assertEqual(*drawn)

    def test_only_for_letters_and_plain_codes(self):
        report = self.env["ir.actions.report"]
        usual = report.barcode("QR", PAYMENT, width=128, height=128, quiet=0)
        fast = report.with_context(recovery_plain_qr=True).barcode(
            "QR", PAYMENT, width=128, height=128, quiet=0
        )
        self.assertEqual(Image.open(io.BytesIO(usual)).width, 128)
        self.assertEqual(fast, qr_png(PAYMENT))
