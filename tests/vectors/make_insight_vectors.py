"""Writes insight.json: what methods that explain a network say of one, in double precision, for tests of CnnGen.Insight.Tests/Explaining."""

import json
import os

import torch
from torch import nn

STEPS = 16
UNIT = 2


class Rectifier(torch.autograd.Function):
    """A ReLU whose way back is the gradient's, guided backpropagation's, or the deconvolutional network's."""

    rule = "gradient"

    @staticmethod
    def forward(context, x):
        y = x.clamp(min=0)
        context.save_for_backward(y)
        return y

    @staticmethod
    def backward(context, g):
        (y,) = context.saved_tensors
        if Rectifier.rule != "deconvolution":
            g = g * (y > 0)
        return g if Rectifier.rule == "gradient" else g.clamp(min=0)


class Net(nn.Module):
    """The network of Models/ShapeNet.cs."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3, padding=1)
        self.conv2 = nn.Conv2d(6, 8, 3, padding=1)
        self.conv3 = nn.Conv2d(6, 8, 1)
        self.conv4 = nn.Conv2d(8, 8, 3)
        self.dense1 = nn.Linear(8, 4)

    def forward(self, x):
        x = torch.max_pool2d(Rectifier.apply(self.conv1(x)), 2)
        self.maps = Rectifier.apply(self.conv2(x) + self.conv3(x))
        return self.dense1(Rectifier.apply(self.conv4(self.maps)).mean((2, 3)))


def gradient(net, image, rule="gradient"):
    Rectifier.rule = rule
    image = image.clone().requires_grad_(True)
    score = net(image)[0, UNIT]
    by_image, by_maps = torch.autograd.grad(score, [image, net.maps])
    Rectifier.rule = "gradient"
    return score.item(), by_image.detach(), by_maps.detach()


def main():
    torch.manual_seed(7)
    net = Net()
    for parameter in net.parameters():
        parameter.data += 0.2 * torch.randn(parameter.shape)
    image = torch.randn(1, 1, 16, 16)
    net, image = net.double(), image.double()
    score, by_image, by_maps = gradient(net, image)
    maps = net.maps.detach()
    weights = by_maps.mean((2, 3), keepdim=True)
    shares = by_maps ** 2 / (2 * by_maps ** 2 + by_maps ** 3 * maps.sum((2, 3), keepdim=True))
    plus = torch.where(by_maps > 0, shares * by_maps, torch.zeros_like(by_maps)).sum((2, 3), keepdim=True)
    path = sum(gradient(net, image * ((step + 0.5) / STEPS))[1] for step in range(STEPS)) / STEPS
    answers = {
        "gradient": by_image,
        "gradient_times_input": by_image * image,
        "guided": gradient(net, image, "guided")[1],
        "deconvolution": score * gradient(net, image, "deconvolution")[1],
        "integrated": path * image,
        "grad_cam": (weights * maps).sum(1).clamp(min=0),
        "grad_cam_plus_plus": (plus * maps).sum(1).clamp(min=0),
    }
    data = {
        "unit": UNIT,
        "steps": STEPS,
        "score": score,
        "image": image.flatten().tolist(),
        "parameters": {name: value.flatten().tolist() for name, value in net.state_dict().items()},
        "answers": {name: value.flatten().tolist() for name, value in answers.items()},
    }
    text = json.dumps(data, separators=(",", ":"), default=float)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "insight.json"), "w") as file:
        file.write(text + "\n")


if __name__ == "__main__":
    main()
