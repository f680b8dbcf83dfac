"""Replays many segments of the PyTorch sample in one process: replayMany.py FOLDER, in whose subfolders job folders lie,
each with a file `range` that says from and to which step. Runs in the image, where /trainer may be changed.
"""

import os
import sys

sys.path.insert(0, "/trainer")
import trainyard  # noqa: E402  before torch, so that its settings count
import torch  # noqa: E402
from chargpt import CharGpt  # noqa: E402

trainyard.prepare_torch(torch)
torch.set_num_threads(int(os.environ["BENCH_THREADS"]))
trainyard.prepare_torch = lambda _: None  # once a process

for name in sorted(os.listdir(sys.argv[1])):
    folder = os.path.join(sys.argv[1], name)
    with open(os.path.join(folder, "range"), encoding="utf-8") as file:
        from_step, to_step = map(int, file.read().split())
    os.makedirs(os.path.join(folder, "out"), exist_ok=True)
    trainyard.Run(CharGpt(), folder, from_step, to_step).train()
