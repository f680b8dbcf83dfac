#!/usr/bin/env python3
"""Does a replay give an honest seller's bits? Counts segments whose replay on one NVIDIA GPU differs from the training.

A transformer of 4 layers of width 128 on batches of 16 x 128 tokens, Adam, PyTorch's deterministic algorithms. One process
trains and keeps state and hash after every segment; others replay each segment from the state before it, in another
order, alone or while a second process loads the GPU. No setting of the GPU is changed. Prints one line of JSON.
Usage: CUBLAS_WORKSPACE_CONFIG=:4096:8 python3 bench/gpu/replaySegments.py [SEGMENTS]
"""

import hashlib
import json
import multiprocessing
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import torch

WIDTH, LAYERS, BATCH, LENGTH, SYMBOLS = 128, 4, 16, 128, 256
STEPS = 8  # of a segment
PRECISIONS = ["fp32", "bf16"]


class Training:
    """The model, its optimiser and its data: everything but the state follows from the seed."""

    def __init__(self, precision):
        torch.use_deterministic_algorithms(True)
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.manual_seed(1)
        layer = torch.nn.TransformerEncoderLayer(WIDTH, 4, 4 * WIDTH, dropout=0.0, batch_first=True, norm_first=True)
        encoder = torch.nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
        self.model = torch.nn.Sequential(
            torch.nn.Embedding(SYMBOLS, WIDTH), encoder, torch.nn.Linear(WIDTH, SYMBOLS)
        ).cuda()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3)
        self.precision = precision

    def segment(self, index):
        for step in range(index * STEPS, (index + 1) * STEPS):
            generator = torch.Generator().manual_seed(1_000 + step)
            rows = torch.randint(0, SYMBOLS, (BATCH, LENGTH + 1), generator=generator).cuda()
            self.optimizer.zero_grad()
            with torch.autocast("cuda", dtype=torch.bfloat16, enabled=self.precision == "bf16"):
                logits = self.model(rows[:, :-1])
            loss = torch.nn.functional.cross_entropy(logits.float().reshape(-1, SYMBOLS), rows[:, 1:].reshape(-1))
            loss.backward()
            self.optimizer.step()

    def state(self):
        return {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}

    def load(self, path):
        state = torch.load(path, map_location="cpu", weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])

    def digest(self):
        digest = hashlib.sha256()
        for parameter in self.model.parameters():
            digest.update(parameter.detach().cpu().numpy().tobytes())
            for name in ("step", "exp_avg", "exp_avg_sq"):
                digest.update(self.optimizer.state[parameter][name].cpu().numpy().tobytes())
        return digest.hexdigest()


def train(precision, segments, folder, results):
    training = Training(precision)
    training.segment(0)  # the optimiser has a state only after its first step
    torch.save(training.state(), folder / "0.pt")
    digests = []
    for index in range(1, segments + 1):
        training.segment(index)
        torch.save(training.state(), folder / f"{index}.pt")
        digests.append(training.digest())
    results.put(digests)


def replay(precision, digests, folder, seed, results):
    training = Training(precision)
    order = list(range(1, len(digests) + 1))
    random.Random(seed).shuffle(order)
    wrong = []
    for index in order:
        training.load(folder / f"{index - 1}.pt")
        training.segment(index)
        if training.digest() != digests[index - 1]:
            wrong.append(index)
    results.put(wrong)


def keep_busy(stop):
    """Matrix products of changing sizes, beside a replay."""
    size = 512
    while not stop.is_set():
        a = torch.randn(size, size, device="cuda")
        for _ in range(50):
            a = torch.tanh(a @ a)
        torch.cuda.synchronize()
        size = 512 + (size * 7) % 2048


def ask(context, target, *args):
    results = context.Queue()
    process = context.Process(target=target, args=(*args, results))
    process.start()
    answer = results.get(timeout=500)
    process.join()
    return answer


def replay_loaded(context, *args):
    stop = context.Event()
    busy = context.Process(target=keep_busy, args=(stop,))
    busy.start()
    try:
        return ask(context, replay, *args)
    finally:
        stop.set()
        busy.join()


def main():
    segments = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    context = multiprocessing.get_context("spawn")
    query = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    driver = subprocess.run(query, capture_output=True, text=True, timeout=10, check=True).stdout.strip()
    result = {"gpu": torch.cuda.get_device_name(0), "driver": driver, "torch": torch.__version__, "runs": {}}
    replays = rejected = 0
    for precision in PRECISIONS:
        folder = Path(tempfile.mkdtemp())
        try:
            digests = ask(context, train, precision, segments, folder)
            alone = ask(context, replay, precision, digests, folder, 1)
            loaded = replay_loaded(context, precision, digests, folder, 2)
        finally:
            shutil.rmtree(folder)
        replays += 2 * segments
        rejected += len(alone) + len(loaded)
        result["runs"][precision] = {"segments": segments, "wrongAlone": alone, "wrongBesideLoad": loaded}
    # With none of n wrong, the rate is below this with 95 % confidence: (1 - p)^n = 0.05.
    bound = 1 - 0.05 ** (1 / replays) if rejected == 0 else None
    print(json.dumps({**result, "stepsPerSegment": STEPS, "replays": replays, "rejected": rejected, "bound95": bound}))


if __name__ == "__main__":
    main()
