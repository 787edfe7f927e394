"""The networks of samples/Zoo in PyTorch, by their names there, and weights from a safetensors file.

Networks that end in Softmax there end in the scores before it here: a peer then does no work that it need not do for the same decision,
and torch's cross-entropy starts from those scores.
"""
import functools
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


def alexnet(normalised):
    def norm():
        return [LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=2.0)] if normalised else []

    return nn.Sequential(
        nn.Conv2d(3, 96, 11, stride=4), relu(), *norm(), nn.MaxPool2d(3, 2),
        nn.Conv2d(96, 256, 5, padding=2), relu(), *norm(), nn.MaxPool2d(3, 2),
        nn.Conv2d(256, 384, 3, padding=1), relu(), nn.Conv2d(384, 384, 3, padding=1), relu(),
        nn.Conv2d(384, 256, 3, padding=1), relu(), nn.MaxPool2d(3, 2),
        *large_head(9216))


class Named(nn.Module):
    """A network whose modules have the names that the tensors have in a file."""


class BasicBlock(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, width, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        self.downsample = downsample(channels, width, stride)

    def forward(self, x):
        around = x if self.downsample is None else self.downsample(x)
        return torch.relu(self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x))))) + around)


class Bottleneck(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width)
        self.downsample = downsample(channels, 4 * width, stride)

    def forward(self, x):
        around = x if self.downsample is None else self.downsample(x)
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.relu(self.bn2(self.conv2(x)))
        return torch.relu(self.bn3(self.conv3(x)) + around)


def downsample(channels, filters, stride):
    if stride == 1 and channels == filters:
        return None
    return nn.Sequential(nn.Conv2d(channels, filters, 1, stride=stride, bias=False), nn.BatchNorm2d(filters))


class ResNet(Named):
    """He et al. 2016; on small images with a stem of one 3x3 convolution."""

    def __init__(self, block, expansion, counts, widths, classes, large):
        super().__init__()
        stem = widths[0]
        self.conv1 = nn.Conv2d(3, stem, 7, stride=2, padding=3, bias=False) if large else nn.Conv2d(3, stem, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(stem)
        self.pool = nn.MaxPool2d(3, 2, 1) if large else None
        self.stages = []
        channels = stem
        for i, (count, width) in enumerate(zip(counts, widths)):
            blocks = []
            for j in range(count):
                blocks.append(block(channels, width, 2 if i > 0 and j == 0 else 1))
                channels = expansion * width
            stage = nn.Sequential(*blocks)
            setattr(self, f"layer{i + 1}", stage)
            self.stages.append(f"layer{i + 1}")
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        if self.pool is not None:
            x = self.pool(x)
        for stage in self.stages:
            x = getattr(self, stage)(x)
        return self.fc(torch.flatten(nn.functional.adaptive_avg_pool2d(x, 1), 1))


class Inverted(nn.Module):
    """Sandler et al. 2018, figure 4."""

    def __init__(self, channels, expand, width, stride):
        super().__init__()
        inner = expand * channels
        depthwise = nn.Sequential(nn.Conv2d(inner, inner, 3, stride=stride, padding=1, groups=inner, bias=False), nn.BatchNorm2d(inner), nn.ReLU6(True))
        first = [] if expand == 1 else [nn.Sequential(nn.Conv2d(channels, inner, 1, bias=False), nn.BatchNorm2d(inner), nn.ReLU6(True))]
        self.conv = nn.Sequential(*first, depthwise, nn.Conv2d(inner, width, 1, bias=False), nn.BatchNorm2d(width))
        self.goes_around = stride == 1 and channels == width

    def forward(self, x):
        return x + self.conv(x) if self.goes_around else self.conv(x)


class MobileNetV2(Named):
    def __init__(self):
        super().__init__()
        features = [nn.Sequential(nn.Conv2d(3, 32, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU6(True))]
        channels = 32
        for expand, width, count, stride in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)):
            for i in range(count):
                features.append(Inverted(channels, expand, width, stride if i == 0 else 1))
                channels = width
        features.append(nn.Sequential(nn.Conv2d(channels, 1280, 1, bias=False), nn.BatchNorm2d(1280), nn.ReLU6(True)))
        self.features = nn.Sequential(*features)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, 1000))

    def forward(self, x):
        return self.classifier(torch.flatten(nn.functional.adaptive_avg_pool2d(self.features(x), 1), 1))


class Fire(nn.Module):
    """Iandola et al. 2016, figure 1."""

    def __init__(self, channels, squeeze, expand):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeeze, 1)
        self.expand1x1 = nn.Conv2d(squeeze, expand, 1)
        self.expand3x3 = nn.Conv2d(squeeze, expand, 3, padding=1)

    def forward(self, x):
        x = torch.relu(self.squeeze(x))
        return torch.cat([torch.relu(self.expand1x1(x)), torch.relu(self.expand3x3(x))], 1)


class SqueezeNet(Named):
    def __init__(self):
        super().__init__()
        pool = functools.partial(nn.MaxPool2d, 3, 2, ceil_mode=True)
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 3, stride=2), relu(), pool(),
            Fire(64, 16, 64), Fire(128, 16, 64), pool(), Fire(128, 32, 128), Fire(256, 32, 128), pool(),
            Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), Fire(512, 64, 256))
        self.classifier = nn.Sequential(nn.Dropout(0.5), nn.Conv2d(512, 1000, 1), relu(), nn.AdaptiveAvgPool2d(1))

    def forward(self, x):
        return torch.flatten(self.classifier(self.features(x)), 1)


class SqueezeExcite(nn.Module):
    """Hu et al. 2018, figure 3."""

    def __init__(self, channels, reduction=16):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(channels, channels // reduction), nn.Linear(channels // reduction, channels)

    def forward(self, x):
        gate = torch.sigmoid(self.fc2(torch.relu(self.fc1(x.mean((2, 3))))))
        return x * gate[:, :, None, None]


class SEBottleneck(Bottleneck):
    def __init__(self, channels, width, stride):
        super().__init__(channels, width, stride)
        self.se = SqueezeExcite(4 * width)

    def forward(self, x):
        around = x if self.downsample is None else self.downsample(x)
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.relu(self.bn2(self.conv2(x)))
        return torch.relu(self.se(self.bn3(self.conv3(x))) + around)


class ConvNorm(nn.Module):
    def __init__(self, channels, filters, kernel, **options):
        super().__init__()
        self.conv, self.bn = nn.Conv2d(channels, filters, kernel, bias=False, **options), nn.BatchNorm2d(filters, eps=0.001)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))


class Inception(nn.Module):
    """Szegedy et al. 2015, figure 2b, with norms and a 3x3 kernel for 5x5."""

    def __init__(self, channels, c1, r3, c3, r5, c5, p):
        super().__init__()
        self.branch1 = ConvNorm(channels, c1, 1)
        self.branch2 = nn.Sequential(ConvNorm(channels, r3, 1), ConvNorm(r3, c3, 3, padding=1))
        self.branch3 = nn.Sequential(ConvNorm(channels, r5, 1), ConvNorm(r5, c5, 3, padding=1))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), ConvNorm(channels, p, 1))

    def forward(self, x):
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)


class Auxiliary(nn.Module):
    def __init__(self, channels, features, classes):
        super().__init__()
        self.conv = ConvNorm(channels, 128, 1)
        self.fc1, self.fc2 = nn.Linear(features, 1024), nn.Linear(1024, classes)

    def forward(self, x):
        x = self.conv(nn.functional.avg_pool2d(x, 5, 3))
        return self.fc2(torch.relu(self.fc1(torch.flatten(x, 1))))


class GoogLeNet(Named):
    """With the heads' scores behind the network's in training. Its dropout is left out: it does nothing in predictions."""

    INCEPTIONS = (
        ("3a", 192, 64, 96, 128, 16, 32, 32), ("3b", 256, 128, 128, 192, 32, 96, 64), ("4a", 480, 192, 96, 208, 16, 48, 64),
        ("4b", 512, 160, 112, 224, 24, 64, 64), ("4c", 512, 128, 128, 256, 24, 64, 64), ("4d", 512, 112, 144, 288, 32, 64, 64),
        ("4e", 528, 256, 160, 320, 32, 128, 128), ("5a", 832, 256, 160, 320, 32, 128, 128), ("5b", 832, 384, 192, 384, 48, 128, 128))

    def __init__(self, classes=1000, auxiliary_features=2048):
        super().__init__()
        self.conv1 = ConvNorm(3, 64, 7, stride=2, padding=3)
        self.conv2, self.conv3 = ConvNorm(64, 64, 1), ConvNorm(64, 192, 3, padding=1)
        for name, *numbers in self.INCEPTIONS:
            setattr(self, "inception" + name, Inception(*numbers))
        self.aux1, self.aux2 = Auxiliary(512, auxiliary_features, classes), Auxiliary(528, auxiliary_features, classes)
        self.fc = nn.Linear(1024, classes)

    def forward(self, x):
        def pool(x, size=3):
            return nn.functional.max_pool2d(x, size, 2, ceil_mode=True)

        heads = []
        x = pool(self.conv3(self.conv2(pool(self.conv1(x)))))
        for name, *_ in self.INCEPTIONS:
            x = getattr(self, "inception" + name)(x)
            if self.training and name in ("4a", "4d"):
                heads.append((self.aux1 if name == "4a" else self.aux2)(x))
            if name in ("3b", "4e"):
                x = pool(x, 3 if name == "3b" else 2)
        scores = self.fc(x.mean((2, 3)))
        return (scores, *heads) if self.training else scores


class DenseLayer(nn.Module):
    def __init__(self, channels, growth):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(channels), nn.Conv2d(channels, 4 * growth, 1, bias=False)
        self.norm2, self.conv2 = nn.BatchNorm2d(4 * growth), nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False)

    def forward(self, x):
        inner = self.conv1(torch.relu(self.norm1(x)))
        return torch.cat([x, self.conv2(torch.relu(self.norm2(inner)))], 1)


class DenseNet(Named):
    """Huang et al. 2017, table 1."""

    def __init__(self, counts=(6, 12, 24, 16), growth=32):
        super().__init__()
        features = nn.Sequential()
        features.add_module("conv0", nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False))
        features.add_module("norm0", nn.BatchNorm2d(64))
        features.add_module("relu0", nn.ReLU())
        features.add_module("pool0", nn.MaxPool2d(3, 2, 1))
        channels = 64
        for i, count in enumerate(counts):
            block = nn.Sequential()
            for j in range(count):
                block.add_module(f"denselayer{j + 1}", DenseLayer(channels, growth))
                channels += growth
            features.add_module(f"denseblock{i + 1}", block)
            if i < len(counts) - 1:
                transition = nn.Sequential()
                transition.add_module("norm", nn.BatchNorm2d(channels))
                transition.add_module("relu", nn.ReLU())
                transition.add_module("conv", nn.Conv2d(channels, channels // 2, 1, bias=False))
                transition.add_module("pool", nn.AvgPool2d(2))
                features.add_module(f"transition{i + 1}", transition)
                channels //= 2
        features.add_module("norm5", nn.BatchNorm2d(channels))
        self.features, self.classifier = features, nn.Linear(channels, 1000)

    def forward(self, x):
        return self.classifier(torch.relu(self.features(x)).mean((2, 3)))


class ShuffleUnit(nn.Module):
    """Ma et al. 2018, figures 3c and 3d."""

    def __init__(self, channels, width, stride):
        super().__init__()
        half = width // 2

        def depthwise(channels):
            return nn.Conv2d(channels, channels, 3, stride=stride, padding=1, groups=channels, bias=False)

        self.is_split = stride == 1
        self.branch1 = None if self.is_split else nn.Sequential(
            depthwise(channels), nn.BatchNorm2d(channels), nn.Conv2d(channels, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU())
        self.branch2 = nn.Sequential(
            nn.Conv2d(half if self.is_split else channels, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU(),
            depthwise(half), nn.BatchNorm2d(half), nn.Conv2d(half, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU())

    def forward(self, x):
        left, right = x.chunk(2, 1) if self.is_split else (self.branch1(x), x)
        x = torch.cat([left, self.branch2(right)], 1)
        batch, channels, height, width = x.shape
        return x.view(batch, 2, channels // 2, height, width).transpose(1, 2).reshape(batch, channels, height, width)


class ShuffleNetV2(Named):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Sequential(nn.Conv2d(3, 24, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(24), nn.ReLU())
        channels = 24
        for i, (width, count) in enumerate(((116, 4), (232, 8), (464, 4))):
            units = []
            for j in range(count):
                units.append(ShuffleUnit(channels, width, 2 if j == 0 else 1))
                channels = width
            setattr(self, f"stage{i + 2}", nn.Sequential(*units))
        self.conv5 = nn.Sequential(nn.Conv2d(channels, 1024, 1, bias=False), nn.BatchNorm2d(1024), nn.ReLU())
        self.fc = nn.Linear(1024, 1000)

    def forward(self, x):
        x = nn.functional.max_pool2d(self.conv1(x), 3, 2, 1)
        return self.fc(self.conv5(self.stage4(self.stage3(self.stage2(x)))).mean((2, 3)))


class DoubleConv(nn.Module):
    def __init__(self, channels, width):
        super().__init__()
        layers = []
        for _ in range(2):
            layers += [nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
            channels = width
        self.double_conv = nn.Sequential(*layers)

    def forward(self, x):
        return self.double_conv(x)


class Down(nn.Module):
    def __init__(self, channels, width):
        super().__init__()
        self.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), DoubleConv(channels, width))

    def forward(self, x):
        return self.maxpool_conv(x)


class Up(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(channels, channels // 2, 2, stride=2)
        self.conv = DoubleConv(channels, channels // 2)

    def forward(self, x, skipped):
        return self.conv(torch.cat([skipped, self.up(x)], 1))


class UNet(Named):
    """Ronneberger et al. 2015, figure 1, with padding and norms; the scores before the sigmoid, or the probabilities behind it."""

    def __init__(self, width=16, probabilities=False):
        super().__init__()
        self.probabilities = probabilities
        self.inc = DoubleConv(3, width)
        for i in range(1, 5):
            setattr(self, f"down{i}", Down(width << (i - 1), width << i))
        for i in range(1, 5):
            setattr(self, f"up{i}", Up(width << (5 - i)))
        self.outc = nn.Sequential()
        self.outc.add_module("conv", nn.Conv2d(width, 1, 1))

    def forward(self, x):
        levels = [self.inc(x)]
        for i in range(1, 5):
            levels.append(getattr(self, f"down{i}")(levels[-1]))
        x = levels.pop()
        for i in range(1, 5):
            x = getattr(self, f"up{i}")(x, levels.pop())
        x = self.outc(x)
        return torch.sigmoid(x) if self.probabilities else x


class AlexNetTorch(Named):
    """torchvision's form of Krizhevsky 2014."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 11, stride=4, padding=2), relu(), nn.MaxPool2d(3, 2), nn.Conv2d(64, 192, 5, padding=2), relu(), nn.MaxPool2d(3, 2),
            nn.Conv2d(192, 384, 3, padding=1), relu(), nn.Conv2d(384, 256, 3, padding=1), relu(), nn.Conv2d(256, 256, 3, padding=1), relu(), nn.MaxPool2d(3, 2))
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(9216, 4096), relu(), nn.Dropout(), nn.Linear(4096, 4096), relu(), nn.Linear(4096, 1000))

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


class VggTorch(Named):
    """Simonyan and Zisserman 2015, table 1, with the names that torchvision has."""

    def __init__(self, *counts):
        super().__init__()
        self.features = nn.Sequential(*blocks(3, list(zip((64, 128, 256, 512, 512), counts))))
        self.classifier = nn.Sequential(nn.Linear(25088, 4096), relu(), nn.Dropout(), nn.Linear(4096, 4096), relu(), nn.Dropout(), nn.Linear(4096, 1000))

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


def convolution(*shape, **options):
    return lambda: nn.Sequential(nn.Conv2d(*shape, **options))


# Each network with the shape of one image.
NETWORKS = {
    "LeNet5": (lenet5, (1, 28, 28)),
    "CifarCnn": (cifar_cnn, (3, 32, 32)),
    "AlexNet": (lambda: alexnet(True), (3, 227, 227)),
    "AlexNetPlain": (lambda: alexnet(False), (3, 227, 227)),
    "AlexNetTorch": (AlexNetTorch, (3, 224, 224)),
    "Vgg11": (lambda: VggTorch(1, 1, 2, 2, 2), (3, 224, 224)),
    "Vgg16": (lambda: VggTorch(2, 2, 3, 3, 3), (3, 224, 224)),
    "Vgg19": (lambda: VggTorch(2, 2, 4, 4, 4), (3, 224, 224)),
    "ResNet18": (lambda: ResNet(BasicBlock, 1, (2, 2, 2, 2), (64, 128, 256, 512), 1000, True), (3, 224, 224)),
    "ResNet50": (lambda: ResNet(Bottleneck, 4, (3, 4, 6, 3), (64, 128, 256, 512), 1000, True), (3, 224, 224)),
    "CifarResNet18": (lambda: ResNet(BasicBlock, 1, (2, 2, 2, 2), (64, 128, 256, 512), 10, False), (3, 32, 32)),
    "CifarResNet20": (lambda: ResNet(BasicBlock, 1, (3, 3, 3), (16, 32, 64), 10, False), (3, 32, 32)),
    "MobileNetV2": (MobileNetV2, (3, 224, 224)),
    "SqueezeNet": (SqueezeNet, (3, 224, 224)),
    "SEResNet50": (lambda: ResNet(SEBottleneck, 4, (3, 4, 6, 3), (64, 128, 256, 512), 1000, True), (3, 224, 224)),
    "GoogLeNet": (GoogLeNet, (3, 224, 224)),
    "DenseNet121": (DenseNet, (3, 224, 224)),
    "ShuffleNetV2": (ShuffleNetV2, (3, 224, 224)),
    "UNet": (lambda: UNet(probabilities=True), (3, 128, 128)),
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
    """The layers that have weights, each with the prefix that its tensors have in a file: conv1, dense1..., or their own names."""
    if isinstance(module, Named):
        yield from ((name, layer) for name, layer in module.named_modules() if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear, nn.BatchNorm2d)))
        return
    kind = "conv" if isinstance(module, nn.Conv2d) else "dense" if isinstance(module, nn.Linear) else None
    if kind is not None:
        counts[kind] += 1
        yield f"{kind}{counts[kind]}", module
    for child in module.children():
        yield from layers(child, counts)


def build(name, weights):
    """The network with the weights of a file."""
    network = NETWORKS[name][0]()
    tensors = read_safetensors(weights)
    for prefix, layer in layers(network, {"conv": 0, "dense": 0}):
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
