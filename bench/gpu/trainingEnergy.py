#!/usr/bin/env python3
"""Joules a training step on one NVIDIA GPU, and whether training again gives the same bits.

A transformer of 8 layers of width 1,024 on batches of 16 x 512 tokens, Adam, each precision twice from the same seed with
PyTorch's deterministic algorithms. Power is read with nvidia-smi about every 70 ms while it trains (trapezoids between the
readings, scaled to the whole run); no setting of the GPU is changed. Prints one line of JSON.
Usage: CUBLAS_WORKSPACE_CONFIG=:4096:8 python3 bench/gpu/trainingEnergy.py
"""

import hashlib
import json
import subprocess
import threading
import time

import torch

WIDTH, LAYERS, BATCH, LENGTH, SYMBOLS = 1024, 8, 16, 512, 256
STEPS = {"fp32": 150, "bf16": 400}
POLL_SECONDS = 0.05
IDLE_SECONDS = 2


class PowerMeter:
    """Readings (seconds, watts) in a thread of its own."""

    def __init__(self):
        self.readings = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _run(self):
        command = ["nvidia-smi", "--query-gpu=power.draw", "--format=csv,noheader,nounits"]
        while not self._stop.wait(POLL_SECONDS):
            answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
            self.readings.append((time.monotonic(), float(answer.stdout.splitlines()[0])))

    def mean_watts(self, begin, end):
        inside = [reading for reading in self.readings if begin <= reading[0] <= end]
        joules = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in zip(inside, inside[1:]))
        return joules / (inside[-1][0] - inside[0][0])


def train(precision):
    torch.manual_seed(1)
    layer = torch.nn.TransformerEncoderLayer(
        WIDTH, 16, 4 * WIDTH, dropout=0.0, batch_first=True, norm_first=True
    )
    encoder = torch.nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
    model = torch.nn.Sequential(torch.nn.Embedding(SYMBOLS, WIDTH), encoder, torch.nn.Linear(WIDTH, SYMBOLS)).cuda()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    generator = torch.Generator().manual_seed(2)
    batches = [torch.randint(0, SYMBOLS, (BATCH, LENGTH + 1), generator=generator).cuda() for _ in range(8)]

    def step(index):
        optimizer.zero_grad()
        rows = batches[index % len(batches)]
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=precision == "bf16"):
            logits = model(rows[:, :-1])
        loss = torch.nn.functional.cross_entropy(logits.float().reshape(-1, SYMBOLS), rows[:, 1:].reshape(-1))
        loss.backward()
        optimizer.step()
        return loss

    for index in range(5):
        step(index)
    torch.cuda.synchronize()
    begin = time.monotonic()
    for index in range(STEPS[precision]):
        loss = step(index)
    torch.cuda.synchronize()
    end = time.monotonic()
    digest = hashlib.sha256()
    for parameter in model.parameters():
        digest.update(parameter.detach().cpu().numpy().tobytes())
    return begin, end, loss.item(), digest.hexdigest()


def main():
    torch.use_deterministic_algorithms(True)
    torch.backends.cuda.matmul.allow_tf32 = False
    result = {"gpu": torch.cuda.get_device_name(0), "torch": torch.__version__, "runs": {}}
    with PowerMeter() as meter:
        time.sleep(IDLE_SECONDS)
        result["idleWatts"] = round(meter.mean_watts(0, time.monotonic()), 1)
        for precision, steps in STEPS.items():
            runs = [train(precision) for _ in range(2)]
            begin, end, loss, digest = runs[0]
            watts = meter.mean_watts(begin, end)
            result["runs"][precision] = {
                "steps": steps,
                "seconds": round(end - begin, 3),
                "meanWatts": round(watts, 1),
                "joulesPerStep": round(watts * (end - begin) / steps, 2),
                "loss": loss,
                "sameBits": digest == runs[1][3],
            }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
