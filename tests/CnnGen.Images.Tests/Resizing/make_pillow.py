"""Writes pillow.txt beside it: what Pillow's resize makes of generated images. Each line: width height channels to-width to-height filter, and the first 16 digits of the SHA-256 of the
bytes. Run after changing the list: python3 make_pillow.py (Debian: apt-get install python3-pil)."""
import hashlib
import pathlib
from PIL import Image

FILTERS = {"Bilinear": Image.Resampling.BILINEAR, "Bicubic": Image.Resampling.BICUBIC}
SIZES = [
    (7, 5, 3, 2), (32, 32, 28, 28), (28, 28, 32, 32), (64, 48, 17, 31), (17, 31, 64, 48), (100, 1, 30, 1), (1, 100, 1, 7), (3, 3, 50, 2), (500, 375, 224, 224),
    (640, 480, 32, 32), (101, 97, 100, 98), (1, 1, 9, 4), (2, 2, 2, 5), (300, 2, 11, 90), (1000, 11, 3, 1), (33, 65, 33, 20), (65, 33, 20, 33),
]


def pixels(length):
    """The same as ResizePillowTests.Pixels: a generator of Lehmer's."""
    state, out = 12345, bytearray(length)
    for i in range(length):
        state = state * 48271 % 2147483647
        # Runs of black and white too, where rounding and clamping show.
        out[i] = state >> 16 & 255 if state & 0x300 else 255 * (state >> 12 & 1)
    return bytes(out)


def main():
    lines = []
    for width, height, to_width, to_height in SIZES:
        for channels, mode in ((1, "L"), (3, "RGB")):
            image = Image.frombytes(mode, (width, height), pixels(width * height * channels))
            for name, value in FILTERS.items():
                resized = image.resize((to_width, to_height), value).tobytes()
                lines.append(f"{width} {height} {channels} {to_width} {to_height} {name} {hashlib.sha256(resized).hexdigest()[:16]}\n")
    pathlib.Path(__file__).with_name("pillow.txt").write_text("".join(lines))


main()
