#!/usr/bin/python3
"""What a model learns from these digits, by an independent float32 NumPy implementation.

256-64-10 perceptron: ReLU, softmax cross-entropy (mean over the batch), SGD with momentum 0.9
(v = mu*v + g; w = w - lr*v), batch 32, 1,280 steps (8 epochs). Prints one line of JSON with
held-out accuracies for five seeds; beside it a short run and a linear model (at its best learning
rate), which must be worse. Gradients are first checked against finite differences.
Usage: /usr/bin/python3 reference.py, or with --once STEPS for one run of that many steps, timed.
"""

import json
import struct
import sys
import time
from pathlib import Path

import numpy as np

SEEDS = (1, 2, 3, 4, 5)
STEPS, SHORT_STEPS = 1280, 100
BATCH = 32
MOMENTUM = np.float32(0.9)
LEARNING_RATE = 0.05
LEARNING_RATES = (0.01, 0.02, 0.05, 0.1, 0.2)


def load(name):
    """(pixels / 255 as float32 [N, 256], labels [N])."""
    data = (Path(__file__).parent / name).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header, body = json.loads(data[8 : 8 + length]), data[8 + length :]
    images, labels = (
        np.frombuffer(body[slice(*header[key]["data_offsets"])], np.uint8).reshape(header[key]["shape"])
        for key in ("images", "labels")
    )
    return images.astype(np.float32) / np.float32(255), labels


def init(widths, rng):
    """He uniform weights, zero biases."""
    bounds = [np.sqrt(6 / fan_in) for fan_in in widths[:-1]]
    weights = [rng.uniform(-b, b, shape).astype(np.float32) for b, shape in zip(bounds, zip(widths, widths[1:]))]
    return weights, [np.zeros(width, np.float32) for width in widths[1:]]


def forward(weights, biases, x):
    """The input of every layer, then the logits."""
    activations = [x]
    for layer, (w, b) in enumerate(zip(weights, biases)):
        x = x @ w + b
        if layer < len(weights) - 1:
            x = np.maximum(x, 0)
        activations.append(x)
    return activations


def gradients(weights, biases, x, y):
    *inputs, logits = forward(weights, biases, x)
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    delta = exps / exps.sum(axis=1, keepdims=True)
    delta[np.arange(len(y)), y] -= 1
    delta /= np.float32(len(y))
    dw, db = [], []
    for w, a in zip(reversed(weights), reversed(inputs)):
        dw.insert(0, a.T @ delta)
        db.insert(0, delta.sum(axis=0))
        delta = (delta @ w.T) * (a > 0)
    return dw + db


def gradient_error(rng):
    """Largest difference between gradients() and central differences of the loss, in float64, on a toy model."""
    x, y, h = rng.random((8, 20)), rng.integers(0, 10, 8), 1e-6
    weights, biases = [rng.normal(size=(20, 6)), rng.normal(size=(6, 10))], [rng.normal(size=6), rng.normal(size=10)]

    def loss_at(p, i, value):
        kept, p[i] = p[i], value
        logits = forward(weights, biases, x)[-1]
        p[i] = kept
        return (np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(8), y]).mean()

    return max(
        abs(g[i] - (loss_at(p, i, p[i] + h) - loss_at(p, i, p[i] - h)) / (2 * h))
        for p, g in zip(weights + biases, gradients(weights, biases, x, y))
        for i in np.ndindex(p.shape)
    )


def train(widths, steps, learning_rate, seed, data):
    rng = np.random.default_rng(seed)
    x, y = data
    weights, biases = init(widths, rng)
    parameters = weights + biases
    velocities = [np.zeros_like(p) for p in parameters]
    for step in range(steps):
        at = step * BATCH % len(y)
        if at == 0:
            order = rng.permutation(len(y))
        rows = order[at : at + BATCH]
        for p, v, g in zip(parameters, velocities, gradients(weights, biases, x[rows], y[rows])):
            v *= MOMENTUM
            v += g
            p -= np.float32(learning_rate) * v
    return weights, biases


def accuracies(widths, steps, learning_rate, data, test):
    def one(seed):
        logits = forward(*train(widths, steps, learning_rate, seed, data), test[0])[-1]
        return float((logits.argmax(axis=1) == test[1]).mean())

    values = [one(seed) for seed in SEEDS]
    return {"mean": round(sum(values) / len(values), 4), "min": round(min(values), 4), "seeds": [round(v, 4) for v in values]}


def once(steps):
    """One run of the sample job: training time without loading, and held-out accuracy."""
    data, (x, y) = load("train.safetensors"), load("heldOut.safetensors")
    start = time.perf_counter()
    model = train((256, 64, 10), steps, LEARNING_RATE, SEEDS[0], data)
    seconds = time.perf_counter() - start
    accuracy = float((forward(*model, x)[-1].argmax(axis=1) == y).mean())
    print(json.dumps({"steps": steps, "seconds": round(seconds, 3), "accuracy": round(accuracy, 4)}))


def main():
    error = gradient_error(np.random.default_rng(0))
    if error > 1e-6:
        raise SystemExit(f"the gradients are wrong by up to {error}; no figure was computed")
    data, test = load("train.safetensors"), load("heldOut.safetensors")
    mlp, linear = (256, 64, 10), (256, 10)
    sweep = {str(rate): accuracies(mlp, STEPS, rate, data, test) for rate in LEARNING_RATES}
    print(json.dumps({
        "learningRate": LEARNING_RATE,
        "heldOut": sweep[str(LEARNING_RATE)],
        "short": accuracies(mlp, SHORT_STEPS, LEARNING_RATE, data, test),
        "linearBest": max((accuracies(linear, STEPS, rate, data, test) for rate in LEARNING_RATES), key=lambda a: a["mean"]),
        "untrained": accuracies(mlp, 0, LEARNING_RATE, data, test),
        "learningRates": {rate: {key: result[key] for key in ("mean", "min")} for rate, result in sweep.items()},
    }))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        once(int(sys.argv[2]))
    else:
        main()
