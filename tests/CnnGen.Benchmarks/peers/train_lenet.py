#!/usr/bin/env python3
"""Trains LeNet-5 on MNIST in PyTorch and prints one JSON line: the seconds of each epoch, their median and the test accuracy.

    train_lenet.py DIR [--threads N] [--layout channels_last|nchw] [--epochs N] [--batch N]
                       [--learning-rate R] [--momentum M] [--weight-decay D] [--seed S]

The network, the loss, the optimiser, the schedule and their defaults are those of samples/Mnist. DIR holds the four MNIST IDX files, plain or .gz.

The peer is measured at its best: both data sets are one normalised tensor in memory and a batch is one index_select, so that no
DataLoader stands between the network and its images; gradients are dropped, not zeroed; the threads are set before the first
operation; denormal numbers are flushed to zero; both memory layouts can be asked for, since which one is faster depends on
the machine. mnist-epoch.sh sets the environment that PyTorch's libraries read at their start.
"""
import argparse
import gzip
import json
import os
import statistics
import sys
import time

import torch
from torch import nn


def read_idx(directory, name):
    """One IDX file of unsigned bytes as a tensor of the shape that its header gives."""
    for path, opener in ((name, open), (name + ".gz", gzip.open)):
        path = os.path.join(directory, path)
        if os.path.exists(path):
            with opener(path, "rb") as file:
                data = file.read()
            if data[:3] != b"\x00\x00\x08":
                sys.exit(f"{path} is no IDX file of unsigned bytes")
            rank = data[3]
            shape = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(rank)]
            return torch.frombuffer(bytearray(data[4 + 4 * rank:]), dtype=torch.uint8).reshape(shape)
    sys.exit(f"{directory} holds neither {name} nor {name}.gz")


def read_set(directory, prefix):
    """Images as N x 1 x 28 x 28 floats with MNIST's mean and deviation taken out, and their labels."""
    images = read_idx(directory, prefix + "-images-idx3-ubyte").unsqueeze(1).float()
    labels = read_idx(directory, prefix + "-labels-idx1-ubyte").long()
    return images.div_(255).sub_(0.1307).div_(0.3081), labels


def lenet5():
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    layers = [layer for layer in model if isinstance(layer, (nn.Conv2d, nn.Linear))]
    for layer in layers:
        if layer is layers[-1]:
            nn.init.xavier_uniform_(layer.weight)
        else:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(layer.bias)
    return model


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--layout", choices=("channels_last", "nchw"), default="channels_last")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--learning-rate", type=float, default=0.04)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--weight-decay", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(options.seed)
    images, labels = read_set(options.directory, "train")
    test_images, test_labels = read_set(options.directory, "t10k")

    layout = torch.channels_last if options.layout == "channels_last" else torch.contiguous_format
    images = images.contiguous(memory_format=layout)
    test_images = test_images.contiguous(memory_format=layout)

    model = lenet5().to(memory_format=layout)
    loss_function = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(
        model.parameters(), options.learning_rate, momentum=options.momentum, weight_decay=options.weight_decay)
    steps = -(-len(images) // options.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, options.learning_rate, total_steps=options.epochs * steps, pct_start=0.3, cycle_momentum=False)

    seconds = []
    for _ in range(options.epochs):
        start = time.perf_counter()
        model.train()
        for indices in torch.randperm(len(images)).split(options.batch):
            optimizer.zero_grad(set_to_none=True)
            loss_function(model(images.index_select(0, indices)), labels.index_select(0, indices)).backward()
            optimizer.step()
            schedule.step()
        seconds.append(time.perf_counter() - start)

    model.eval()
    with torch.inference_mode():
        right = sum((model(x).argmax(1) == y).sum().item()
                    for x, y in zip(test_images.split(1000), test_labels.split(1000)))

    print(json.dumps({
        "peer": "torch " + torch.__version__,
        "threads": options.threads,
        "layout": options.layout,
        "batch": options.batch,
        "median_s": round(statistics.median(seconds), 4),
        "epochs_s": [round(s, 4) for s in seconds],
        "accuracy": right / len(test_images),
    }))


if __name__ == "__main__":
    main()
