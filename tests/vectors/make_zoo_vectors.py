"""Writes zoo.json: what PyTorch computes of the networks of samples/Zoo, with PyTorch's own names of their tensors.

Nothing is stored but names, shapes and results: weights and images are made from their names by a formula that tests/Zoo.Tests knows too
(numbers_of, below). Everything is computed in float64.
"""
import json
import math
import os
import sys

import numpy
import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "CnnGen.Benchmarks", "peers"))
import networks  # noqa: E402

PREDICTED = ("AlexNetTorch", "Vgg11", "GoogLeNet", "ResNet18", "ResNet50", "SEResNet50", "MobileNetV2", "DenseNet121", "ShuffleNetV2", "SqueezeNet", "UNet")

# The trained ones are smaller, and have no dropout: its masks are no other library's.
TRAINED = {
    "SmallResNet18": (lambda: networks.ResNet(networks.BasicBlock, 1, (2, 2, 2, 2), (64, 128, 256, 512), 10, True), (3, 64, 64), 3),
    "SmallGoogLeNet": (lambda: networks.GoogLeNet(10, auxiliary_features=512), (3, 128, 128), 3),
    "SmallUNet": (networks.UNet, (3, 64, 64), 2),
}


def numbers_of(name, count):
    """Numbers in [-1, 1) from a name: the finalizer of splitmix64 (Steele, Lea, Flood 2014) of an FNV-1a hash of the name plus the index's multiples."""
    seed = 14695981039346656037
    for byte in name.encode():
        seed = ((seed ^ byte) * 1099511628211) % 2**64
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(seed) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z = z ^ (z >> numpy.uint64(31))
    return (z >> numpy.uint64(40)).astype(numpy.float64) / 2**23 - 1


def value_of(name, shape):
    """A tensor of a network, in float32: what a weight is is told by its dimensions, and of a vector by the end of its name."""
    numbers = numbers_of(name, math.prod(shape))
    if len(shape) > 1:
        numbers = numbers * math.sqrt(3 / math.prod(shape[1:]))
    elif name.endswith(".running_var"):
        numbers = 1 + numbers / 2
    elif name.endswith(".weight"):
        numbers = 1 + numbers / 4
    else:
        numbers = numbers / 8
    return numbers.astype(numpy.float32).astype(numpy.float64).reshape(shape)


def filled(network):
    """The network in float64, its tensors made from their names; with the names and shapes."""
    network = network.double()
    tensors = {name: tensor for name, tensor in network.state_dict().items() if not name.endswith("num_batches_tracked")}
    network.load_state_dict({name: torch.from_numpy(value_of(name, tuple(tensor.shape))) for name, tensor in tensors.items()}, strict=False)
    return network, [[name, list(tensor.shape)] for name, tensor in tensors.items()]


def images(name, count, shape):
    return torch.from_numpy(numbers_of(f"images of {name}", count * math.prod(shape)).astype(numpy.float32).astype(numpy.float64).reshape((count, *shape)))


def rounded(values):
    return [float(f"{value:.9g}") for value in values]


def prediction(name):
    make, shape = networks.NETWORKS[name]
    network, tensors = filled(make())
    network.eval()
    with torch.no_grad():
        outputs = network(images(name, 1, shape))
        if name == "UNet":
            outputs = torch.logit(outputs)
    return {"name": name, "tensors": tensors, "outputs": rounded(outputs.flatten()[::16 if outputs.numel() > 4096 else 1].tolist())}


def step(name, kind):
    """The network, the loss and the gradients, computed in numbers of a kind."""
    make, shape, count = TRAINED[name]
    network, tensors = filled(make())
    network = network.to(kind)
    network.train()
    outputs = network(images(name, count, shape).to(kind))
    if name == "SmallUNet":
        targets = (torch.from_numpy(numbers_of(f"targets of {name}", outputs.numel()).reshape(outputs.shape)) > 0).to(kind)
        loss = nn.functional.binary_cross_entropy_with_logits(outputs, targets, reduction="sum") / count
    else:
        classes = torch.arange(count) * 3 % 10
        scores, *heads = outputs if isinstance(outputs, tuple) else (outputs,)
        loss = nn.functional.cross_entropy(scores, classes) + sum(0.3 * nn.functional.cross_entropy(head, classes) for head in heads)
    loss.backward()
    return tensors, float(loss), {name: parameter.grad.flatten().double().numpy() for name, parameter in network.named_parameters()}


def training(name):
    """
    The loss, and of each gradient its length, its product with numbers made from its name (one wrong element moves it), and how far from it PyTorch itself is
    in float32: many maxima of two and many kinks lie between a pixel and the loss.
    """
    tensors, loss, gradients = step(name, torch.float64)
    _, _, singles = step(name, torch.float32)
    rows = []
    for parameter, gradient in gradients.items():
        along = gradient @ numbers_of(f"along {parameter}", gradient.size)
        rows.append([parameter, *rounded([numpy.linalg.norm(gradient), along, numpy.linalg.norm(singles[parameter] - gradient)])])
    return {"name": name, "count": TRAINED[name][2], "tensors": tensors, "loss": loss, "gradients": rows}


def main():
    result = {"predictions": [prediction(name) for name in PREDICTED], "trainings": [training(name) for name in TRAINED]}
    with open(os.path.join(HERE, "zoo.json"), "w") as file:
        json.dump(result, file, separators=(",", ":"))
        file.write("\n")


main()
