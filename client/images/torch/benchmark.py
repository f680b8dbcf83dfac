"""Measures a machine inside a job's container, on its GPU where there is one: python3 benchmark.py [FOLDER].

The folder is a job's: spec.json says what to multiply and for how long; out/result.json has what came of it; then it waits
for in/samples.json, and writes out/evidence.json. What is multiplied is defined in docs/hashrate.md 3, and in
verifier/src/benchmark: auditors there check it without a GPU. Needs Python >= 3.9, NumPy and PyTorch >= 1.13.
"""

import base64
import hashlib
import json
import os
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch

GRID = 16
LAG = 8
MODULUS = 127
LARGEST = 63
TRIED = 8  # products after which the memory's size is chosen, from how long they took
FILLING_SHARE = 1 / 3  # of the time: filling memory takes at most that much
PRECISION_SHARE = 0.04  # of the time, for each precision
KEPT_STATES = 64  # of those that are not in memory: the others are computed again
FREE_SHARE = 0.85  # of a GPU's free memory
HASHERS = 8
POLL_SECONDS = 0.05
MIB = 2**20
# Number on chain, mantissa bits of the operands, type of operands and results.
PRECISIONS = {
    "fp32": (0, 23, torch.float32),
    "tf32": (1, 10, torch.float32),
    "bf16": (2, 7, torch.bfloat16),
    "fp16": (3, 10, torch.float16),
}


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


# --- the tree over states (hashTree.ts) ---


def tree_of(leaves):
    levels = [[sha256(b"\x00", leaf) for leaf in leaves]]
    while len(levels[-1]) > 1:
        level = levels[-1]
        pairs = [sha256(b"\x01", level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        levels.append(pairs + level[len(pairs) * 2 :])
    return levels


def path_of(tree, index):
    path = []
    for level in tree:
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        index >>= 1
    return path


def tiles_of(array, size):
    """256 rows of bytes, tile by tile, of a square array on the host."""
    side = size // GRID
    tiles = array.reshape(GRID, side, GRID, side).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(tiles).view(np.uint8).reshape(GRID * GRID, -1)


class Commitments:
    """Hashes states beside the multiplying, in threads; roots() waits for all."""

    def __init__(self, size):
        self.size = size
        self.pool = ThreadPoolExecutor(HASHERS)
        self.pending = []

    def add(self, state):
        host, ready = to_host(state)
        self.pending.append(self.pool.submit(self._root, host, ready))

    def root(self, number):
        return self.pending[number].result()

    def roots(self):
        return [one.result() for one in self.pending]

    def _root(self, host, ready):
        ready()
        return sha256(*(sha256(tile) for tile in tiles_of(host.numpy(), self.size)))


def to_host(state):
    """The state on the host, and a function that waits until it is there."""
    if state.dtype == torch.bfloat16:
        state = state.view(torch.int16)  # NumPy has no such type
    if not state.is_cuda:
        return state, lambda: None
    host = torch.empty(state.shape, dtype=state.dtype, pin_memory=True)
    host.copy_(state, non_blocking=True)
    event = torch.cuda.Event()
    event.record()
    return host, event.synchronize


class Kept:
    """At most 64 states, evenly spread over the run."""

    def __init__(self):
        self.every = 1
        self.states = {}

    def offer(self, number, state):
        if number % self.every:
            return
        self.states[number] = to_host(state)
        if len(self.states) > KEPT_STATES:
            self.every *= 2
            self.states = {n: s for n, s in self.states.items() if n % self.every == 0}

    def before(self, number, least):
        """The last one up to `number` that is not before `least`."""
        found = max((n for n in self.states if least <= n <= number), default=None)
        if found is None:
            return None
        host, ready = self.states[found]
        ready()
        return found, host


# --- exact products (workload.ts, runBenchmark.ts) ---


class Chain:
    """S(i+1) = the fifth power, modulo 127, of M(j) S(i); the first states are the M and stay in the device's memory."""

    def __init__(self, seed, size, device):
        self.size, self.device = size, device
        powers = [pow(r, 5, MODULUS) - LARGEST for r in range(MODULUS)]
        self.powers = torch.tensor(powers, dtype=torch.int8, device=device)
        self.state = torch.from_numpy(first_state(seed, size)).to(device)
        self.memory, self.kept, self.products = [self.state], Kept(), 0
        self.matrices = sys.maxsize
        self.commitments = Commitments(size)
        self.commitments.add(self.state)

    def choice(self, index, root):
        word = struct.unpack(">I", sha256(root, struct.pack(">I", index))[:4])[0]
        return word % min(index + 1, self.matrices)

    def left(self, index):
        return self.choice(index, self.commitments.root(max(0, index - LAG)))

    def product(self, left, state):
        sums = torch.matmul(left.float(), state.float())
        return self.powers[sums.to(torch.int32).remainder(MODULUS).long()]

    def step(self):
        self.state = self.product(self.memory[self.left(self.products)], self.state)
        self.products += 1
        if self.products < self.matrices:
            self.memory.append(self.state)
        else:
            self.kept.offer(self.products, self.state)
        self.commitments.add(self.state)

    def state_at(self, number):
        if number < len(self.memory):
            return self.memory[number]
        found = self.kept.before(number, len(self.memory))
        at, state = found if found else (len(self.memory) - 1, self.memory[-1])
        state = state.to(self.device)
        for index in range(at, number):
            state = self.product(self.memory[self.left(index)], state)
        return state

    def tree(self):
        self.all_roots = self.commitments.roots()
        self.levels = tree_of(self.all_roots)
        return self.levels[-1][0]

    def open(self, index, tile):
        before = self.state_at(index)
        chosen = self.left(index)
        after = self.product(self.memory[chosen], before)
        left, right, result = (tiles_of(one.cpu().numpy(), self.size) for one in (self.memory[chosen], before, after))
        row, column = divmod(tile, GRID)
        choosing = max(0, index - LAG)
        return {
            "index": index,
            "tile": tile,
            "left": texts(left[row * GRID : (row + 1) * GRID]),
            "right": texts(right[column::GRID]),
            "result": text(result[tile]),
            "places": {
                "left": self.place(left, chosen),
                "right": self.place(right, index),
                "result": self.place(result, index + 1),
            },
            "choosing": {"root": text(self.all_roots[choosing]), "path": texts(path_of(self.levels, choosing))},
        }

    def place(self, tiles, number):
        return {"hashes": texts([sha256(tile) for tile in tiles]), "path": texts(path_of(self.levels, number))}


def first_state(seed, size):
    raw = bytes.fromhex(seed[2:])
    data = b"".join(sha256(raw, struct.pack(">I", i)) for i in range(size * size // 32))
    entries = np.frombuffer(data, np.uint8) % MODULUS
    return (entries.astype(np.int16) - LARGEST).astype(np.int8).reshape(size, size)


# --- products in floating point (precision.ts) ---


class PrecisionChain:
    """C(k) = A B(k) in one precision; B(k+1) has the signs and mantissas of C(k), so that nothing can be prepared."""

    def __init__(self, name, seed, size, device):
        self.number, self.bits, self.dtype = PRECISIONS[name]
        self.name, self.size, self.device = name, size, device
        self.a = self.seeded(seed, 0)
        self.b = self.first = self.seeded(seed, 1)
        self.products, self.kept, self.commitments = 0, Kept(), Commitments(size)

    def seeded(self, seed, which):
        head = bytes.fromhex(seed[2:]) + bytes([self.number, which])
        count = self.size * self.size // 8
        data = b"".join(sha256(head, struct.pack(">I", i)) for i in range(count))
        words = np.frombuffer(data, ">u4").astype(np.uint32)
        bits = (words & np.uint32(0x80000000)) | np.uint32(0x3F800000)
        mantissa = (words & np.uint32(2**self.bits - 1)) << np.uint32(23 - self.bits)
        values = (bits | mantissa).view(np.float32).reshape(self.size, self.size)
        return torch.from_numpy(values.copy()).to(self.device).to(self.dtype)

    def product(self, b):
        torch.backends.cuda.matmul.allow_tf32 = self.name == "tf32"
        return torch.matmul(self.a, b)

    def normalised(self, c):
        """Sign and mantissa of each entry, cut to the operands' bits, with exponent 0: 1 <= |b| < 2."""
        if self.dtype == torch.float32:
            mask = -0x80000000 | (0x7FFFFF & ~(2 ** (23 - self.bits) - 1))
            return ((c.view(torch.int32) & mask) | 0x3F800000).view(torch.float32)
        mask, one = (-0x8000 | 0x7F, 0x3F80) if self.dtype == torch.bfloat16 else (-0x8000 | 0x3FF, 0x3C00)
        return ((c.view(torch.int16) & mask) | one).view(self.dtype)

    def step(self):
        c = self.product(self.b)
        self.kept.offer(self.products, c)
        self.commitments.add(c)
        self.b = self.normalised(c)
        self.products += 1

    def run(self, seconds):
        self.product(self.first)  # the first use of a kernel loads it
        finish(self.device)
        start = time.monotonic()
        # Results that wait to be hashed are memory: what was handed in is waited for now and then.
        while self.products < 2 or time.monotonic() - start < seconds:
            self.step()
            if self.products > 2 * HASHERS:
                self.commitments.root(self.products - 2 * HASHERS)
        finish(self.device)
        self.gflops = self.products * 2 * self.size**3 / (time.monotonic() - start) / 1e9
        self.levels = tree_of(self.commitments.roots())
        return {
            "precision": self.number,
            "products": self.products,
            "root": self.levels[-1][0].hex(),
            "gflops": int(self.gflops),
        }

    def result_at(self, number):
        at, host = self.kept.before(number, 0)
        c = (host.view(torch.bfloat16) if self.dtype == torch.bfloat16 else host).to(self.device)
        for _ in range(at, number):
            c = self.product(self.normalised(c))
        return c

    def open(self, index, tile):
        def tiles(number):
            host, ready = to_host(self.result_at(number))
            ready()
            return tiles_of(host.numpy(), self.size)

        result = tiles(index)
        opening = {"index": index, "tile": tile, "result": text(result[tile]), "place": self.place(result, index)}
        if index > 0:
            before = tiles(index - 1)
            opening["before"] = {"tiles": texts(before[tile % GRID :: GRID]), "place": self.place(before, index - 1)}
        return opening

    place = Chain.place


def precisions_of(device):
    if device.type == "cpu":
        return ["fp32", "bf16"]
    is_ampere = torch.cuda.get_device_capability(device)[0] >= 8
    return ["fp32", "tf32", "bf16", "fp16"] if is_ampere else ["fp32", "fp16"]


# --- the run ---


def finish(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def memory_for(device, size, product_seconds, seconds, max_mib):
    """MiB of matrices: what fits, and what a third of the time fills."""
    free = torch.cuda.mem_get_info(device)[0] * FREE_SHARE / MIB if device.type == "cuda" else max_mib
    fillable = seconds * FILLING_SHARE / product_seconds * size * size / MIB
    least = max(1, -(-2 * TRIED * size * size // MIB))  # more than was multiplied by then
    return max(least, int(min(free, fillable)))


def run_chain(chain, seconds, max_mib):
    start = time.monotonic()
    while chain.products < TRIED:
        chain.step()
    finish(chain.device)
    product_seconds = (time.monotonic() - start) / TRIED
    mib = memory_for(chain.device, chain.size, product_seconds, seconds, max_mib)
    chain.matrices = mib * MIB // (chain.size * chain.size)
    while chain.products < 2 * chain.matrices or time.monotonic() - start < seconds:
        chain.step()
    finish(chain.device)
    return mib


def is_exact(device):
    """Whether TF32 gives exact sums of our whole numbers here, as it should."""
    generator = torch.Generator().manual_seed(1)
    a, b = (torch.randint(-LARGEST, LARGEST + 1, (512, 512), generator=generator) for _ in range(2))
    sums = torch.matmul(a.to(device).float(), b.to(device).float()).cpu().long()
    return bool((sums == a @ b).all())


def copy_rate(device):
    """Megabytes a second read and written: the median of five copies of 256 MiB."""
    source = torch.ones(64 * MIB, dtype=torch.float32, device=device)
    target = source.clone()
    rates = []
    for _ in range(5):
        finish(device)
        start = time.perf_counter()
        target.copy_(source)
        finish(device)
        rates.append(2 * source.numel() * 4 / 1e6 / (time.perf_counter() - start))
    return int(sorted(rates)[2])


def write_rate(path):
    """Megabytes a second; each write waits until the disk says that it is there."""
    chunk = bytes(8 * MIB)
    start = time.perf_counter()
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_DSYNC)
    for _ in range(4):
        os.write(file, chunk)
    os.close(file)
    rate = 32 * MIB / 1e6 / (time.perf_counter() - start)
    os.unlink(path)
    return int(rate)


def device_words(device):
    """(clock in MHz, words on driver and device); what is not told is left out."""
    words = f"torch {torch.__version__}"
    if device.type == "cpu":
        return 0, f"{words} on processor, {torch.get_num_threads()} threads"
    words += f", CUDA {torch.version.cuda}, {torch.cuda.get_device_name(device)}"
    command = ["nvidia-smi", "--query-gpu=clocks.sm,driver_version", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout
        clock, driver = answer.splitlines()[0].split(", ")
        return int(clock), f"driver {driver}, {words}"
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return 0, words


def text(data):
    return base64.b64encode(bytes(data)).decode()


def texts(parts):
    return [text(part) for part in parts]


def write_whole(path, content):
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        file.write(content)
    os.rename(path + ".tmp", path)


def serve_samples(folder, wait_seconds, chain, precisions):
    path = os.path.join(folder, "in", "samples.json")
    until = time.monotonic() + wait_seconds
    while not os.path.exists(path):
        if time.monotonic() > until:
            return
        time.sleep(POLL_SECONDS)
    with open(path, encoding="utf-8") as file:
        asked = json.load(file)
    evidence = {
        "version": 2,
        "openings": [chain.open(one["index"], one["tile"]) for one in asked["samples"]],
        "precisions": [
            [one.open(sample["index"], sample["tile"]) for sample in samples]
            for one, samples in zip(precisions, asked["precisions"])
        ],
    }
    write_whole(os.path.join(folder, "out", "evidence.json"), json.dumps(evidence))


def main(folder):
    with open(os.path.join(folder, "spec.json"), encoding="utf-8") as file:
        spec = json.load(file)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    size = 4096 if device.type == "cuda" else 512
    torch.backends.cuda.matmul.allow_tf32 = True
    if not is_exact(device):
        torch.backends.cuda.matmul.allow_tf32 = False
    exact_tf32 = torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False
    seconds = spec["milliseconds"] / 1000
    names = precisions_of(device)
    chain = Chain(spec["seed"], size, device)
    mib = run_chain(chain, seconds * (1 - PRECISION_SHARE * len(names)), spec["maxMemoryMiB"])
    precisions = [PrecisionChain(name, spec["seed"], size, device) for name in names]
    claims = [one.run(seconds * PRECISION_SHARE) for one in precisions]
    torch.backends.cuda.matmul.allow_tf32 = exact_tf32
    clock, words = device_words(device)
    result = {
        "size": size,
        "products": chain.products,
        "memoryMiB": mib,
        "root": chain.tree().hex(),
        "precisions": claims,
        "memoryMBPerSecond": copy_rate(device),
        "diskMBPerSecond": write_rate(os.path.join(folder, "out", "disk.tmp")),
        "clockMHz": clock,
        "driver": words[:120],
    }
    write_whole(os.path.join(folder, "out", "result.json"), json.dumps(result))
    serve_samples(folder, spec["waitMilliseconds"] / 1000, chain, precisions)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "/job")
