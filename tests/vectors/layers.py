"""The layers of make_vectors.py: each with its attribute's text, its numbers as data, its parameters, and PyTorch's way to compute it."""

import math

import numpy
import torch
import torch.nn.functional as functional


def f32(number):
    """The float nearest to a number, as a double: what a float literal of a declaration means."""
    return float(numpy.float32(number))


def pair(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def spelled(value):
    """A number, or several, as a settable property of an attribute has them."""
    return str(value) if isinstance(value, int) else "new[] { %s }" % ", ".join(str(number) for number in value)


def literal(value):
    return "%sf" % repr(value)


def real(value):
    """A number as C# prints the float: whole ones without a fraction."""
    return "%df" % value if value == int(value) else literal(float(value))


class Layer:
    base = None  # What default names of tensors count from.

    def parameters(self, shape, random):
        """Trained parameters by name, for an input of this shape (without the batch)."""
        return {}

    def statistics(self, shape, random):
        return {}


class Windowed(Layer):
    """The window of convolutions and poolings."""

    def window(self, kernel, stride, padding, dilation, rounding):
        self.kernel, self.stride, self.padding, self.dilation = pair(kernel), pair(stride), pair(padding), pair(dilation)
        self.rounding = rounding
        self.kernel_text = ", ".join(str(k) for k in ([kernel] if isinstance(kernel, int) else kernel))
        self.window_text = ""
        if stride != (kernel if self.default_stride is None else self.default_stride):
            self.window_text += ", Stride = " + spelled(stride)
        if padding != 0:
            self.window_text += ", Padding = " + spelled(padding)
        if dilation != 1:
            self.window_text += ", Dilation = " + spelled(dilation)

    def rounding_text(self):
        return "" if self.rounding == "Exact" else ", Rounding = Rounding." + self.rounding

    def window_data(self):
        return {"kernel": self.kernel, "stride": self.stride, "padding": self.padding, "dilation": self.dilation, "rounding": self.rounding}

    def sides(self):
        """Padding above, to the left, below, to the right: two numbers are those of opposite sides."""
        return self.padding if len(self.padding) == 4 else (*self.padding, *self.padding)

    def padded(self, x, value=0.0):
        """What is padded by itself where sides differ, and the padding that is left for PyTorch's function."""
        top, left, bottom, right = self.sides()
        if (top, left) == (bottom, right):
            return x, (top, left)
        return functional.pad(x, (left, right, top, bottom), value=value), (0, 0)

    def check(self, size):
        """What a declaration must obey: no input is ignored that it doesn't say is."""
        sides = self.sides()
        for n, k, s, before, after, d in zip(size, self.kernel, self.stride, sides[:2], sides[2:], self.dilation):
            room = n + before + after - (d * (k - 1) + 1)
            assert room >= 0 and (room % s <= after or self.rounding != "Exact"), self.declaration()

    def ceil(self):
        return self.rounding == "Ceiling"


class Conv2D(Windowed):
    base = "conv"
    default_stride = 1

    def __init__(self, filters, kernel, stride=1, padding=0, dilation=1, groups=1, bias=True, rounding="Exact", reach=0.5):
        """Weights are drawn from [-reach, reach): large ones take the layer after it to where its function changes."""
        self.filters, self.groups, self.bias, self.reach = filters, groups, bias, reach
        self.window(kernel, stride, padding, dilation, rounding)

    def declaration(self):
        return "Conv2D(%d, %s%s%s%s%s)" % (
            self.filters, self.kernel_text, self.window_text,
            ", Groups = %d" % self.groups if self.groups != 1 else "", "" if self.bias else ", Bias = false", self.rounding_text())

    def data(self):
        return {"kind": "Conv2D", "filters": self.filters, **self.window_data(), "groups": self.groups, "bias": self.bias}

    def parameters(self, shape, random):
        result = {"weight": random.tensor([self.filters, shape[0] // self.groups, *self.kernel], -self.reach, self.reach)}
        if self.bias:
            result["bias"] = random.tensor([self.filters])
        return result

    def apply(self, x, p, training):
        x, (padding_h, padding_w) = self.padded(x)
        if self.ceil():
            assert len(self.padding) == 2
            # PyTorch's convolution has no ceil_mode: zeros below and to the right give its further window what it reads.
            extra = []
            for size, k, s, padding, d in zip(x.shape[2:], self.kernel, self.stride, self.padding, self.dilation):
                room = size + 2 * padding - (d * (k - 1) + 1)
                windows = -(-room // s) + 1
                if (windows - 1) * s >= size + padding:
                    windows -= 1
                extra.append(max(0, (windows - 1) * s - room))
            x = functional.pad(x, (padding_w, padding_w + extra[1], padding_h, padding_h + extra[0]))
            padding_h = padding_w = 0
        return functional.conv2d(x, p["weight"], p.get("bias"), self.stride, (padding_h, padding_w), self.dilation, self.groups)


class Conv2DTranspose(Layer):
    base = "convtranspose"

    def __init__(self, filters, kernel, stride=1, padding=0, output_padding=0, dilation=1, groups=1, bias=True):
        self.filters, self.groups, self.bias = filters, groups, bias
        self.numbers = {"Stride": stride, "Padding": padding, "OutputPadding": output_padding, "Dilation": dilation}
        self.kernel = pair(kernel)

    def declaration(self):
        kernel = str(self.kernel[0]) if self.kernel[0] == self.kernel[1] else "%d, %d" % self.kernel
        settings = "".join(", %s = %s" % (name, spelled(value)) for name, value in self.numbers.items() if value != (name in ("Stride", "Dilation")))
        return "Conv2DTranspose(%d, %s%s%s%s)" % (
            self.filters, kernel, settings, ", Groups = %d" % self.groups if self.groups != 1 else "", "" if self.bias else ", Bias = false")

    def data(self):
        numbers = {name[0].lower() + name[1:]: pair(value) for name, value in self.numbers.items()}
        return {"kind": "Conv2DTranspose", "filters": self.filters, "kernel": self.kernel, **numbers, "groups": self.groups, "bias": self.bias}

    def parameters(self, shape, random):
        result = {"weight": random.tensor([shape[0], self.filters // self.groups, *self.kernel])}
        if self.bias:
            result["bias"] = random.tensor([self.filters])
        return result

    def apply(self, x, p, training):
        n = self.numbers
        return functional.conv_transpose2d(
            x, p["weight"], p.get("bias"), n["Stride"], n["Padding"], n["OutputPadding"], self.groups, n["Dilation"])


class LocallyConnected2D(Windowed):
    base = "locallyconnected"
    default_stride = 1

    def __init__(self, filters, kernel, stride=1, bias=True, rounding="Exact"):
        self.filters, self.bias = filters, bias
        self.window(kernel, stride, 0, 1, rounding)

    def declaration(self):
        return "LocallyConnected2D(%d, %s%s%s%s)" % (self.filters, self.kernel_text, self.window_text, "" if self.bias else ", Bias = false", self.rounding_text())

    def data(self):
        return {"kind": "LocallyConnected2D", "filters": self.filters, **self.window_data(), "bias": self.bias}

    def size(self, shape):
        return tuple((n - k) // s + 1 for n, k, s in zip(shape, self.kernel, self.stride))

    def parameters(self, shape, random):
        height, width = self.size(shape[1:])
        result = {"weight": random.tensor([height * width, self.kernel[0] * self.kernel[1] * shape[0], self.filters])}
        if self.bias:
            result["bias"] = random.tensor([height, width, self.filters])
        return result

    def apply(self, x, p, training):
        # Keras's order: a window's rows, columns, channels; PyTorch unfolds channels, rows, columns.
        windows = functional.unfold(x, self.kernel, stride=self.stride).unflatten(1, (x.shape[1], -1)).transpose(1, 2).flatten(1, 2)
        y = torch.einsum("ntp,ptf->nfp", windows, p["weight"]).unflatten(2, self.size(x.shape[2:]))
        return y + p["bias"].movedim(-1, 0) if self.bias else y


class MaxPool(Windowed):
    base = "maxpool"
    default_stride = None

    def __init__(self, kernel, stride=None, padding=0, dilation=1, rounding="Exact"):
        self.window(kernel, kernel if stride is None else stride, padding, dilation, rounding)

    def declaration(self):
        return "MaxPool(%s%s%s)" % (self.kernel_text, self.window_text, self.rounding_text())

    def data(self):
        return {"kind": "MaxPool", **self.window_data()}

    def apply(self, x, p, training):
        x, padding = self.padded(x, -math.inf)
        return functional.max_pool2d(x, self.kernel, self.stride, padding, self.dilation, self.ceil())


class AveragePool(Windowed):
    base = "averagepool"
    default_stride = None

    def __init__(self, kernel, stride=None, padding=0, count_padding=True, rounding="Exact"):
        self.count_padding = count_padding
        self.window(kernel, kernel if stride is None else stride, padding, 1, rounding)

    def declaration(self):
        return "AveragePool(%s%s%s%s)" % (
            self.kernel_text, self.window_text, "" if self.count_padding else ", CountPadding = false", self.rounding_text())

    def data(self):
        return {"kind": "AveragePool", **self.window_data(), "countPadding": self.count_padding}

    def apply(self, x, p, training):
        y, padding = self.padded(x)
        mean = functional.avg_pool2d(y, self.kernel, self.stride, padding, self.ceil(), self.count_padding)
        if self.count_padding or padding == self.padding:
            return mean
        return mean / functional.avg_pool2d(self.padded(torch.ones_like(x))[0], self.kernel, self.stride, padding, self.ceil())


class LpPool(Windowed):
    base = "lppool"
    default_stride = None

    def __init__(self, power, kernel, stride=None, padding=0, sigma=0.0, rounding="Exact"):
        self.power, self.sigma = power, sigma
        self.window(kernel, kernel if stride is None else stride, padding, 1, rounding)

    def declaration(self):
        return "LpPool(%s, %s%s%s%s)" % (
            real(self.power), self.kernel_text, self.window_text, ", Sigma = " + real(self.sigma) if self.sigma else "", self.rounding_text())

    def data(self):
        return {"kind": "LpPool", "power": self.power, "sigma": self.sigma, **self.window_data()}

    def apply(self, x, p, training):
        if not self.sigma:
            assert self.padding == (0, 0)
            return functional.lp_pool2d(x.abs(), f32(self.power), self.kernel, self.stride, self.ceil())
        rows, columns = (
            torch.exp(-(torch.arange(count, dtype=x.dtype) - (count - 1) / 2) ** 2 / (2 * f32(self.sigma) ** 2)) for count in self.kernel)
        weight = (rows / rows.sum())[:, None] * (columns / columns.sum())
        weight = weight.expand(x.shape[1], 1, *self.kernel)
        return functional.conv2d(x.abs() ** f32(self.power), weight, None, self.stride, self.padding, groups=x.shape[1]) ** (1 / f32(self.power))


class MixedPool(Windowed):
    base = "mixedpool"
    default_stride = None

    def __init__(self, kernel, mix=None, stride=None, padding=0, rounding="Exact"):
        self.mix = mix
        self.window(kernel, kernel if stride is None else stride, padding, 1, rounding)

    def declaration(self):
        return "MixedPool(%s%s%s%s)" % (self.kernel_text, "" if self.mix is None else ", " + real(self.mix), self.window_text, self.rounding_text())

    def data(self):
        return {"kind": "MixedPool", "mix": self.mix, **self.window_data()}

    def parameters(self, shape, random):
        return {"weight": random.tensor([shape[0]], 0, 1)} if self.mix is None else {}

    def apply(self, x, p, training):
        mix = p["weight"][:, None, None] if self.mix is None else f32(self.mix)
        largest = functional.max_pool2d(x, self.kernel, self.stride, self.padding, ceil_mode=self.ceil())
        return mix * largest + (1 - mix) * functional.avg_pool2d(x, self.kernel, self.stride, self.padding, self.ceil(), False)


class Plain(Layer):
    """A layer whose kind says all."""

    def __init__(self):
        self.base = type(self).__name__.lower()

    def declaration(self):
        return type(self).__name__

    def data(self):
        return {"kind": type(self).__name__}


class GlobalAveragePool(Plain):
    def apply(self, x, p, training):
        return functional.adaptive_avg_pool2d(x, 1)


class GlobalMaxPool(Plain):
    def apply(self, x, p, training):
        return functional.adaptive_max_pool2d(x, 1)


class Flatten(Plain):
    def apply(self, x, p, training):
        return x.flatten(1)


class ReLU(Plain):
    def apply(self, x, p, training):
        return functional.relu(x)


class Sigmoid(Plain):
    def apply(self, x, p, training):
        return torch.sigmoid(x)


class Tanh(Plain):
    def apply(self, x, p, training):
        return torch.tanh(x)


class ReLU6(Plain):
    def apply(self, x, p, training):
        return functional.relu6(x)


class SELU(Plain):
    def apply(self, x, p, training):
        return functional.selu(x)


class SiLU(Plain):
    def apply(self, x, p, training):
        return functional.silu(x)


class Mish(Plain):
    def apply(self, x, p, training):
        return functional.mish(x)


class Softsign(Plain):
    def apply(self, x, p, training):
        return functional.softsign(x)


class HardSigmoid(Plain):
    def apply(self, x, p, training):
        # The gradient of PyTorch's own has the float nearest to 1/6 in double precision too.
        return functional.relu6(x + 3) / 6


class LogSoftmax(Plain):
    def apply(self, x, p, training):
        return functional.log_softmax(x, 1)


class PReLU(Plain):
    def parameters(self, shape, random):
        return {"weight": random.tensor([shape[0]])}

    def apply(self, x, p, training):
        return functional.prelu(x, p["weight"])


class GELU(Layer):
    base = "gelu"

    def __init__(self, approximate=False):
        self.approximate = approximate

    def declaration(self):
        return "GELU(Approximate = true)" if self.approximate else "GELU"

    def data(self):
        return {"kind": "GELU", "approximate": self.approximate}

    def apply(self, x, p, training):
        return functional.gelu(x, approximate="tanh" if self.approximate else "none")


class Softplus(Layer):
    base = "softplus"

    def __init__(self, beta=1.0):
        self.beta = beta

    def declaration(self):
        return "Softplus(%s)" % (literal(self.beta) if self.beta != 1 else "1f")

    def data(self):
        return {"kind": "Softplus", "beta": self.beta}

    def apply(self, x, p, training):
        # Beyond its threshold PyTorch takes x itself, which in double precision is another number.
        return functional.softplus(x, f32(self.beta), threshold=700)


class HardSwish(Plain):
    def apply(self, x, p, training):
        return functional.hardswish(x)


class Softmax(Plain):
    def apply(self, x, p, training):
        return functional.softmax(x, 1)


class Norm(Layer):
    def parameters(self, shape, random):
        return {"weight": random.tensor([shape[0]], 0.5, 1.5), "bias": random.tensor([shape[0]])}

    def settings(self):
        return [] if self.epsilon == 1e-5 else ["Epsilon = " + literal(self.epsilon)]


class GroupNorm(Norm):
    base = "groupnorm"

    def __init__(self, groups, epsilon=1e-5):
        self.groups, self.epsilon = groups, epsilon

    def declaration(self):
        return "GroupNorm(%s)" % ", ".join([str(self.groups)] + self.settings())

    def data(self):
        return {"kind": "GroupNorm", "groups": self.groups, "epsilon": self.epsilon}

    def apply(self, x, p, training):
        return functional.group_norm(x, self.groups, p["weight"], p["bias"], f32(self.epsilon))


class LayerNorm(Norm):
    base = "layernorm"

    def __init__(self, epsilon=1e-5):
        self.epsilon = epsilon

    def declaration(self):
        return "LayerNorm(%s)" % ", ".join(self.settings()) if self.settings() else "LayerNorm"

    def data(self):
        return {"kind": "LayerNorm", "epsilon": self.epsilon}

    def apply(self, x, p, training):
        y = functional.layer_norm(x.movedim(1, -1), [x.shape[1]], p["weight"], p["bias"], f32(self.epsilon))
        return y.movedim(-1, 1)


class Counted(Layer):
    """A layer with one number."""

    def __init__(self, count):
        self.base = type(self).__name__.lower()
        self.count = count

    def declaration(self):
        return "%s(%d)" % (type(self).__name__, self.count)

    def data(self):
        return {"kind": type(self).__name__, self.number: self.count}


class ChannelShuffle(Counted):
    number = "groups"

    def apply(self, x, p, training):
        return x.unflatten(1, (self.count, -1)).transpose(1, 2).flatten(1, 2)


class ChannelSlice(Layer):
    base = "channelslice"

    def __init__(self, first, count):
        self.first, self.count = first, count

    def declaration(self):
        return "ChannelSlice(%d, %d)" % (self.first, self.count)

    def data(self):
        return {"kind": "ChannelSlice", "first": self.first, "count": self.count}

    def apply(self, x, p, training):
        return x.narrow(1, self.first, self.count)


class Maxout(Counted):
    number = "pieces"

    def apply(self, x, p, training):
        return x.unflatten(1, (-1, self.count)).max(2)[0]


class Pad(Layer):
    base = "pad"

    def __init__(self, top, left, bottom, right, mode="Zero"):
        self.sides, self.mode = (top, left, bottom, right), mode

    def declaration(self):
        sides = str(self.sides[0]) if len(set(self.sides)) == 1 else "%d, %d, %d, %d" % self.sides
        return "Pad(%s%s)" % (sides, "" if self.mode == "Zero" else ", Mode = PadMode." + self.mode)

    def data(self):
        return {"kind": "Pad", **dict(zip(("top", "left", "bottom", "right"), self.sides)), "mode": self.mode}

    def apply(self, x, p, training):
        top, left, bottom, right = self.sides
        return functional.pad(x, (left, right, top, bottom), mode={"Zero": "constant", "Reflect": "reflect", "Edge": "replicate"}[self.mode])


class Crop(Layer):
    base = "crop"

    def __init__(self, height, width, corner=None):
        self.height, self.width, self.corner = height, width, corner

    def declaration(self):
        return "Crop(%d, %d%s)" % (self.height, self.width, "" if self.corner is None else ", Top = %d, Left = %d" % self.corner)

    def data(self):
        top, left = (-1, -1) if self.corner is None else self.corner
        return {"kind": "Crop", "height": self.height, "width": self.width, "top": top, "left": left}

    def apply(self, x, p, training):
        top, left = ((x.shape[2] - self.height) // 2, (x.shape[3] - self.width) // 2) if self.corner is None else self.corner
        return x[:, :, top:top + self.height, left:left + self.width]


class Sized(Layer):
    """A layer whose result has a given height and width."""

    def __init__(self, size):
        self.base = type(self).__name__.lower()
        self.size = pair(size)

    def declaration(self):
        return "%s(%s)" % (type(self).__name__, self.size[0] if self.size[0] == self.size[1] else "%d, %d" % self.size)

    def data(self):
        return {"kind": type(self).__name__, "size": self.size}


class AdaptiveAveragePool(Sized):
    def apply(self, x, p, training):
        return functional.adaptive_avg_pool2d(x, self.size)


class AdaptiveMaxPool(Sized):
    def apply(self, x, p, training):
        return functional.adaptive_max_pool2d(x, self.size)


class Standardize(Layer):
    base = "standardize"

    def __init__(self, mean, deviation):
        self.mean, self.deviation = mean, deviation

    def declaration(self):
        return "Standardize(%s)" % ", ".join("new[] { %s }" % ", ".join(real(n) for n in numbers) for numbers in (self.mean, self.deviation))

    def data(self):
        return {"kind": "Standardize", "mean": self.mean, "deviation": self.deviation}

    def apply(self, x, p, training):
        mean, deviation = (torch.tensor([f32(n) for n in numbers], dtype=x.dtype).reshape(-1, *[1] * (x.dim() - 2)) for numbers in (self.mean, self.deviation))
        return (x - mean) / deviation


class SpatialPyramidPool(Layer):
    base = "spatialpyramidpool"

    def __init__(self, *sizes):
        self.sizes = sizes

    def declaration(self):
        return "SpatialPyramidPool(%s)" % ", ".join(str(size) for size in self.sizes)

    def data(self):
        return {"kind": "SpatialPyramidPool", "sizes": self.sizes}

    def apply(self, x, p, training):
        return torch.cat([functional.adaptive_max_pool2d(x, size).flatten(1) for size in self.sizes], 1)


class ImageFilter(Layer):
    base = "imagefilter"
    known = {
        "Sharpen": [0, -1, 0, -1, 5, -1, 0, -1, 0], "EdgeDetection": [-1, -1, -1, -1, 8, -1, -1, -1, -1],
        "SobelX": [-1, 0, 1, -2, 0, 2, -1, 0, 1], "SobelY": [-1, -2, -1, 0, 0, 0, 1, 2, 1], "Laplacian": [0, -1, 0, -1, 4, -1, 0, -1, 0],
        "GaussianBlur": [1 / 16, 1 / 8, 1 / 16, 1 / 8, 1 / 4, 1 / 8, 1 / 16, 1 / 8, 1 / 16]}

    def __init__(self, kernel):
        self.name, self.kernel = (kernel, self.known[kernel]) if isinstance(kernel, str) else (None, kernel)

    def declaration(self):
        return "ImageFilter(FilterKind.%s)" % self.name if self.name else "ImageFilter(new[] { %s })" % ", ".join("%gd" % tap for tap in self.kernel)

    def data(self):
        return {"kind": "ImageFilter", "kernel": self.kernel}

    def apply(self, x, p, training):
        size = int(len(self.kernel) ** 0.5)
        kernel = torch.tensor(self.kernel, dtype=torch.float64).reshape(1, 1, size, size).expand(x.shape[1], 1, size, size)
        return functional.conv2d(x, kernel, padding=size // 2, groups=x.shape[1])


class SpectralPool(Sized):
    def apply(self, x, p, training):
        for axis, count in zip((2, 3), self.size):
            length = x.shape[axis]
            spectrum = torch.fft.fft(x, dim=axis)
            kept = torch.arange(-(count // 2), count // 2 + 1)
            share = torch.ones(len(kept))
            if count % 2 == 0:
                share[0] = share[-1] = 0.5
            shape = [-1 if axis == one else 1 for one in range(4)]
            parts = spectrum.index_select(axis, kept % length) * share.reshape(shape)
            result = torch.zeros(*[count if axis == one else x.shape[one] for one in range(4)], dtype=parts.dtype)
            x = torch.fft.ifft(result.index_add(axis, kept % count, parts), dim=axis).real * count / length
        return x


class Upsample(Layer):
    base = "upsample"

    def __init__(self, factor, mode="Nearest", align_corners=False):
        self.factor, self.mode, self.align_corners = factor, mode, align_corners

    def declaration(self):
        return "Upsample(%d%s%s)" % (
            self.factor, "" if self.mode == "Nearest" else ", Mode = UpsampleMode." + self.mode, ", AlignCorners = true" if self.align_corners else "")

    def data(self):
        return {"kind": "Upsample", "factor": self.factor, "mode": self.mode, "alignCorners": self.align_corners}

    def apply(self, x, p, training):
        if self.mode == "Nearest":
            return functional.interpolate(x, scale_factor=self.factor, mode="nearest")
        return functional.interpolate(x, scale_factor=self.factor, mode="bilinear", align_corners=self.align_corners)


class LeakyReLU(Layer):
    base = "leakyrelu"

    def __init__(self, slope):
        self.slope = slope

    def declaration(self):
        return "LeakyReLU(%s)" % literal(self.slope)

    def data(self):
        return {"kind": "LeakyReLU", "slope": self.slope}

    def apply(self, x, p, training):
        return functional.leaky_relu(x, f32(self.slope))


class ELU(Layer):
    base = "elu"

    def __init__(self, alpha):
        self.alpha = alpha

    def declaration(self):
        return "ELU(%s)" % literal(self.alpha)

    def data(self):
        return {"kind": "ELU", "alpha": self.alpha}

    def apply(self, x, p, training):
        return functional.elu(x, f32(self.alpha))


class Dense(Layer):
    base = "dense"

    def __init__(self, units, bias=True):
        self.units, self.bias = units, bias

    def declaration(self):
        return "Dense(%d%s)" % (self.units, "" if self.bias else ", Bias = false")

    def data(self):
        return {"kind": "Dense", "units": self.units, "bias": self.bias}

    def parameters(self, shape, random):
        result = {"weight": random.tensor([self.units, int(numpy.prod(shape))])}
        if self.bias:
            result["bias"] = random.tensor([self.units])
        return result

    def apply(self, x, p, training):
        return functional.linear(x.flatten(1), p["weight"], p.get("bias"))


class BatchNorm(Layer):
    base = "bn"

    def __init__(self, epsilon=1e-5, momentum=0.1):
        self.epsilon, self.momentum = epsilon, momentum

    def declaration(self):
        settings = []
        if self.epsilon != 1e-5:
            settings.append("Epsilon = " + literal(self.epsilon))
        if self.momentum != 0.1:
            settings.append("Momentum = " + literal(self.momentum))
        return "BatchNorm(%s)" % ", ".join(settings) if settings else "BatchNorm"

    def data(self):
        return {"kind": "BatchNorm", "epsilon": self.epsilon, "momentum": self.momentum}

    def parameters(self, shape, random):
        return {"weight": random.tensor([shape[0]], 0.5, 1.5), "bias": random.tensor([shape[0]])}

    def statistics(self, shape, random):
        return {"running_mean": random.tensor([shape[0]]), "running_var": random.tensor([shape[0]], 0.5, 1.5)}

    def apply(self, x, p, training):
        return functional.batch_norm(
            x, p["running_mean"], p["running_var"], p["weight"], p["bias"], training, f32(self.momentum), f32(self.epsilon))


class LocalResponseNorm(Layer):
    base = "localresponsenorm"

    def __init__(self, size, alpha=1e-4, beta=0.75, k=2.0):
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def declaration(self):
        settings = [str(self.size)]
        for name, value, default in (("Alpha", self.alpha, 1e-4), ("Beta", self.beta, 0.75), ("K", self.k, 2.0)):
            if value != default:
                settings.append("%s = %s" % (name, literal(value)))
        return "LocalResponseNorm(%s)" % ", ".join(settings)

    def data(self):
        return {"kind": "LocalResponseNorm", "size": self.size, "alpha": self.alpha, "beta": self.beta, "k": self.k}

    def apply(self, x, p, training):
        return functional.local_response_norm(x, self.size, f32(self.alpha), f32(self.beta), f32(self.k))
