#!/usr/bin/env python3
"""PyTorch beside CnnGen on a GPU: prints `name<tab>seconds` for each number of Program.cs, or why there is none.

In float32 throughout (no TF32), cuDNN choosing its fastest algorithm; images lie on the GPU already for convolutions, and come from the
processor for predictions and training steps.
"""
import statistics
import sys
import time

CONVOLUTIONS = ["Conv3x3Of64At56", "Conv3x3Of256At14", "Conv1x1Of256At56", "Conv7x7Of3At224", "Conv5x5Of6At14"]
TRAINED = {"CifarResNet18": 128, "ResNet50": 64, "Vgg16": 64}
PREDICTED = ["LeNet5", "ResNet18"]


def main():
    try:
        import torch
    except ImportError:
        print("about\tthis Python has no torch")
        return
    if not torch.cuda.is_available():
        print(f"about\tPyTorch {torch.__version__} finds no GPU")
        return
    import networks

    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    seconds = float(sys.argv[1])
    print(f"about\tPyTorch {torch.__version__}, cuDNN {torch.backends.cudnn.version()}, {torch.cuda.get_device_name()}", flush=True)

    def measure(name, work, pick):
        for _ in range(3):
            work()
        torch.cuda.synchronize()
        times, start = [], time.perf_counter()
        while not times or time.perf_counter() - start < seconds:
            begin = time.perf_counter()
            work()
            torch.cuda.synchronize()
            times.append(time.perf_counter() - begin)
        print(f"{name}\t{pick(times)}", flush=True)

    def load(name):
        make, shape = networks.NETWORKS[name]
        return make().cuda(), shape

    for name in CONVOLUTIONS:
        network, shape = load(name)
        images = torch.randn(32, *shape, device="cuda")
        with torch.inference_mode():
            measure(name, lambda: network.eval()(images), min)
    for name, batch in TRAINED.items():
        network, shape = load(name)
        network.train()
        images = torch.randn(batch, *shape)
        optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
        with torch.no_grad():
            classes = network(images[:2].cuda()).shape[1]
        labels = torch.randint(classes, (batch,))

        def step():
            optimizer.zero_grad(set_to_none=True)
            loss = torch.nn.functional.cross_entropy(network(images.cuda()), labels.cuda())
            loss.backward()
            optimizer.step()
            loss.item()

        measure(name, step, statistics.median)
        del network, optimizer
        torch.cuda.empty_cache()
    for name in PREDICTED:
        network, shape = load(name)
        network.eval()
        image = torch.randn(1, *shape)
        with torch.inference_mode():
            measure(name, lambda: network(image.cuda()).cpu(), statistics.median)


main()
