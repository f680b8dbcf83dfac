#!/usr/bin/env python3
"""The same perceptron and training as reference.py in PyTorch, on one thread of the CPU: how fast, and how good.

Usage: python3 referenceTorch.py STEPS. Prints one line of JSON: seconds and held-out accuracy.
"""

import json
import sys
import time

import torch

from reference import BATCH, LEARNING_RATE, load

torch.set_num_threads(1)
torch.manual_seed(1)


def main(steps):
    images, labels = (torch.from_numpy(array.copy()) for array in load("train.safetensors"))
    labels = labels.long()
    model = torch.nn.Sequential(torch.nn.Linear(256, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=0.9)
    loss_of = torch.nn.CrossEntropyLoss()
    order = torch.randint(0, len(labels), (steps, BATCH))
    start = time.perf_counter()
    for rows in order:
        optimizer.zero_grad()
        loss_of(model(images[rows]), labels[rows]).backward()
        optimizer.step()
    seconds = time.perf_counter() - start
    held_images, held_labels = (torch.from_numpy(array.copy()) for array in load("heldOut.safetensors"))
    with torch.no_grad():
        accuracy = (model(held_images).argmax(1) == held_labels.long()).float().mean().item()
    print(json.dumps({"seconds": seconds, "accuracy": accuracy, "torch": torch.__version__}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
