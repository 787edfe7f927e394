"""Classifies one digit with PyTorch: the least program that does the work of samples/Classify for one image.

    classify_torch.py MODEL.pt IMAGE.pgm        MODEL is frozen TorchScript
    classify_torch.py --make WEIGHTS.safetensors MODEL.pt MODEL.onnx        writes the models that the peers read
"""
import os
import sys

import torch

torch.set_num_threads(1)

if sys.argv[1] == "--make":
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    import networks

    model = networks.build("LeNet5", sys.argv[2]).eval()
    image = torch.zeros(1, 1, 28, 28)
    with torch.inference_mode():
        torch.jit.freeze(torch.jit.trace(model, image)).save(sys.argv[3])
    torch.onnx.export(model, image, sys.argv[4], input_names=["images"], output_names=["scores"], opset_version=13)
    sys.exit()

with open(sys.argv[2], "rb") as file:
    content = file.read()
if not content.startswith(b"P5\n28 28\n255\n"):
    sys.exit(sys.argv[2] + " is no binary PGM of 28 x 28")
with torch.inference_mode():
    pixels = torch.frombuffer(bytearray(content[-784:]), dtype=torch.uint8).reshape(1, 1, 28, 28)
    image = (pixels.float() / 255 - 0.1307) / 0.3081
    probabilities = torch.jit.load(sys.argv[1])(image).softmax(1)[0]
best = int(probabilities.argmax())
print("%s: %d %.2f %%" % (sys.argv[2], best, 100 * float(probabilities[best])), flush=True)
os._exit(0)  # taking the interpreter apart is no part of the work
