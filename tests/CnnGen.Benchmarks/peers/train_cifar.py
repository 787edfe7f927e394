#!/usr/bin/env python3
"""Trains a network of samples/Cifar on CIFAR-10 in PyTorch and prints a line an epoch, and one JSON line at the end.

    train_cifar.py DIR [--network small|large] [--threads N] [--layout channels_last|nchw] [--epochs N] [--images N] [--batch N] [--learning-rate R] [--seed S]

The network, its first layer's weights, the loss, the optimisers, the schedule, the augmentation and their defaults are those of samples/Cifar. DIR holds CIFAR-10's six binary files.
--images takes the first of the training images alone, to measure the speed without waiting for a whole epoch.

The peer is measured at its best: the images are one normalised tensor in memory, and a batch is gathered, shifted and mirrored by one
operation each on the whole batch; gradients are dropped, not zeroed; denormal numbers are flushed to zero; both memory layouts can be asked for.
"""
import argparse
import json
import os
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional

NETWORKS = {"small": (32, 128, 256), "large": (64, 256, 256)}
EPOCHS = {"small": 8, "large": 7}


def multiply_adds(widths):
    """Of a prediction of one image."""
    total, side, before = 31 * 31 * 24 * 12, 31, 24
    for filters in widths:
        total += side * side * filters * before * 9
        side //= 2
        total += side * side * filters * filters * 9
        before = filters
    return total + 10 * before


def read(directory, names):
    records = []
    for name in names:
        path = os.path.join(directory, name)
        data = numpy.fromfile(path, numpy.uint8)
        if data.size == 0 or data.size % 3073:
            sys.exit(f"{path} has {data.size} bytes, which is no whole number of records of 3073")
        records.append(data.reshape(-1, 3073))
    records = numpy.concatenate(records)
    images = torch.from_numpy(records[:, 1:].reshape(-1, 3, 32, 32).copy()).float().div_(255)
    mean = torch.tensor([0.4914, 0.4822, 0.4465]).view(1, 3, 1, 1)
    deviation = torch.tensor([0.2470, 0.2435, 0.2616]).view(1, 3, 1, 1)
    return images.sub_(mean).div_(deviation), torch.from_numpy(records[:, 0].astype(numpy.int64))


def stage(before, filters):
    return [nn.Conv2d(before, filters, 3, padding=1, bias=False), nn.MaxPool2d(2), nn.BatchNorm2d(filters), nn.GELU(),
            nn.Conv2d(filters, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters), nn.GELU()]


def network(widths):
    layers, before = [nn.Conv2d(3, 24, 2), nn.GELU()], 24
    for filters in widths:
        layers += stage(before, filters)
        before = filters
    model = nn.Sequential(*layers, nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(before, 10))
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
        if isinstance(module, (nn.Conv2d, nn.Linear)) and module.bias is not None:
            nn.init.zeros_(module.bias)
    return model


def whiten(convolution, images):
    """Sets the first layer's weights: the principal directions of the patches, each divided by its deviation, with both signs."""
    patches = functional.unfold(images[:2000], 2).transpose(1, 2).reshape(-1, 12).double()
    variances, directions = torch.linalg.eigh(patches.T @ patches / len(patches))
    weights = (directions / (variances + 5e-4).sqrt()).T.flip(0).reshape(12, 3, 2, 2).float()
    with torch.no_grad():
        convolution.weight.copy_(torch.cat([weights, -weights]))
    convolution.weight.requires_grad_(False)


class Muon(torch.optim.Optimizer):
    """Momentum whose steps are matrices with all singular values at about 1, by three iterations of Newton and Schulz."""

    def __init__(self, groups, learning_rate):
        super().__init__(groups, {"lr": learning_rate, "momentum": 0.6, "weight_decay": 0.08})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for weight in group["params"]:
                state, gradient = self.state[weight], weight.grad.reshape(len(weight), -1)
                momentum = state.setdefault("momentum", torch.zeros_like(gradient))
                momentum.lerp_(gradient, 1 - group["momentum"])
                x = gradient.lerp(momentum, group["momentum"])
                x /= x.norm().clamp(min=1e-7)
                is_tall = x.shape[0] > x.shape[1]
                if is_tall:
                    x = x.T
                for _ in range(3):
                    a = x @ x.T
                    x = torch.addmm(x, torch.addmm(a, a, a, beta=-4.7750, alpha=2.0315), x, beta=3.4445)
                if is_tall:
                    x = x.T
                scale = max(1, gradient.shape[0] / gradient.shape[1]) ** 0.5
                weight.mul_(1 - group["lr"] * group["weight_decay"]).add_(x.reshape(weight.shape), alpha=-group["lr"] * scale)


def crop(images, padding=2):
    """Each image of a batch shifted by up to so many pixels, mirrored at the edges."""
    count, _, height, width = images.shape
    padded = functional.pad(images, (padding,) * 4, mode="reflect")
    down, right = torch.randint(2 * padding + 1, (2, count))
    rows = (down[:, None] + torch.arange(height))[:, None, :, None]
    columns = (right[:, None] + torch.arange(width))[:, None, None, :]
    return padded[torch.arange(count)[:, None, None, None], torch.arange(images.shape[1])[None, :, None, None], rows, columns]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("--network", choices=sorted(NETWORKS), default="small")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--layout", choices=("channels_last", "nchw"), default="channels_last")
    parser.add_argument("--epochs", type=int, default=0)
    parser.add_argument("--images", type=int, default=50000)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--learning-rate", type=float, default=0.12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.epochs = options.epochs or EPOCHS[options.network]
    widths = NETWORKS[options.network]
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(options.seed)
    images, labels = read(options.directory, [f"data_batch_{i}.bin" for i in range(1, 6)])
    images, labels = images[:options.images], labels[:options.images]
    test_images, test_labels = read(options.directory, ["test_batch.bin"])
    layout = torch.channels_last if options.layout == "channels_last" else torch.contiguous_format
    model = network(widths)
    whiten(model[0], images)
    model = model.to(memory_format=layout)
    norms = [p for m in model.modules() if isinstance(m, nn.BatchNorm2d) for p in m.parameters()] + [model[0].bias, model[-1].bias]
    matrices = [m.weight for m in model[1:] if isinstance(m, nn.Conv2d)]
    optimizers = [
        Muon([{"params": matrices}, {"params": [model[-1].weight], "lr": options.learning_rate / 10, "weight_decay": 0}], options.learning_rate),
        torch.optim.AdamW(norms, 0.01, weight_decay=0)]
    steps = -(-len(images) // options.batch)
    schedules = [torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(0, 1 - step / (options.epochs * steps))) for optimizer in optimizers]
    loss_function = nn.CrossEntropyLoss(label_smoothing=0.2)
    sides = torch.rand(len(images)) < 0.5
    seconds, processor, seen = [], [], 0
    for epoch in range(options.epochs):
        start, worked, seen = time.perf_counter(), time.process_time(), 0
        model.train()
        for indices in torch.randperm(len(images)).split(options.batch):
            batch = images.index_select(0, indices)
            mirrored = (sides[indices] ^ (epoch % 2 == 1))[:, None, None, None]
            batch = crop(torch.where(mirrored, batch.flip(3), batch)).contiguous(memory_format=layout)
            model.zero_grad(set_to_none=True)
            loss = loss_function(model(batch), labels.index_select(0, indices))
            loss.backward()
            for optimizer, schedule in zip(optimizers, schedules):
                optimizer.step()
                schedule.step()
            seen += len(indices)
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - worked)
        model.eval()
        with torch.inference_mode():
            right = sum((model(x.contiguous(memory_format=layout)).argmax(1) == y).sum().item() for x, y in zip(test_images.split(1000), test_labels.split(1000)))
        print(f"epoch {epoch + 1}/{options.epochs}  loss {loss.item():.4f}  test accuracy {right / len(test_labels):.4f}  {seconds[-1]:.1f} s, of the processors {processor[-1]:.1f} s  "
              f"{seen / seconds[-1]:.0f} images/s  {3e-9 * multiply_adds(widths) * seen / seconds[-1]:.1f} G multiply-adds/s", flush=True)
    print(json.dumps({
        "peer": "torch " + torch.__version__, "network": options.network, "threads": options.threads, "layout": options.layout, "batch": options.batch,
        "epochs_s": [round(s, 2) for s in seconds], "processor_s": [round(s, 2) for s in processor], "images_per_epoch": seen, "accuracy": right / len(test_labels)}))


if __name__ == "__main__":
    main()
