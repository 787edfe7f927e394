"""Writes optimizers.json: ten steps of each of PyTorch's optimisers, in double precision, for tests of CnnGen.Tests/Training."""

import json
import os

import torch

STEPS = 10
COUNT = 7

CASES = {
    "Sgd": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "Adagrad": lambda p: torch.optim.Adagrad(p),
    "Adagrad decay": lambda p: torch.optim.Adagrad(p, lr=0.1, lr_decay=0.05, weight_decay=0.01),
    "RmsProp": lambda p: torch.optim.RMSprop(p),
    "RmsProp momentum": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, momentum=0.8, weight_decay=0.01),
    "RmsProp centered": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, centered=True),
    "RmsProp centered momentum": lambda p: torch.optim.RMSprop(p, lr=0.005, alpha=0.95, centered=True, momentum=0.7),
    "Adam": lambda p: torch.optim.Adam(p),
    "Adam decay": lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.05),
    "Adam amsgrad": lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.8, 0.5), amsgrad=True),
    "AdamW": lambda p: torch.optim.AdamW(p),
    "AdamW amsgrad": lambda p: torch.optim.AdamW(p, lr=0.02, betas=(0.8, 0.5), weight_decay=0.1, amsgrad=True),
    # Version 1.13 multiplies by one momentum too many unless it works on lists of tensors; later ones agree with that.
    "Nadam": lambda p: torch.optim.NAdam(p, foreach=True),
    "Nadam decay": lambda p: torch.optim.NAdam(p, lr=0.02, betas=(0.8, 0.95), weight_decay=0.05, momentum_decay=0.01, foreach=True),
}


def main():
    generator = torch.Generator().manual_seed(1)
    start = torch.randn(COUNT, generator=generator, dtype=torch.float64).float().double()
    gradients = torch.randn(STEPS, COUNT, generator=generator, dtype=torch.float64)
    gradients = (gradients * torch.logspace(-3, 1, COUNT, dtype=torch.float64)).float().double()
    cases = []
    for name, make in CASES.items():
        weight = torch.nn.Parameter(start.clone())
        optimizer = make([weight])
        values = []
        for gradient in gradients:
            weight.grad = gradient.clone()
            optimizer.step()
            values.append(weight.detach().tolist())
        cases.append({"name": name, "values": values})
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "optimizers.json")
    with open(path, "w") as file:
        json.dump({"start": start.tolist(), "gradients": gradients.tolist(), "cases": cases}, file, indent=1)
        file.write("\n")


main()
