#!/usr/bin/env python3
"""Loads pictures by PIL and NumPy as the command loader of CnnGen.Benchmarks does: load_images.py SIZE PROCESSES, the files' paths on standard input.

Each picture is decoded, resized to SIZE x SIZE (bilinear with antialiasing), a random part of at least half of its area is enlarged to the whole
(bilinear), it is mirrored half of the time, and becomes normalised floats, channels first, in a batch of 64. Prints images a second that passed, and
images a second of the processors' time.
"""
import math
import multiprocessing
import random
import sys
import time

import numpy
from PIL import Image

BATCH = 64
MEAN = numpy.array([0.485, 0.456, 0.406], numpy.float32) * 255
SCALE = 1 / (numpy.array([0.229, 0.224, 0.225], numpy.float32) * 255)


def area(size):
    for _ in range(10):
        part = random.uniform(0.5, 1) * size * size
        ratio = math.exp(random.uniform(-math.log(4 / 3), math.log(4 / 3)))
        width, height = round(math.sqrt(part * ratio)), round(math.sqrt(part / ratio))
        if 0 < width <= size and 0 < height <= size:
            left, top = random.randint(0, size - width), random.randint(0, size - height)
            return left, top, left + width, top + height
    return 0, 0, size, size


def load(arguments):
    paths, size = arguments
    start = time.process_time()
    batch = numpy.empty((len(paths), 3, size, size), numpy.float32)
    for place, path in enumerate(paths):
        picture = Image.open(path).convert("RGB").resize((size, size), Image.BILINEAR)
        picture = picture.transform((size, size), Image.EXTENT, area(size), Image.BILINEAR)
        if random.random() < 0.5:
            picture = picture.transpose(Image.FLIP_LEFT_RIGHT)
        batch[place] = ((numpy.asarray(picture, numpy.float32) - MEAN) * SCALE).transpose(2, 0, 1)
    return time.process_time() - start


def main():
    size, processes = int(sys.argv[1]), int(sys.argv[2])
    paths = sys.stdin.read().splitlines()
    random.Random(1).shuffle(paths)
    batches = [(paths[first:first + BATCH], size) for first in range(0, len(paths), BATCH)]
    if processes == 1:
        start = time.perf_counter()
        seconds = sum(map(load, batches))
        passed = time.perf_counter() - start
    else:
        with multiprocessing.Pool(processes) as pool:
            start = time.perf_counter()
            seconds = sum(pool.imap_unordered(load, batches))
            passed = time.perf_counter() - start
    print(len(paths) / passed, len(paths) / seconds)


main()
