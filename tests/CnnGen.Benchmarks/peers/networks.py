"""The networks of samples/Zoo in PyTorch, by their names there, and weights from a safetensors file.

Networks that end in Softmax there end in the scores before it here: a peer then does no work that it need not do for the same decision,
and torch's cross-entropy starts from those scores.
"""
import json

import torch
from torch import nn


class _LrnNode(torch.autograd.Function):
    """Local response normalisation that ONNX files get as their own LRN operation, which ONNX Runtime has a kernel for."""

    @staticmethod
    def forward(ctx, x, size, alpha, beta, k):
        return nn.functional.local_response_norm(x, size, alpha, beta, k)

    @staticmethod
    def symbolic(graph, x, size, alpha, beta, k):
        return graph.op("LRN", x, size_i=size, alpha_f=alpha, beta_f=beta, bias_f=k)


class LocalResponseNorm(nn.LocalResponseNorm):
    def forward(self, x):
        if torch.onnx.is_in_onnx_export():
            return _LrnNode.apply(x, self.size, self.alpha, self.beta, self.k)
        return super().forward(x)


def relu():
    return nn.ReLU(inplace=True)


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), relu(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), relu(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), relu(), nn.Linear(120, 84), relu(), nn.Linear(84, 10))


def blocks(channels, plan):
    """Blocks of 3x3 convolutions, each ended by a 2x2 pooling: (filters, convolutions) of each."""
    layers = []
    for filters, count in plan:
        for _ in range(count):
            layers += [nn.Conv2d(channels, filters, 3, padding=1), relu()]
            channels = filters
        layers.append(nn.MaxPool2d(2))
    return layers


def cifar_cnn():
    return nn.Sequential(
        *blocks(3, [(32, 2), (64, 2), (128, 2)]),
        nn.Flatten(), nn.Linear(2048, 128), relu(), nn.Linear(128, 10))


def large_head(features):
    # Dropout does nothing when predicting, and these networks are not trained here.
    return [nn.Flatten(), nn.Linear(features, 4096), relu(), nn.Linear(4096, 4096), relu(), nn.Linear(4096, 1000)]


def vgg(first, second, third, fourth, fifth):
    return nn.Sequential(*blocks(3, [(64, first), (128, second), (256, third), (512, fourth), (512, fifth)]), *large_head(25088))


def alexnet(normalised):
    def norm():
        return [LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=2.0)] if normalised else []

    return nn.Sequential(
        nn.Conv2d(3, 96, 11, stride=4), relu(), *norm(), nn.MaxPool2d(3, 2),
        nn.Conv2d(96, 256, 5, padding=2), relu(), *norm(), nn.MaxPool2d(3, 2),
        nn.Conv2d(256, 384, 3, padding=1), relu(), nn.Conv2d(384, 384, 3, padding=1), relu(),
        nn.Conv2d(384, 256, 3, padding=1), relu(), nn.MaxPool2d(3, 2),
        *large_head(9216))


class Shortcut(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.conv = nn.Conv2d(channels, filters, 1, stride=stride, bias=False)
        self.bn = nn.BatchNorm2d(filters)

    def forward(self, x):
        return self.bn(self.conv(x))


class BasicBlock(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.path = nn.Sequential(
            nn.Conv2d(channels, filters, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(filters), relu(),
            nn.Conv2d(filters, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters))
        self.shortcut = nn.Identity() if channels == filters and stride == 1 else Shortcut(channels, filters, stride)

    def forward(self, x):
        return torch.relu(self.path(x) + self.shortcut(x))


def resnet18(stem, classes):
    blocks_of = [BasicBlock(64, 64, 1), BasicBlock(64, 64, 1)]
    for filters in (128, 256, 512):
        blocks_of += [BasicBlock(filters // 2, filters, 2), BasicBlock(filters, filters, 1)]
    return nn.Sequential(*stem, nn.BatchNorm2d(64), relu(), *blocks_of, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, classes))


def imagenet_resnet18():
    network = resnet18([nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)], 1000)
    return nn.Sequential(*list(network.children())[:3], nn.MaxPool2d(3, 2, 1), *list(network.children())[3:])


def cifar_resnet18():
    return resnet18([nn.Conv2d(3, 64, 3, padding=1, bias=False)], 10)


def convolution(*shape, **options):
    return lambda: nn.Sequential(nn.Conv2d(*shape, **options))


# Each network with the shape of one image.
NETWORKS = {
    "LeNet5": (lenet5, (1, 28, 28)),
    "CifarCnn": (cifar_cnn, (3, 32, 32)),
    "AlexNet": (lambda: alexnet(True), (3, 227, 227)),
    "AlexNetPlain": (lambda: alexnet(False), (3, 227, 227)),
    "Vgg11": (lambda: vgg(1, 1, 2, 2, 2), (3, 224, 224)),
    "Vgg16": (lambda: vgg(2, 2, 3, 3, 3), (3, 224, 224)),
    "Vgg19": (lambda: vgg(2, 2, 4, 4, 4), (3, 224, 224)),
    "ResNet18": (imagenet_resnet18, (3, 224, 224)),
    "CifarResNet18": (cifar_resnet18, (3, 32, 32)),
    "Conv3x3Of64At56": (convolution(64, 64, 3, padding=1), (64, 56, 56)),
    "Conv3x3Of256At14": (convolution(256, 256, 3, padding=1), (256, 14, 14)),
    "Conv1x1Of256At56": (convolution(256, 64, 1), (256, 56, 56)),
    "Conv7x7Of3At224": (convolution(3, 64, 7, stride=2, padding=3), (3, 224, 224)),
    "Conv5x5Of6At14": (convolution(6, 16, 5), (6, 14, 14)),
    "Dense9216To4096": (lambda: nn.Sequential(nn.Flatten(), nn.Linear(9216, 4096)), (256, 6, 6)),
}


def read_safetensors(path):
    """The float32 tensors of a safetensors file (8 bytes of header length, a JSON header, the numbers) by name."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        numbers = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "F32":
            raise ValueError(f"{path}: {name} is {entry['dtype']}, not F32")
        start, end = entry["data_offsets"]
        tensors[name] = torch.frombuffer(numbers, dtype=torch.float32, count=(end - start) // 4, offset=start).reshape(entry["shape"])
    return tensors


def layers(module, counts):
    """The layers that have weights, each with the prefix that its tensors have in a file: conv1, bn1, shortcut1.conv, dense1..."""
    if isinstance(module, Shortcut):
        counts["shortcut"] += 1
        prefix = f"shortcut{counts['shortcut']}"
        yield prefix + ".conv", module.conv
        yield prefix + ".bn", module.bn
        return
    kind = "conv" if isinstance(module, nn.Conv2d) else "dense" if isinstance(module, nn.Linear) else "bn" if isinstance(module, nn.BatchNorm2d) else None
    if kind is not None:
        counts[kind] += 1
        yield f"{kind}{counts[kind]}", module
    for child in module.children():
        yield from layers(child, counts)


def build(name, weights):
    """The network with the weights of a file, whose names are conv1.weight, conv1.bias, ..., dense1.weight, ..."""
    network = NETWORKS[name][0]()
    tensors = read_safetensors(weights)
    for prefix, layer in layers(network, {"conv": 0, "dense": 0, "bn": 0, "shortcut": 0}):
        for part, parameter in layer.state_dict().items():
            if part == "num_batches_tracked":
                continue
            value = tensors.pop(f"{prefix}.{part}")
            if parameter.shape != value.shape:
                raise ValueError(f"{name}: {prefix}.{part} is {list(value.shape)} in {weights}, and {list(parameter.shape)} here")
            with torch.no_grad():
                parameter.copy_(value)
    if tensors:
        raise ValueError(f"{name} has no place for {', '.join(tensors)} of {weights}")
    return network
