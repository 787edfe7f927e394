#!/usr/bin/env python3
"""Makes the reference vectors in this folder with PyTorch in float64.

    python3 tests/vectors/make_vectors.py

Each *.json beside this script is a list of cases. A case is one training step of a small network, and one prediction:

    name               says what is special in it
    declaration        the layers as attributes, as a model declares them (without [Model(...)])
    layers             the same layers as data: the kind and all its numbers, defaults filled in
    input              channels, height, width of an image, or the features of a vector
    loss               CrossEntropy, HalfSquaredError (half the squared error), BinaryCrossEntropy, Hinge, AbsoluteError or Huber; summed over the outputs,
                       mean over the batch; cross-entropy and Hinge of a map are means over its pixels
    labelSmoothing, huberDelta, classWeights: the loss's numbers, where they are set
    batch              the number of images
    images, targets    i16
    parameters         i16, by name; running statistics among them, as they are before the step
    predictions        f64: the outputs with running statistics
    outputs            f64: the outputs in training, with the batch's statistics; left out where they equal the predictions
    lossValue          f64
    imageGradients     f64
    gradients          f64, by the parameter's name
    runningStatistics  f64, by name: after the step

Numbers are base64, little-endian: doubles (f64), or 16-bit integers that count 1/16384ths (i16). All that goes in is such a
fraction, and so exact in single precision: emitted code can be given the same numbers.
Random numbers depend on the case's name alone, so a new case leaves the others as they are.
"""

import base64
import json
import os
import zlib

import numpy
import torch
import torch.nn.functional as functional

from layers import (
    AdaptiveAveragePool, AdaptiveMaxPool, AveragePool, BatchNorm, ChannelShuffle, ChannelSlice, Conv2D, Conv2DTranspose, Crop, Dense, ELU, Flatten, GELU,
    GlobalAveragePool, GlobalMaxPool, GroupNorm, HardSigmoid, HardSwish, ImageFilter, LayerNorm, LeakyReLU, LocalResponseNorm, LocallyConnected2D, LogSoftmax, LpPool, MaxPool,
    Maxout, Mish, MixedPool, PReLU, Pad, ReLU, ReLU6, SELU, SiLU, Sigmoid, Softmax, Softplus, Softsign, SpatialPyramidPool, SpectralPool, Standardize, Tanh, Upsample,
    Windowed, f32)

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


class Random:
    """Multiples of 1/16384 in [-2, 2), seeded by a case's name."""

    UNIT = 1 / 16384

    def __init__(self, name):
        self.state = numpy.random.RandomState(zlib.crc32(name.encode()))

    def tensor(self, shape, low=-0.5, high=0.5):
        return torch.from_numpy(numpy.round(self.state.uniform(low, high, shape) / self.UNIT) * self.UNIT)

    def integers(self, shape, low, high):
        return torch.from_numpy(self.state.randint(low, high + 1, shape).astype(numpy.float64))

    def one_hot(self, batch, classes):
        result = torch.zeros(batch, classes)
        for image in range(batch):
            result[image, self.state.randint(classes)] = 1
        return result


def doubles(tensor):
    return base64.b64encode(tensor.detach().contiguous().numpy().astype("<f8").tobytes()).decode("ascii")


def fractions(tensor):
    numbers = tensor.detach().contiguous().numpy() / Random.UNIT
    integers = numbers.astype("<i2")
    assert (integers == numbers).all()
    return base64.b64encode(integers.tobytes()).decode("ascii")


def loss_of(loss, outputs, targets, settings):
    """Summed over outputs and batch; of the logits for the cross-entropies."""
    if loss == "CrossEntropy":
        if "labelSmoothing" in settings or "classWeights" in settings:
            weights = torch.tensor([f32(weight) for weight in settings["classWeights"]], dtype=torch.float64) if "classWeights" in settings else None
            return functional.cross_entropy(outputs, targets, weights, label_smoothing=f32(settings.get("labelSmoothing", 0)), reduction="sum")
        return -(targets * functional.log_softmax(outputs, 1)).sum()
    if loss == "BinaryCrossEntropy":
        return functional.binary_cross_entropy_with_logits(outputs, targets, reduction="sum")
    if loss == "Hinge":
        outputs, targets = (x.movedim(1, -1).flatten(0, -2) for x in (outputs, targets))
        return functional.multi_margin_loss(outputs, targets.argmax(1), reduction="sum") * outputs.shape[1]
    if loss == "AbsoluteError":
        return functional.l1_loss(outputs, targets, reduction="sum")
    if loss == "Huber":
        return functional.huber_loss(outputs, targets, delta=f32(settings.get("huberDelta", 1)), reduction="sum")
    return ((outputs - targets) ** 2).sum() / 2


def make_case(name, shape, layers, batch=2, loss="HalfSquaredError", integers=False, **settings):
    random = Random(name)
    images = random.integers([batch, *shape], -1, 1) if integers else random.tensor([batch, *shape], -1, 1)
    images.requires_grad_()

    counts, trained, statistics = {}, {}, {}
    probe = torch.zeros(2, *shape)
    named = []
    for layer in layers:
        counts[layer.base] = counts.get(layer.base, 0) + 1
        prefix = "%s%d." % (layer.base, counts[layer.base])
        own = layer.parameters(probe.shape[1:], random)
        running = layer.statistics(probe.shape[1:], random)
        trained.update((prefix + key, value.requires_grad_()) for key, value in own.items())
        statistics.update((prefix + key, value) for key, value in running.items())
        named.append((layer, {**own, **running}))
        with torch.no_grad():
            if isinstance(layer, Windowed):
                layer.check(probe.shape[2:])
            probe = layer.apply(probe, {**own, **running}, False)
    before = {k: fractions(v) for k, v in {**trained, **statistics}.items()}

    def run(training, skip_softmax=False):
        x = images
        for layer, own in named[:-1] if skip_softmax else named:
            x = layer.apply(x, own, training)
        return x

    predictions = run(False).detach()
    if loss in ("CrossEntropy", "Hinge"):
        pixels = probe[0, 0].numel()
        targets = random.one_hot(batch * pixels, probe.shape[1]).unflatten(0, (batch, *probe.shape[2:])).movedim(-1, 1)
    else:
        targets = random.tensor([batch, *probe.shape[1:]], 0 if loss == "BinaryCrossEntropy" else -1, 1)
    count = batch * (pixels if loss in ("CrossEntropy", "Hinge") else 1)
    if loss in ("CrossEntropy", "BinaryCrossEntropy"):
        logits = run(True, skip_softmax=True)
        outputs = functional.softmax(logits, 1) if loss == "CrossEntropy" else torch.sigmoid(logits)
        value = loss_of(loss, logits, targets, settings) / count
    else:
        outputs = run(True)
        value = loss_of(loss, outputs, targets, settings) / count
    value.backward()

    return {
        "name": name,
        "declaration": "[%s]" % ", ".join(layer.declaration() for layer in layers),
        "layers": [layer.data() for layer in layers],
        "input": list(shape),
        "output": list(probe.shape[1:]),
        "loss": loss,
        **settings,
        "batch": batch,
        "images": fractions(images),
        "targets": fractions(targets),
        "parameters": before,
        "predictions": doubles(predictions),
        **({} if torch.equal(outputs, predictions) else {"outputs": doubles(outputs)}),
        "lossValue": doubles(value),
        "imageGradients": doubles(images.grad),
        "gradients": {k: doubles(v.grad) for k, v in trained.items()},
        "runningStatistics": {k: doubles(v) for k, v in statistics.items()},
    }


FILES = {
    "conv2d": [
        make_case("3x3 over an odd size", (2, 5, 7), [Conv2D(3, 3)]),
        make_case("one pixel", (3, 1, 1), [Conv2D(4, 1)]),
        make_case("1x1", (5, 2, 3), [Conv2D(7, 1)]),
        make_case("padding keeps the size", (2, 3, 4), [Conv2D(2, 5, padding=2)]),
        make_case("stride 2, only padding ignored", (2, 8, 6), [Conv2D(3, 3, stride=2, padding=1)]),
        make_case("stride larger than the kernel", (1, 8, 9), [Conv2D(3, 2, stride=3, rounding="Floor")]),
        make_case("dilation", (2, 5, 6), [Conv2D(2, 3, dilation=2)]),
        make_case("dilation, stride and padding", (1, 9, 8), [Conv2D(3, 3, stride=2, padding=2, dilation=3, rounding="Floor")]),
        make_case("kernel height differs from width", (2, 6, 7), [Conv2D(3, (2, 5))]),
        make_case("all numbers differ along the axes", (2, 7, 5), [Conv2D(2, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 3))]),
        make_case("groups", (4, 3, 4), [Conv2D(6, 3, padding=1, groups=2)]),
        make_case("depthwise", (5, 4, 3), [Conv2D(5, 3, padding=1, groups=5)]),
        make_case("depthwise, two filters a channel", (3, 5, 5), [Conv2D(6, 3, stride=2, groups=3)]),
        make_case("without bias", (2, 4, 5), [Conv2D(3, 3, bias=False)]),
        make_case("floor", (1, 7, 8), [Conv2D(2, 3, stride=3, rounding="Floor")]),
        make_case("ceiling", (1, 6, 7), [Conv2D(2, 3, stride=(2, 3), rounding="Ceiling")]),
        make_case("ceiling with padding", (1, 5, 6), [Conv2D(2, 3, stride=2, padding=1, rounding="Ceiling")]),
        make_case("kernel as large as the padded input", (2, 3, 4), [Conv2D(2, (5, 4), padding=(1, 0))]),
        make_case("17 channels to 33 filters", (17, 1, 2), [Conv2D(33, 1)]),
        make_case("each side padded by itself", (2, 5, 6), [Conv2D(3, 3, padding=(0, 1, 2, 0))]),
        make_case("each side padded by itself, stride 2", (2, 6, 7), [Conv2D(17, 3, stride=2, padding=(0, 0, 1, 1), rounding="Floor"), ReLU(), Conv2D(3, 2, padding=(1, 0, 0, 1))]),
    ],
    "local": [
        make_case("filters of each pixel's own", (2, 4, 5), [LocallyConnected2D(3, 3)]),
        make_case("height differs from width, stride, no bias", (3, 6, 5), [LocallyConnected2D(4, (2, 3), stride=(2, 1), bias=False)]),
        make_case("behind a convolution and before one", (2, 5, 6), [Conv2D(17, 3), ReLU(), LocallyConnected2D(20, 2), ReLU(), Conv2D(2, 2)]),
        make_case("of a map of one pixel", (5, 1, 1), [LocallyConnected2D(33, 1), Tanh(), Dense(2)]),
    ],
    "transposed": [
        make_case("stride 1", (3, 4, 5), [Conv2DTranspose(4, 3)]),
        make_case("padding", (3, 4, 5), [Conv2DTranspose(4, 3, padding=1)]),
        make_case("stride 2", (3, 4, 5), [Conv2DTranspose(5, 2, stride=2)]),
        make_case("stride and padding of the output", (3, 3, 4), [Conv2DTranspose(4, 3, stride=2, padding=1, output_padding=1)]),
        make_case("all numbers differ along the axes", (2, 4, 3), [Conv2DTranspose(3, (3, 2), stride=(3, 2), padding=(1, 0), output_padding=(2, 1), dilation=(1, 2))]),
        make_case("groups", (4, 3, 4), [Conv2DTranspose(6, 3, groups=2)]),
        make_case("groups and a stride", (4, 3, 4), [Conv2DTranspose(6, 3, stride=2, groups=2)]),
        make_case("depthwise", (5, 3, 4), [Conv2DTranspose(5, 3, stride=2, groups=5)]),
        make_case("without bias", (3, 4, 5), [Conv2DTranspose(4, 3, bias=False), ReLU()]),
        make_case("17 channels to 33", (17, 2, 3), [Conv2DTranspose(33, 3, padding=1)]),
        make_case("between convolutions", (2, 5, 6), [Conv2D(20, 3), BatchNorm(), ReLU(), Conv2DTranspose(18, 2, stride=2), BatchNorm(), ReLU(), Conv2D(3, 3, padding=1)]),
        make_case("two readers", (3, 4, 4), [Conv2DTranspose(8, 2, stride=2), Conv2DTranspose(16, 3, padding=1), MaxPool(2)]),
    ],
    "pooling": [
        make_case("maximum 2x2", (3, 4, 6), [MaxPool(2)]),
        make_case("maximum, floor", (2, 5, 7), [MaxPool(2, rounding="Floor")]),
        make_case("maximum, ceiling", (2, 4, 6), [MaxPool(3, stride=2, rounding="Ceiling")]),
        make_case("maximum, ceiling and padding", (2, 6, 5), [MaxPool(3, stride=2, padding=1, rounding="Ceiling")]),
        make_case("maximum, a ceiling window that would start in the padding", (2, 4, 5), [MaxPool(2, stride=3, padding=1, rounding="Ceiling")]),
        make_case("maximum, overlapping, padded", (2, 6, 7), [MaxPool(3, stride=2, padding=1)]),
        make_case("maximum, stride 1", (2, 5, 4), [MaxPool(3, stride=1, padding=1)]),
        make_case("maximum, height differs from width", (2, 7, 7), [MaxPool((2, 3), stride=(3, 2), padding=(1, 0))]),
        make_case("maximum, stride larger than the kernel", (1, 7, 8), [MaxPool(1, stride=3, rounding="Floor")]),
        make_case("maximum, dilation", (1, 7, 8), [MaxPool((3, 2), stride=1, padding=1, dilation=(2, 3))]),
        make_case("maximum, equal elements", (2, 7, 6), [MaxPool(3, stride=(2, 1))], integers=True),
        make_case("mean 2x2", (3, 4, 2), [AveragePool(2)]),
        make_case("mean, padding counts", (2, 5, 7), [AveragePool(3, stride=2, padding=1)]),
        make_case("mean, padding doesn't count", (2, 5, 7), [AveragePool(3, stride=2, padding=1, count_padding=False)]),
        make_case("mean, ceiling, padding counts", (1, 6, 8), [AveragePool(3, stride=2, padding=1, rounding="Ceiling")]),
        make_case("mean, ceiling, padding doesn't count", (1, 6, 8), [AveragePool(3, stride=2, padding=1, count_padding=False, rounding="Ceiling")]),
        make_case("mean, ceiling beyond the padding", (2, 7, 6), [AveragePool((4, 3), stride=(3, 2), padding=(1, 0), rounding="Ceiling")]),
        make_case("mean, height differs from width", (1, 7, 8), [AveragePool((3, 2), stride=(2, 3))]),
        make_case("maximum, each side padded by itself", (2, 6, 7), [MaxPool(3, stride=2, padding=(0, 1, 1, 1))]),
        make_case("mean, each side padded by itself", (2, 6, 7), [AveragePool(3, stride=2, padding=(0, 1, 1, 1))]),
        make_case("mean, each side padded by itself, padding doesn't count", (2, 6, 7), [AveragePool(3, stride=2, padding=(0, 1, 1, 1), count_padding=False)]),
        make_case("root of squares", (3, 4, 6), [LpPool(2, 2)]),
        make_case("root of third powers, ceiling", (2, 5, 7), [LpPool(3, (3, 2), stride=2, rounding="Ceiling")]),
        make_case("root of squares behind a convolution", (2, 6, 7), [Conv2D(17, 3), LpPool(2, 2, stride=1), Conv2D(2, 2)]),
        make_case("root of squares by a Gaussian curve", (2, 5, 6), [LpPool(2, 3, stride=2, padding=1, sigma=0.75, rounding="Floor")]),
        make_case("root of powers by a Gaussian curve behind a convolution", (2, 5, 6), [Conv2D(18, 1), LpPool(1.5, (2, 3), stride=1, sigma=1.5)]),
        make_case("maximum and mean mixed", (2, 6, 7), [MixedPool(3, mix=0.25, stride=2, padding=1, rounding="Floor")]),
        make_case("maximum and mean mixed by learned shares", (3, 4, 6), [MixedPool(2)]),
        make_case("maximum and mean mixed behind a convolution", (2, 6, 7), [Conv2D(17, 3), ReLU(), MixedPool(3, stride=1), Dense(3)]),
        make_case("mean of each channel", (5, 3, 7), [GlobalAveragePool()]),
        make_case("largest of each channel", (5, 3, 7), [GlobalMaxPool()]),
        make_case("largest of each channel, equal elements", (4, 3, 5), [GlobalMaxPool()], integers=True),
    ],
    "resampling": [
        make_case("padding of zeros", (3, 3, 4), [Pad(1, 0, 2, 3)]),
        make_case("reflection", (3, 3, 4), [Pad(2, 3, 1, 0, "Reflect")]),
        make_case("edge", (3, 3, 4), [Pad(2, 2, 2, 2, "Edge")]),
        make_case("reflection before a convolution", (3, 4, 5), [Pad(1, 1, 1, 1, "Reflect"), Conv2D(17, 3)]),
        make_case("padding behind a convolution", (3, 4, 5), [Conv2D(20, 3, padding=1), Pad(0, 1, 2, 1, "Edge")]),
        make_case("the middle of a map", (3, 6, 7), [Crop(3, 4)]),
        make_case("a part of a map behind a convolution", (2, 6, 7), [Conv2D(16, 1), Crop(3, 4, (2, 1))]),
        make_case("adaptive mean", (3, 5, 7), [AdaptiveAveragePool((3, 4))]),
        make_case("adaptive mean of equal parts", (3, 6, 8), [AdaptiveAveragePool((3, 4))]),
        make_case("adaptive mean of more parts than elements", (2, 3, 4), [AdaptiveAveragePool(5)]),
        make_case("adaptive mean behind a convolution", (2, 7, 5), [Conv2D(33, 1), AdaptiveAveragePool(3)]),
        make_case("adaptive maximum", (3, 5, 7), [AdaptiveMaxPool((3, 4))]),
        make_case("adaptive maximum of equal elements", (3, 5, 7), [AdaptiveMaxPool((3, 4))], integers=True),
        make_case("adaptive maximum behind a convolution", (2, 7, 5), [Conv2D(33, 1), AdaptiveMaxPool(3)]),
        make_case("pyramid", (3, 6, 7), [SpatialPyramidPool(4, 2, 1)]),
        make_case("pyramid behind a convolution", (2, 7, 5), [Conv2D(17, 3, padding=1), ReLU(), SpatialPyramidPool(3, 1), Dense(4)]),
        *[make_case("filter %s" % kind, (2, 4, 5), [ImageFilter(kind)]) for kind in ImageFilter.known],
        make_case("filter of 25 numbers", (2, 6, 4), [ImageFilter([(7 * i % 11 - 5) / 8 for i in range(25)])]),
        make_case("filter behind a convolution", (2, 4, 5), [Conv2D(18, 1), ImageFilter("Sharpen"), Conv2D(2, 3, padding=1)]),
        make_case("low frequencies", (2, 7, 9), [SpectralPool((3, 5))]),
        make_case("low frequencies, an even number", (2, 7, 8), [SpectralPool((4, 6))]),
        make_case("low frequencies behind a convolution", (2, 6, 5), [Conv2D(17, 1), SpectralPool(4)]),
        make_case("nearest", (3, 3, 4), [Upsample(3)]),
        make_case("bilinear", (3, 3, 4), [Upsample(2, "Bilinear")]),
        make_case("bilinear, corners aligned", (3, 3, 4), [Upsample(3, "Bilinear", True)]),
        make_case("bilinear behind a convolution", (2, 4, 3), [Conv2D(17, 1), Upsample(3, "Bilinear")]),
        make_case("bilinear of one row", (2, 1, 3), [Upsample(2, "Bilinear", True)]),
    ],
    "pointwise": [
        make_case("ReLU", (2, 3, 5), [ReLU()]),
        make_case("ReLU at zero", (2, 3, 5), [ReLU()], integers=True),
        make_case("LeakyReLU", (2, 3, 5), [LeakyReLU(0.2)]),
        make_case("LeakyReLU at zero", (2, 3, 5), [LeakyReLU(0.01)], integers=True),
        make_case("ELU", (2, 3, 5), [ELU(0.7)]),
        make_case("ELU at zero", (2, 3, 5), [ELU(1.3)], integers=True),
        make_case("Sigmoid", (2, 3, 5), [Sigmoid()]),
        make_case("Tanh", (2, 3, 5), [Tanh()]),
        make_case("HardSwish", (2, 3, 5), [HardSwish()]),
        make_case("HardSwish beyond its bounds", (9, 4, 5), [Conv2D(4, 1, reach=1.99), HardSwish()]),
        *[
            make_case("%s of large numbers" % name, (9, 4, 5), [Conv2D(4, 1, reach=1.99), layer])
            for name, layer in (
                ("ReLU6", ReLU6()), ("SELU", SELU()), ("GELU", GELU()), ("GELU by the hyperbolic tangent", GELU(approximate=True)), ("SiLU", SiLU()),
                ("Mish", Mish()), ("Softplus", Softplus()), ("Softplus, beta", Softplus(2.5)), ("Softsign", Softsign()), ("HardSigmoid", HardSigmoid()))
        ],
        make_case("ReLU6 at zero", (2, 3, 5), [ReLU6()], integers=True),
        make_case("SELU at zero", (2, 3, 5), [SELU()], integers=True),
        make_case("PReLU of a map", (5, 3, 4), [PReLU()]),
        make_case("PReLU of a map at zero", (5, 3, 4), [PReLU()], integers=True),
        make_case("PReLU of a vector", (2, 2, 3), [Dense(18), PReLU()]),
        make_case("PReLU behind a convolution", (2, 4, 5), [Conv2D(17, 3, padding=1), PReLU(), GlobalAveragePool()]),
        make_case("LogSoftmax of a map", (4, 3, 2), [LogSoftmax()]),
        make_case("LogSoftmax of a vector", (3, 2, 2), [Flatten(), LogSoftmax()]),
        make_case("LogSoftmax of large numbers", (9, 4, 5), [Conv2D(18, 1, reach=1.99), LogSoftmax()]),
        make_case("Softmax of a map", (4, 3, 2), [Softmax()]),
        make_case("Softmax of a vector", (3, 2, 2), [Flatten(), Softmax()]),
        make_case("Softmax in the middle", (3, 4, 4), [Softmax(), Conv2D(2, 2)]),
    ],
    "dense": [
        make_case("dense after a map", (2, 3, 4), [Dense(5)]),
        make_case("dense without bias", (1, 3, 3), [Dense(4, bias=False)]),
        make_case("two dense layers", (1, 2, 5), [Dense(7), Tanh(), Dense(3)]),
        make_case("cross-entropy", (1, 2, 3), [Dense(5), Softmax()], batch=4, loss="CrossEntropy"),
        make_case("dense after a mean of each channel", (6, 2, 3), [GlobalAveragePool(), Dense(4)]),
    ],
    "normalisation": [
        make_case("batch norm of a map", (3, 3, 4), [BatchNorm()], batch=3),
        make_case("batch norm of a map, its own numbers", (2, 3, 3), [BatchNorm(epsilon=0.01, momentum=0.3)], batch=3),
        make_case("batch norm of a batch of 1", (2, 3, 3), [BatchNorm()], batch=1),
        make_case("batch norm of a vector", (1, 2, 4), [Flatten(), BatchNorm()], batch=4),
        make_case("local response norm", (7, 2, 3), [LocalResponseNorm(5, alpha=0.5)]),
        make_case("local response norm with the usual numbers", (6, 2, 3), [LocalResponseNorm(5)]),
        make_case("local response norm, even window", (6, 2, 3), [LocalResponseNorm(4, alpha=0.8, beta=0.6, k=1.0)]),
        make_case("local response norm, more window than channels", (2, 3, 2), [LocalResponseNorm(5, alpha=0.9, beta=0.5)]),
        make_case("group norm", (6, 3, 4), [GroupNorm(3)]),
        make_case("group norm of all channels", (3, 3, 5), [GroupNorm(1, epsilon=0.01)]),
        make_case("group norm of each channel", (3, 3, 5), [GroupNorm(3)]),
        make_case("group norm behind a convolution", (2, 4, 5), [Conv2D(34, 3, padding=1), GroupNorm(2), Conv2D(3, 3, padding=1)]),
        make_case("group norm of a vector", (1, 2, 4), [Dense(12), GroupNorm(4)]),
        make_case("layer norm of a map", (5, 3, 4), [LayerNorm()]),
        make_case("layer norm of a map behind a convolution", (2, 3, 4), [Conv2D(18, 3, padding=1), LayerNorm(epsilon=0.001), Conv2D(3, 3, padding=1)]),
        make_case("constants", (3, 3, 4), [Standardize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]), Conv2D(2, 3)]),
        make_case("constants behind a convolution", (2, 3, 4), [Conv2D(17, 1), Standardize([i / 16 for i in range(17)], [0.5]), ReLU()]),
        make_case("constants of a vector", (1, 2, 3), [Flatten(), Standardize([0.5], [1, 2, 3, 4, 5, 6])]),
        make_case("layer norm of a vector", (1, 3, 4), [Dense(19), LayerNorm()]),
        make_case("channels shuffled", (6, 2, 3), [ChannelShuffle(2)]),
        make_case("channels shuffled behind a convolution", (2, 3, 4), [Conv2D(24, 3, padding=1), ChannelShuffle(3), Conv2D(24, 3, padding=1, groups=3)]),
        make_case("maxout", (6, 3, 4), [Maxout(2)]),
        make_case("maxout of equal elements", (6, 3, 4), [Maxout(3)], integers=True),
        make_case("maxout behind a convolution", (2, 3, 4), [Conv2D(34, 3, padding=1), Maxout(2), Conv2D(2, 3)]),
        make_case("some channels", (5, 3, 4), [ChannelSlice(1, 3)]),
        make_case("some channels behind a convolution", (2, 3, 4), [Conv2D(34, 3, padding=1), ChannelSlice(15, 18), Conv2D(2, 3)]),
        make_case("some features", (1, 3, 4), [Dense(20), ChannelSlice(3, 7)]),
        make_case("maxout of a vector", (1, 3, 4), [Dense(20), Maxout(4)]),
        make_case("local response norm, window 1", (3, 2, 2), [LocalResponseNorm(1, alpha=1.5)]),
    ],
    "losses": [
        make_case("labels smoothed", (1, 2, 3), [Dense(5), Softmax()], batch=4, loss="CrossEntropy", labelSmoothing=0.1),
        make_case("classes weighted", (1, 2, 3), [Dense(3), Softmax()], batch=4, loss="CrossEntropy", classWeights=[0.5, 2, 0.75]),
        make_case("classes weighted, labels smoothed", (1, 2, 3), [Dense(3), Softmax()], batch=4, loss="CrossEntropy", labelSmoothing=0.1, classWeights=[0.5, 2, 0]),
        make_case("cross-entropy of a map", (2, 4, 5), [Conv2D(3, 3, padding=1), Softmax()], loss="CrossEntropy"),
        make_case("cross-entropy of a map of 17 classes", (2, 4, 5), [Conv2D(17, 3), Softmax()], loss="CrossEntropy"),
        make_case(
            "cross-entropy of a map, classes weighted, labels smoothed", (2, 4, 9), [Conv2D(4, 3, padding=1), Softmax()],
            loss="CrossEntropy", labelSmoothing=0.2, classWeights=[1, 0.25, 3, 0.5]),
        make_case("hinge of a map", (2, 4, 5), [Conv2D(3, 2)], loss="Hinge"),
        make_case("binary cross-entropy", (2, 2, 3), [Dense(5), Sigmoid()], batch=3, loss="BinaryCrossEntropy"),
        make_case("binary cross-entropy of a map", (2, 3, 4), [Conv2D(3, 2), Sigmoid()], loss="BinaryCrossEntropy"),
        make_case("hinge", (2, 2, 3), [Dense(6)], batch=4, loss="Hinge"),
        make_case("absolute error", (2, 2, 3), [Dense(5)], batch=3, loss="AbsoluteError"),
        make_case("absolute error of a map", (2, 3, 4), [Conv2D(17, 2)], loss="AbsoluteError"),
        make_case("Huber", (2, 2, 3), [Dense(9)], batch=3, loss="Huber"),
        make_case("Huber with a delta of its own", (2, 2, 3), [Dense(9)], batch=3, loss="Huber", huberDelta=0.3),
    ],
    "networks": [
        make_case(
            "LeNet-5 in small", (1, 12, 12),
            [Conv2D(4, 5, padding=2), Tanh(), AveragePool(2), Conv2D(6, 3), Tanh(), AveragePool(2), Dense(10), Tanh(), Dense(7), Tanh(), Dense(5), Softmax()],
            batch=3, loss="CrossEntropy"),
        make_case(
            "ReLU and max pooling", (3, 7, 7),
            [Conv2D(4, 3, padding=1), ReLU(), MaxPool(3, stride=2), Conv2D(6, 3, padding=1, groups=2), LeakyReLU(0.1), GlobalMaxPool(), Dense(5), Softmax()],
            batch=3, loss="CrossEntropy"),
        make_case(
            "batch norm", (2, 7, 7),
            [Conv2D(6, 3, stride=2, padding=1, bias=False), BatchNorm(), ReLU(), Conv2D(6, 3, padding=1, groups=6, bias=False), BatchNorm(), ReLU(),
             Conv2D(8, 1, bias=False), BatchNorm(), ReLU(), GlobalAveragePool(), Dense(4), BatchNorm(), Softmax()],
            batch=3, loss="CrossEntropy"),
        make_case(
            "local response norm in a network", (2, 11, 11),
            [Conv2D(6, 3, stride=2), ReLU(), LocalResponseNorm(5, alpha=0.2), MaxPool(3, stride=2), Conv2D(4, 2, groups=2), ELU(1.0), Dense(3)],
            batch=3),
    ],
}


def main():
    folder = os.path.dirname(os.path.abspath(__file__))
    for name, cases in FILES.items():
        with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8", newline="\n") as file:
            # One case a line: small, and a change shows which cases it touches.
            file.write("[\n%s\n]\n" % ",\n".join(json.dumps(case) for case in cases))


if __name__ == "__main__":
    main()
