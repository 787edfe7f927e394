#!/usr/bin/env python3
"""Makes regions.json in this folder: what RoIPool and RoIAlign make of a map, and their gradients, in float64.

    python3 tests/vectors/make_region_vectors.py

Written from the formulas of Girshick 2015, section 2.1, and He et al. 2017, section 3, in PyTorch's tensors, so that the
gradients are PyTorch's. Where torchvision is installed, its roi_pool and roi_align are compared with them (empty regions
left out, which it takes for regions of one element).

Each case has kind, size (rows and columns of parts), scale, ratio and aligned; map (channels, height, width), input and
outputGradient (i16), regions (x1, y1, x2, y2 each), output (regions x channels x rows x columns) and inputGradient (f64).
Numbers are encoded as in make_vectors.py.
"""

import base64
import json
import math
import os
import zlib

import numpy
import torch

UNIT = 1 / 16384


def doubles(tensor):
    return base64.b64encode(tensor.detach().contiguous().numpy().astype("<f8").tobytes()).decode("ascii")


def fractions(tensor):
    integers = (tensor.detach().numpy() / UNIT).astype("<i2")
    return base64.b64encode(integers.tobytes()).decode("ascii")


def half_away(number):
    return math.floor(abs(number) + 0.5) * (1 if number >= 0 else -1)


def pool(x, region, case):
    """The region's rows and columns are whole ones, both ends among them; part i of n begins at floor(i size / n) and ends before ceil((i + 1) size / n)."""
    (rows, columns), (channels, height, width) = case["size"], x.shape
    x1, y1, x2, y2 = (half_away(number * case["scale"]) for number in region)

    def part(i, first, last, parts, length):
        size = max(last - first + 1, 1)
        begin, end = first + i * size // parts, first + -(-(i + 1) * size // parts)
        return min(max(begin, 0), length), min(max(end, 0), length)

    result = []
    for i in range(rows):
        for j in range(columns):
            (top, bottom), (left, right) = part(i, y1, y2, rows, height), part(j, x1, x2, columns, width)
            window = x[:, top:bottom, left:right].flatten(1)
            result.append(window.max(1)[0] if window.numel() else torch.zeros(channels))
    return torch.stack(result, 1).view(channels, rows, columns)


def sample(x, row, column):
    """Bilinear between the four elements around; 0 beyond -1 or the size, the border's value between the border and there."""
    channels, height, width = x.shape
    if row < -1 or row > height or column < -1 or column > width:
        return torch.zeros(channels)
    row, column = min(max(row, 0), height - 1), min(max(column, 0), width - 1)
    top, left = min(int(row), max(height - 2, 0)), min(int(column), max(width - 2, 0))
    down, over = row - top, column - left
    bottom, right = min(top + 1, height - 1), min(left + 1, width - 1)
    return (1 - down) * ((1 - over) * x[:, top, left] + over * x[:, top, right]) + down * ((1 - over) * x[:, bottom, left] + over * x[:, bottom, right])


def align(x, region, case):
    """The mean of a grid of samples in each part."""
    rows, columns = case["size"]
    offset = 0.5 if case["aligned"] else 0
    x1, y1, x2, y2 = (number * case["scale"] - offset for number in region)
    height, width = (max(size, 0 if case["aligned"] else 1) for size in (y2 - y1, x2 - x1))
    height, width = height / rows, width / columns
    down, over = (case["ratio"] or max(1, math.ceil(size)) for size in (height, width))
    result = []
    for i in range(rows):
        for j in range(columns):
            samples = [sample(x, y1 + (i + (v + 0.5) / down) * height, x1 + (j + (u + 0.5) / over) * width) for v in range(down) for u in range(over)]
            result.append(torch.stack(samples).mean(0))
    return torch.stack(result, 1).view(x.shape[0], rows, columns)


def compare(case, x, kept, output):
    try:
        from torchvision.ops import roi_align, roi_pool
    except ImportError:
        return
    boxes = [torch.tensor([case["regions"][r] for r in kept])]
    if case["kind"] == "RoIPool":
        theirs = roi_pool(x.detach()[None].float(), [boxes[0].float()], case["size"], case["scale"]).double()
    else:
        theirs = roi_align(x.detach()[None], boxes, case["size"], case["scale"], case["ratio"] or -1, case["aligned"])
    difference = (theirs - output.detach()[kept]).abs().max().item()
    assert difference < 1e-6, "%s: torchvision differs by %g" % (case["name"], difference)


def make_case(name, kind, shape, size, regions, scale=1.0, ratio=0, aligned=False):
    state = numpy.random.RandomState(zlib.crc32(name.encode()))
    case = {"name": name, "kind": kind, "size": size, "scale": scale, "ratio": ratio, "aligned": aligned, "map": shape, "regions": regions}
    x = torch.from_numpy(numpy.round(state.uniform(-1, 1, shape) / UNIT) * UNIT).requires_grad_()
    each = pool if kind == "RoIPool" else align
    kept = [r for r, (x1, y1, x2, y2) in enumerate(regions) if x2 > x1 and y2 > y1]
    output = torch.stack([each(x, region, case) if r in kept else torch.zeros(shape[0], *size) for r, region in enumerate(regions)])
    gradient = torch.from_numpy(numpy.round(state.uniform(-1, 1, output.shape) / UNIT) * UNIT)
    output.backward(gradient)
    compare(case, x, kept, output)
    return {**case, "input": fractions(x), "output": doubles(output), "outputGradient": fractions(gradient), "inputGradient": doubles(x.grad)}


def main():
    torch.set_default_dtype(torch.float64)
    boxes = [[2, 3, 11, 9], [0, 0, 4.5, 15.25], [-6, -3.5, 5, 6], [9.75, 8, 30, 27.5], [5, 5, 5.5, 5.25], [0, 0, 0, 0], [40, 40, 50, 50], [7, 3, 7, 9]]
    cases = [
        make_case("largest elements", "RoIPool", [3, 16, 12], [3, 2], boxes),
        make_case("largest elements behind a stride", "RoIPool", [18, 8, 6], [2, 2], boxes, scale=0.5),
        make_case("more parts than elements", "RoIPool", [2, 4, 3], [7, 7], boxes, scale=0.25),
        make_case("means of samples", "RoIAlign", [3, 16, 12], [3, 2], boxes, ratio=2, aligned=True),
        make_case("means of samples behind a stride", "RoIAlign", [18, 8, 6], [2, 2], boxes, scale=0.5, ratio=2, aligned=True),
        make_case("coordinates that are indices", "RoIAlign", [17, 8, 6], [2, 3], boxes, scale=0.5, ratio=3),
        make_case("as many samples as elements", "RoIAlign", [2, 16, 12], [2, 2], boxes),
        make_case("many samples", "RoIAlign", [3, 8, 6], [1, 2], boxes, scale=0.5, ratio=5, aligned=True),
        make_case("a map of one element", "RoIAlign", [2, 1, 1], [2, 2], boxes, scale=0.0625, ratio=2, aligned=True),
    ]
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "regions.json"), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(case, separators=(", ", ": ")) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
