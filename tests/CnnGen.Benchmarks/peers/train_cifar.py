#!/usr/bin/env python3
"""Trains the network of samples/Cifar on CIFAR-10 in PyTorch and prints a line an epoch, and one JSON line at the end.

    train_cifar.py DIR [--threads N] [--layout channels_last|nchw] [--epochs N] [--steps N] [--batch N] [--learning-rate R] [--seed S]

The network, the loss, the optimiser, the schedule, the augmentation and their defaults are those of samples/Cifar, but for the
squares that the sample cuts out of the images from 16 epochs on. DIR holds CIFAR-10's six binary files.
--steps ends each epoch after so many batches, to measure the speed without waiting for a whole one.

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

MULTIPLY_ADDS = 32 * 32 * 32 * 27 + sum(
    side * side * filters * before * 9 + side * side // 4 * filters * filters * 9
    for side, before, filters in ((32, 32, 64), (16, 64, 128), (8, 128, 256))) + 2560


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


class Stage(nn.Module):
    def __init__(self, before, filters):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(before, filters, 3, padding=1, bias=False), nn.MaxPool2d(2), nn.BatchNorm2d(filters), nn.ReLU(inplace=True))
        self.second = nn.Sequential(nn.Conv2d(filters, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters), nn.ReLU(inplace=True))

    def forward(self, x):
        x = self.first(x)
        return x + self.second(x)


def network():
    model = nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(inplace=True),
        Stage(32, 64), Stage(64, 128), Stage(128, 256), nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(256, 10))
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)
    return model


def crop(images, padding=4):
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
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--layout", choices=("channels_last", "nchw"), default="channels_last")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--learning-rate", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(options.seed)
    images, labels = read(options.directory, [f"data_batch_{i}.bin" for i in range(1, 6)])
    test_images, test_labels = read(options.directory, ["test_batch.bin"])
    layout = torch.channels_last if options.layout == "channels_last" else torch.contiguous_format
    model = network().to(memory_format=layout)
    norms = [p for m in model.modules() if isinstance(m, nn.BatchNorm2d) for p in m.parameters()] + [model[-1].bias]
    others = [p for p in model.parameters() if not any(p is one for one in norms)]
    optimizer = torch.optim.SGD(
        [{"params": others, "weight_decay": 5e-4}, {"params": norms, "weight_decay": 0}], options.learning_rate, momentum=0.9, nesterov=True)
    steps = options.steps or -(-len(images) // options.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, options.learning_rate, total_steps=options.epochs * steps, pct_start=0.3, cycle_momentum=False)
    loss_function = nn.CrossEntropyLoss(label_smoothing=0.1)
    sides = torch.rand(len(images)) < 0.5
    seconds, seen = [], 0
    for epoch in range(options.epochs):
        start, seen = time.perf_counter(), 0
        model.train()
        for indices in torch.randperm(len(images)).split(options.batch)[:steps]:
            batch = images.index_select(0, indices)
            mirrored = (sides[indices] ^ (epoch % 2 == 1))[:, None, None, None]
            batch = crop(torch.where(mirrored, batch.flip(3), batch)).contiguous(memory_format=layout)
            optimizer.zero_grad(set_to_none=True)
            loss = loss_function(model(batch), labels.index_select(0, indices))
            loss.backward()
            optimizer.step()
            schedule.step()
            seen += len(indices)
        seconds.append(time.perf_counter() - start)
        model.eval()
        with torch.inference_mode():
            right = sum((model(x.contiguous(memory_format=layout)).argmax(1) == y).sum().item() for x, y in zip(test_images.split(1000), test_labels.split(1000)))
        print(f"epoch {epoch + 1}/{options.epochs}  loss {loss.item():.4f}  test accuracy {right / len(test_labels):.4f}  {seconds[-1]:.1f} s  "
              f"{seen / seconds[-1]:.0f} images/s  {3e-9 * MULTIPLY_ADDS * seen / seconds[-1]:.1f} G multiply-adds/s", flush=True)
    print(json.dumps({
        "peer": "torch " + torch.__version__, "threads": options.threads, "layout": options.layout, "batch": options.batch,
        "epochs_s": [round(s, 2) for s in seconds], "images_per_epoch": seen, "accuracy": right / len(test_labels)}))


if __name__ == "__main__":
    main()
