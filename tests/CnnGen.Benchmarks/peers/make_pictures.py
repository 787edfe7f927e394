"""Makes pictures with the spectrum of photographs (amplitudes of 1/f^1.2) as JPEG files of several kinds, for the command jpeg of CnnGen.Benchmarks: make_pictures.py FOLDER.
Needs NumPy and cjpeg (Debian: apt-get install python3-numpy libjpeg-turbo-progs)."""
import pathlib
import subprocess
import sys
import numpy


def picture(width, height, random):
    fy, fx = numpy.meshgrid(numpy.fft.fftfreq(height), numpy.fft.rfftfreq(width), indexing="ij")
    frequency = numpy.maximum(numpy.hypot(fy, fx), 1 / max(width, height))
    planes = []
    for _ in range(3):
        phase = numpy.exp(2j * numpy.pi * random.random(frequency.shape))
        plane = numpy.fft.irfft2(phase / frequency ** 1.2, s=(height, width))
        planes.append(plane / plane.std())
    # Channels of a photograph are much alike.
    luma, blue, red = planes
    rgb = numpy.stack([luma + 0.3 * red, luma - 0.15 * red - 0.1 * blue, luma + 0.3 * blue], axis=-1)
    return numpy.clip(rgb * 50 + 120, 0, 255).astype(numpy.uint8)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    random = numpy.random.default_rng(1)
    large, middle, small = picture(2048, 1536, random), picture(500, 375, random), picture(32, 32, random)
    for name, pixels, options in [
        ("photo-420-q85", large, "-quality 85"),
        ("photo-422-q85", large, "-quality 85 -sample 2x1"),
        ("photo-444-q92", large, "-quality 92 -sample 1x1"),
        ("photo-420-q50", large, "-quality 50"),
        ("photo-grey-q85", large, "-quality 85 -grayscale"),
        ("photo-420-q85-progressive", large, "-quality 85 -progressive"),
        ("photo-500-420-q85", middle, "-quality 85"),
        ("photo-500-420-q85-progressive", middle, "-quality 85 -progressive"),
        ("photo-32-420-q85", small, "-quality 85"),
    ]:
        data = b"P6 %d %d 255\n" % (pixels.shape[1], pixels.shape[0]) + pixels.tobytes()
        (folder / f"{name}.jpg").write_bytes(subprocess.run(["cjpeg", *options.split()], input=data, stdout=subprocess.PIPE, check=True).stdout)


main()
