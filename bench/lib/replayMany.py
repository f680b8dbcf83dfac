"""Replays many segments of the PyTorch sample in one process: replayMany.py FOLDER, in whose subfolders job folders lie,
each with a file `range` that says from and to which step. Runs in the image, where /trainer may be changed.
"""

import os
import sys

sys.path.insert(0, "/trainer")
import trainyard  # noqa: E402  before torch, so that its settings count
import torch  # noqa: E402
from chargpt import CharGpt  # noqa: E402

os.nice(15)  # the bench runs long, beside other work
trainyard.prepare_torch(torch)
torch.set_num_threads(int(os.environ["BENCH_THREADS"]))
trainyard.prepare_torch = lambda _: None  # once a process
PARTS = int(os.environ["BENCH_PARTS"])


class InParts(CharGpt):
    """Adds losses and gradients up part by part, as where a batch does not fit at once: the same mathematics."""

    def loss(self, job, state, images, labels):
        parts = [super(InParts, self).loss(job, state, *part) for part in zip(images.chunk(PARTS), labels.chunk(PARTS))]
        return *parts[0][:2], sum(loss for _, _, loss in parts) / PARTS


for name in sorted(os.listdir(sys.argv[1])):
    folder = os.path.join(sys.argv[1], name)
    with open(os.path.join(folder, "range"), encoding="utf-8") as file:
        from_step, to_step = map(int, file.read().split())
    os.makedirs(os.path.join(folder, "out"), exist_ok=True)
    trainyard.Run(InParts() if PARTS > 1 else CharGpt(), folder, from_step, to_step).train()
