"""Makes the JPEG files in files/ beside it with cjpeg and jpegtran (and Pillow for CMYK), and expected.txt with what djpeg makes of each: name, width, height, channels and the first 16
digits of the SHA-256 of the pixels. Needs libjpeg-turbo's programs and Pillow (Debian: apt-get install libjpeg-turbo-progs python3-pil)."""
import hashlib
import io
import math
import pathlib
import subprocess
from PIL import Image

HERE = pathlib.Path(__file__).parent
FILES = HERE / "files"


def run(arguments, data):
    return subprocess.run(arguments, input=data, stdout=subprocess.PIPE, check=True).stdout


def picture(width, height, channels):
    """Gradients, edges and noise."""
    state, out = 2463534242, bytearray()
    for y in range(height):
        for x in range(width):
            for c in range(channels):
                state ^= state << 13 & 0xFFFFFFFF
                state ^= state >> 17
                state ^= state << 5 & 0xFFFFFFFF
                value = 128 + 90 * math.sin((x * (c + 1) + y * 2) / 9) + (60 if (x // 11 + y // 7 + c) % 3 == 0 else -30) + (state % 31 - 15 if x > width // 2 else 0)
                out.append(max(0, min(255, int(value))))
    return bytes(out)


def pnm(width, height, channels):
    return b"P%d %d %d 255\n" % (5 if channels == 1 else 6, width, height) + picture(width, height, channels)


def cjpeg(name, width, height, channels, *options):
    (FILES / name).write_bytes(run(["cjpeg", *options], pnm(width, height, channels)))


def scans(text):
    script = FILES / "scans.txt"
    script.write_text(text)
    return str(script)


def main():
    FILES.mkdir(exist_ok=True)
    for old in FILES.iterdir():
        old.unlink()
    for name, sample in [("420", "2x2"), ("422", "2x1"), ("444", "1x1"), ("440", "1x2"), ("411", "4x1"), ("410", "4x2"), ("mixed", "2x2,1x2,2x1"), ("chroma", "1x1,2x2,1x1")]:
        cjpeg(f"baseline-{name}.jpg", 61, 47, 3, "-quality", "85", "-sample", sample)
        cjpeg(f"progressive-{name}.jpg", 61, 47, 3, "-quality", "85", "-progressive", "-sample", sample)
    for quality in (1, 30, 100):
        cjpeg(f"quality-{quality}.jpg", 40, 33, 3, "-quality", str(quality))
        cjpeg(f"grey-{quality}.jpg", 40, 33, 1, "-quality", str(quality), "-grayscale")
    cjpeg("grey-progressive.jpg", 50, 41, 1, "-progressive")
    cjpeg("grey-sampled.jpg", 50, 41, 1, "-sample", "2x2")
    cjpeg("rgb.jpg", 37, 29, 3, "-rgb", "-quality", "90")
    cjpeg("rgb-progressive.jpg", 37, 29, 3, "-rgb", "-progressive")
    cjpeg("restart-blocks.jpg", 61, 47, 3, "-restart", "1B")
    cjpeg("restart-rows.jpg", 61, 47, 3, "-restart", "1", "-sample", "2x1")
    cjpeg("restart-progressive.jpg", 61, 47, 3, "-restart", "3B", "-progressive")
    cjpeg("optimized.jpg", 61, 47, 3, "-optimize")
    cjpeg("several-scans.jpg", 61, 47, 3, "-scans", scans("0;\n1;\n2;\n"))
    cjpeg("two-scans.jpg", 61, 47, 3, "-scans", scans("0;\n1 2;\n"))
    cjpeg("many-scans.jpg", 61, 47, 3, "-scans", scans(
        "0: 0-0, 0, 2;\n1 2: 0-0, 0, 1;\n0: 1-5, 0, 3;\n0: 6-63, 0, 3;\n1: 1-63, 0, 2;\n2: 1-63, 0, 2;\n0: 1-63, 3, 2;\n0: 0-0, 2, 1;\n0: 1-63, 2, 1;\n"
        "0 1 2: 0-0, 1, 0;\n0: 1-63, 1, 0;\n1: 1-63, 2, 1;\n1: 1-63, 1, 0;\n2: 1-63, 2, 1;\n2: 1-63, 1, 0;\n"))
    (FILES / "scans.txt").unlink()
    for width, height in ((1, 1), (2, 2), (3, 3), (4, 5), (5, 4), (7, 9), (8, 8), (16, 16), (17, 33), (33, 17), (200, 1), (1, 200)):
        cjpeg(f"size-{width}x{height}.jpg", width, height, 3, "-quality", "80")
    cjpeg("larger.jpg", 311, 203, 3, "-quality", "75")
    (FILES / "turned.jpg").write_bytes(run(["jpegtran", "-rotate", "90", "-trim"], (FILES / "larger.jpg").read_bytes()))

    cmyk = Image.frombytes("CMYK", (45, 31), picture(45, 31, 4))
    for name, options in (("cmyk", {"quality": 90}), ("cmyk-progressive", {"quality": 75, "progressive": True})):
        data = io.BytesIO()
        cmyk.save(data, "JPEG", **options)
        (FILES / f"{name}.jpg").write_bytes(data.getvalue())
        adobe = data.getvalue().index(b"Adobe")
        ycck = bytearray(data.getvalue())
        ycck[adobe + 11] = 2
        (FILES / f"{name.replace('cmyk', 'ycck')}.jpg").write_bytes(ycck)

    lines = []
    for file in sorted(FILES.glob("*.jpg")):
        head, pixels = split(run(["djpeg", "-pnm"], file.read_bytes()))
        lines.append(f"{file.name} {head[1]} {head[2]} {1 if head[0] == b'P5' else 3} {hashlib.sha256(pixels).hexdigest()[:16]}\n")
    (HERE / "expected.txt").write_text("".join(lines))


def split(data):
    head = data.split(None, 3)[:3]
    end = data.index(b"255\n") + 4
    return (head[0], int(head[1]), int(head[2])), data[end:]


main()
