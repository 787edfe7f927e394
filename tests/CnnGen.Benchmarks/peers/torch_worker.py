#!/usr/bin/env python3
"""PyTorch as a peer of the benchmark: reads one JSON request a line, answers each with one JSON line, and ends with its input.

    {"do": "export", "network": N, "weights": FILE, "model": FILE}     writes an ONNX file whose batch is free
    {"do": "open", "session": S, "network": N, "weights": FILE, "images": FILE, "targets": FILE, "batch": B, "threads": T}
    {"do": "run", "session": S, "output": FILE}                        predicts once, and writes the scores
    {"do": "train", "session": S, "steps": K}                          trains K steps, and answers with their losses
    {"do": "time", "session": S, "seconds": X, "warmUp": X, "calls": C}

Sessions, each the same network prepared in another way, of which the benchmark takes the fastest:
eager, eager-channels-last, frozen (traced, frozen, optimize_for_inference); train, train-channels-last.
"""
import json
import os
import sys
import time
import traceback
import warnings

import torch

import networks

warnings.filterwarnings("ignore")
sessions = {}


def read_floats(path, *shape):
    with open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.float32).reshape(shape)


class Prediction:
    def __init__(self, network, images, frozen):
        self.network, self.images = network.eval(), images
        if frozen:
            with torch.no_grad():
                self.network = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(self.network, images)))

    def __call__(self):
        return self.network(self.images)

    def run(self, request):
        with torch.inference_mode():
            scores = self()
        with open(request["output"], "wb") as file:
            file.write(scores.contiguous().numpy().tobytes())
        return {}

    def time(self, request):
        with torch.inference_mode():
            return measure(self, request)


class Training:
    def __init__(self, network, images, targets):
        self.network, self.images = network.train(), images
        self.labels = targets.argmax(1)
        self.optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
        self.loss = torch.nn.CrossEntropyLoss()

    def __call__(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(self.network(self.images), self.labels)
        loss.backward()
        self.optimizer.step()
        return loss

    def train(self, request):
        return {"losses": [float(self()) for _ in range(request["steps"])]}

    def time(self, request):
        return measure(self, request)


def measure(call, request):
    """Every call timed by itself, after a warm-up of at least one."""
    clock = time.perf_counter
    start = clock()
    call()
    while clock() - start < request["warmUp"]:
        call()
    times = []
    start = before = clock()
    while before - start < request["seconds"] or len(times) < request["calls"]:
        call()
        times.append(clock() - before)
        before = clock()
    times.sort()
    return {"median": times[len(times) // 2], "minimum": times[0], "calls": len(times)}


def export(request):
    build, shape = networks.NETWORKS[request["network"]]
    network = networks.build(request["network"], request["weights"]).eval()
    torch.onnx.export(
        network, torch.zeros(1, *shape), request["model"], opset_version=13, do_constant_folding=True,
        input_names=["images"], output_names=["scores"], dynamic_axes={"images": {0: "count"}, "scores": {0: "count"}})
    return {}


def open_session(request):
    torch.set_num_threads(request["threads"])
    name, session = request["network"], request["session"]
    network = networks.build(name, request["weights"])
    images = read_floats(request["images"], request["batch"], *networks.NETWORKS[name][1])
    if session.endswith("channels-last"):
        network = network.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    if session.startswith("train"):
        sessions[session] = Training(network, images, read_floats(request["targets"], request["batch"], -1))
    else:
        sessions[session] = Prediction(network, images, session == "frozen")
    return {}


def check_blas():
    """OpenBLAS with threads of its own beside PyTorch's OpenMP threads is many times slower: no peer at its best."""
    with open("/proc/self/maps") as maps:
        libraries = {os.path.realpath(line.split()[-1]) for line in maps if "blas" in line}
    if any("pthread" in library for library in libraries):
        sys.exit("PyTorch uses OpenBLAS's pthread build. Install libopenblas0-openmp and choose it for libblas.so.3, liblapack.so.3 and "
                 "libopenblas.so.0 with update-alternatives: without it PyTorch is many times slower on several threads.")


def answer(request):
    if request["do"] == "export":
        return export(request)
    if request["do"] == "open":
        return open_session(request)
    if request["do"] in ("run", "train", "time"):
        return getattr(sessions[request["session"]], request["do"])(request)
    raise ValueError(f"unknown request {request['do']}")


def main():
    check_blas()
    torch.set_flush_denormal(True)
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # What a library prints shall not stand among the replies.
    print(json.dumps({"peer": "PyTorch " + torch.__version__}), file=replies, flush=True)
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception:
            reply = {"error": traceback.format_exc()}
        print(json.dumps(reply), file=replies, flush=True)


if __name__ == "__main__":
    main()
