"""Trainyard's job contract for Python programs: copy this file into an image and call run().

A program says how a model begins, what one step does and how good the result is; everything that an auditor must be
able to do again is done here: the order of the data, checkpoints, progress, resume, replay, and stopping. The formats
are those of docs/formats.md, the data order and its generator those of the canonical trainer, so that sellers and
auditors compute batches without running any of this.

Needs Python >= 3.9 and NumPy; PyTorch only once run() is called.

    import trainyard

    class Program:
        def initial(self, job, draw):                 # names to tensors; draw(shape, bound) gives initial weights
        def step(self, job, state, images, labels, step):  # one step in place; returns (loss, gradient norm)
        def evaluate(self, job, state, images, labels):    # returns (correct, total, mean loss) on held-out data

    trainyard.run(Program())

Tensors named opt.* (momenta and the like) are part of every checkpoint and not of the result. Whatever the next step
depends on must be in a tensor, in the step number or in the job: nothing else survives from one segment to the next.
"""

import hashlib
import json
import math
import os
import re
import signal
import struct
import sys
import time

# Set before NumPy or PyTorch is imported, since they read these when they are loaded: one thread, and kernels that every
# x86-64 processor since 2008 has (SSE4.1). Unpinned, six kinds of processor gave four different results; pinned, one.
PINNED = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Prescott",
    "ATEN_CPU_CAPABILITY": "default",
    "DNNL_MAX_CPU_ISA": "SSE41",
    "MKL_CBWR": "COMPATIBLE",
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
}
os.environ.update(PINNED)

import numpy as np  # noqa: E402

# Exit codes of a run, as in sysexits: the job itself is wrong (it would be everywhere), and it can be resumed.
INVALID = 65
RESUMABLE = 75
SEED_POLL_SECONDS = 0.02
SEED_WAIT_SECONDS = 600
FLUSH_SECONDS = 0.25
CHUNK_BYTES = 4096
DTYPES = {
    "BOOL": 1, "U8": 1, "I8": 1, "U16": 2, "I16": 2, "F16": 2, "BF16": 2,
    "U32": 4, "I32": 4, "F32": 4, "U64": 8, "I64": 8, "F64": 8,
}


class JobInvalid(Exception):
    """The job cannot be trained from here, on any machine; the message says why."""


# --- generator and data order (verifier/src/canonical/threefry.ts, order.ts) ---


def threefry(seed, counters, c1):
    """First output words of Threefry-2x32-20 (Salmon et al. 2011) for many counters (c0, c1) at once.

    The key is the first eight bytes of `seed` (0x and hex), as two big-endian words.
    """
    k0, k1 = int(seed[2:10], 16), int(seed[10:18], 16)
    keys = [np.uint32(k0), np.uint32(k1), np.uint32(0x1BD11BDA ^ k0 ^ k1)]
    with np.errstate(over="ignore"):
        x0 = np.asarray(counters, dtype=np.uint32) + keys[0]
        x1 = np.full_like(x0, np.uint32(c1)) + keys[1]
        for block in range(5):
            for turn in ((13, 15, 26, 6), (17, 29, 16, 24))[block % 2]:
                x0 = x0 + x1
                x1 = ((x1 << np.uint32(turn)) | (x1 >> np.uint32(32 - turn))) ^ x0
            x0 = x0 + keys[(block + 1) % 3]
            x1 = x1 + keys[(block + 2) % 3] + np.uint32(block + 1)
    return x0


def uniform(seed, index, shape, bound):
    """float32 weights in [-bound, bound): element j of tensor number `index` comes from counter (j, index)."""
    words = threefry(seed, np.arange(int(np.prod(shape)), dtype=np.uint32), index)
    units = (words >> np.uint32(8)).astype(np.float32) / np.float32(2**24)
    return ((np.float32(2) * units - np.float32(1)) * np.float32(bound)).reshape(shape)


def shuffle(ids, first, seed, epoch):
    """Fisher-Yates from the end of ids[first:], in place; draw number c has counter (c, epoch)."""
    words = iter_words(seed, epoch, len(ids) - first)
    for count in range(len(ids) - first, 1, -1):
        limit = 2**32 - 2**32 % count
        word = next(words)
        while word >= limit:  # a word above the limit would favour small remainders
            word = next(words)
        a, b = first + count - 1, first + word % count
        ids[a], ids[b] = ids[b], ids[a]


def iter_words(seed, epoch, block):
    start = 0
    block = max(block, 16)
    while True:
        yield from threefry(seed, np.arange(start, start + block, dtype=np.uint32), epoch).tolist()
        start += block


class DataOrder:
    """The stream of sample ids from step `from_step` on, and where it stands: `cursor` in the running `epoch`.

    At each window's start what remains of the epoch is shuffled under the window's seed; when nothing remains, the
    next epoch is all samples, shuffled under the seed of the window then running.
    """

    def __init__(self, job, samples, seeds, from_step):
        self.batch_size = job["hyperparameters"]["batchSize"]
        self.steps_per_window = job["stepsPerSegment"] * job["segmentsPerWindow"]
        self.samples, self.seeds = samples, seeds
        self.ids = list(range(samples))
        self.shuffled_for = -1
        skipped = from_step * self.batch_size // samples * samples  # whole epochs leave no trace
        self.cursor, self.epoch = 0, skipped // samples
        self.step = skipped // self.batch_size
        if self.step < from_step:
            self._take(self.batch_size - (skipped - self.step * self.batch_size))
        while self.step < from_step:
            self.next()

    def next(self):
        """Sample ids of the next step."""
        return self._take(self.batch_size)

    def _take(self, count):
        window = self.step // self.steps_per_window
        batch = []
        for _ in range(count):
            if window != self.shuffled_for:
                self.ids[self.cursor:] = sorted(self.ids[self.cursor:])
                shuffle(self.ids, self.cursor, self.seeds[window], self.epoch)
                self.shuffled_for = window
            batch.append(self.ids[self.cursor])
            self.cursor += 1
            if self.cursor == self.samples:
                self.cursor, self.epoch, self.shuffled_for = 0, self.epoch + 1, -1
        self.step += 1
        return batch


# --- files: safetensors, state roots (docs/formats.md 2) ---


def write_safetensors(tensors):
    """Bytes of the one file that stands for (name, dtype, shape, bytes) tuples: name order, no metadata."""
    fields, end = [], 0
    tensors = sorted(tensors, key=lambda tensor: tensor[0].encode())
    for name, dtype, shape, data in tensors:
        start, end = end, end + len(data)
        sizes = ",".join(str(size) for size in shape)
        quoted = json.dumps(name, ensure_ascii=False)
        fields.append(f'{quoted}:{{"data_offsets":[{start},{end}],"dtype":"{dtype}","shape":[{sizes}]}}')
    header = ("{" + ",".join(fields) + "}").encode()
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + b"".join(data for *_, data in tensors)


def read_safetensors(data):
    """(name, dtype, shape, bytes) of each tensor, in file order."""
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    tensors = []
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        if end - start != DTYPES[entry["dtype"]] * math.prod(entry["shape"]):
            raise JobInvalid(f"tensor {name} has another size than its shape")
        tensors.append((name, entry["dtype"], tuple(entry["shape"]), data[8 + size + start : 8 + size + end]))
    return tensors


def merkle_root(leaves):
    """SHA-256 tree of RFC 6962 2.1: leaf H(0||d), node H(1||l||r), split at the largest power of two below n."""
    hashes = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    if not hashes:
        return hashlib.sha256(b"").digest()
    while len(hashes) > 1:  # level by level, an odd last node moving up, gives the same splits
        pairs = [hashlib.sha256(b"\x01" + hashes[i] + hashes[i + 1]).digest() for i in range(0, len(hashes) - 1, 2)]
        hashes = pairs + hashes[len(pairs) * 2 :]
    return hashes[0]


def tensor_root(data):
    return merkle_root([data[at : at + CHUNK_BYTES] for at in range(0, len(data), CHUNK_BYTES)])


def state_root(tensors):
    """The hash that the seller commits for a checkpoint; `tensors` as read_safetensors gives them."""
    leaves = []
    for index, (name, dtype, shape, data) in enumerate(sorted(tensors, key=lambda tensor: tensor[0].encode())):
        text, kind = name.encode(), dtype.encode()
        head = struct.pack(">IH", index, len(text)) + text + bytes([len(kind)]) + kind + bytes([len(shape)])
        leaves.append(head + b"".join(struct.pack(">Q", size) for size in shape) + tensor_root(data))
    return "0x" + merkle_root(leaves).hex()


def write_whole(path, data):
    """Writes a file so that a reader sees all of it or nothing."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".tmp", "wb") as file:
        file.write(data)
    os.rename(path + ".tmp", path)


def number(value):
    """A float as ECMAScript (and so RFC 8785) writes it."""
    value = float(value)
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, exponent = f"{abs(value)!r}", 0
    if "e" in mantissa:
        mantissa, power = mantissa.split("e")
        exponent = int(power)
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + exponent - (len(whole + fraction) - len(digits))  # value = 0.digits * 10^point
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    rest = "." + digits[1:] if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def bits_of(value):
    """float32 bits of a number, which must be finite."""
    if not math.isfinite(value):
        raise JobInvalid("training diverged: lower the learning rate")
    return int(np.float32(value).view(np.uint32))


# --- the run ---


def read_job(folder):
    with open(os.path.join(folder, "spec.json"), encoding="utf-8") as file:
        job = json.load(file)
    if not re.fullmatch("0x[0-9a-f]{64}", job["seed"]):
        raise JobInvalid("seed must be 32 bytes of hex")
    return job


def read_data(path):
    """A data file's two arrays: images U8 [N, P] and labels U8 [N]."""
    with open(path, "rb") as file:
        tensors = {name: (dtype, shape, data) for name, dtype, shape, data in read_safetensors(file.read())}
    (kind, shape, images), (label_kind, label_shape, labels) = tensors["images"], tensors["labels"]
    if kind != "U8" or label_kind != "U8" or len(shape) != 2 or label_shape != shape[:1]:
        raise JobInvalid("a data file holds images U8 [N,P] and labels U8 [N]")
    return np.frombuffer(images, np.uint8).reshape(shape), np.frombuffer(labels, np.uint8)


def read_seed(path):
    """None while the file is missing or half written."""
    try:
        with open(path, encoding="utf-8") as file:
            match = re.fullmatch(r'\s*\{\s*"seed"\s*:\s*"(0x[0-9a-f]{64})"\s*\}\s*', file.read())
    except FileNotFoundError:
        return None
    return match and match[1]


def scalars(step, epoch, cursor):
    """Counters as canonical JSON: no other generator state exists."""
    data = f'{{"cursor":{cursor},"epoch":{epoch},"step":{step}}}'.encode()
    return ("scalars", "U8", (len(data),), data)


class Stopped(Exception):
    """The run was told to stop, or no seed came: it can be resumed."""


class Run:
    """One run of a job folder from `from_step` to `to_step`."""

    def __init__(self, program, folder, from_step, to_step):
        import torch

        prepare_torch(torch)
        self.torch, self.program, self.folder = torch, program, folder
        self.job = read_job(folder)
        self.from_step, self.to_step = from_step, self.job["steps"] if to_step is None else to_step
        if not 0 <= from_step <= self.to_step <= self.job["steps"]:
            raise JobInvalid("no such steps")
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.images, self.labels = read_data(self.path("data/train.safetensors"))
        self.seeds, self.lines, self.flush_at, self.stopping = [], [], 0.0, False
        self.step = from_step

    def path(self, name):
        return os.path.join(self.folder, name)

    def stop(self, *_):
        self.stopping = True

    def train(self):
        if self.from_step > 0:  # the order of the steps done before comes from the seeds of their windows
            self.await_seeds(self.window_of(self.from_step - 1))
        state = self.first_state()
        order = DataOrder(self.job, len(self.labels), self.seeds, self.from_step)
        self.keep_progress()
        if self.from_step == 0:
            self.first_checkpoint(state, order)
        log(f"training steps {self.from_step} to {self.to_step} of {self.job['steps']}")
        while self.step < self.to_step:
            self.await_seeds(self.window_of(self.step))
            self.one_step(state, order)
            is_end = self.step % self.job["stepsPerSegment"] == 0 or self.step == self.to_step
            if is_end or self.stopping:
                self.checkpoint(state, order)
            if self.stopping and self.step < self.to_step:
                raise Stopped("stopped")
        if self.to_step == self.job["steps"]:
            self.write_result(state)

    def one_step(self, state, order):
        ids = order.next()
        images, labels = self.tensor(self.images[ids]), self.tensor(self.labels[ids])
        loss, norm = self.program.step(self.job, state, images, labels, self.step + 1)
        bits, norm_bits = bits_of(loss), bits_of(norm)
        self.step += 1
        samples = self.step * self.job["hyperparameters"]["batchSize"]
        self.lines.append(
            f'{{"step":{self.step},"loss":{number(np.float32(loss))},"lossBits":{bits},'
            f'"gradNormBits":{norm_bits},"samples":{samples}}}\n'
        )
        if time.monotonic() >= self.flush_at:
            self.flush()

    def window_of(self, step):
        return step // (self.job["stepsPerSegment"] * self.job["segmentsPerWindow"])

    def await_seeds(self, window):
        deadline = time.monotonic() + SEED_WAIT_SECONDS
        while len(self.seeds) <= window:
            seed = read_seed(self.path(f"in/windows/{len(self.seeds)}.json"))
            if seed:
                self.seeds.append(seed)
            elif self.stopping or time.monotonic() > deadline:
                raise Stopped("stopped" if self.stopping else "no-seed")
            else:
                time.sleep(SEED_POLL_SECONDS)

    def first_state(self):
        drawn = iter(range(2**31))
        draw = lambda shape, bound: self.tensor(uniform(self.job["seed"], next(drawn), shape, bound))  # noqa: E731
        first = {name: tensor.to(self.device) for name, tensor in self.program.initial(self.job, draw).items()}
        given = self.path("in/checkpoint/state.safetensors")
        if self.from_step == 0 and not os.path.exists(given):
            return first
        with open(given, "rb") as file:
            tensors = read_safetensors(file.read())
        counters = next(data for name, *_, data in tensors if name == "scalars")
        found = json.loads(bytes(counters))["step"]
        # A checkpoint for step 0 is another order's: what was learnt stays, its counters begin anew.
        if self.from_step > 0 and found != self.from_step:
            raise JobInvalid(f"the checkpoint is of step {found}, not {self.from_step}")
        state = {name: self.from_bytes(*rest) for name, *rest in tensors if name != "scalars"}
        kinds = [{name: (t.dtype, t.shape) for name, t in each.items()} for each in (first, state)]
        if kinds[0] != kinds[1]:
            raise JobInvalid("the checkpoint is no state of this job's model")
        # In the order of the model, not of the file: sums over all tensors depend on it.
        return {name: state[name] for name in first}

    def tensor(self, array):
        return self.torch.from_numpy(np.array(array)).to(self.device)

    def from_bytes(self, dtype, shape, data):
        kind = getattr(self.torch, TORCH_DTYPES[dtype])
        return self.torch.frombuffer(bytearray(data), dtype=kind).reshape(shape).to(self.device)

    def to_tuple(self, name, tensor):
        torch = self.torch
        dtype = next(key for key, kind in TORCH_DTYPES.items() if getattr(torch, kind) == tensor.dtype)
        flat = tensor.detach().cpu().contiguous().reshape(-1)
        return (name, dtype, tuple(tensor.shape), flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b"")

    def checkpoint(self, state, order):
        """Progress first: whoever sees a checkpoint finds the lines of its steps."""
        self.flush()
        tensors = [self.to_tuple(name, tensor) for name, tensor in state.items()]
        tensors.append(scalars(self.step, order.epoch, order.cursor))
        write_whole(self.path(f"out/checkpoints/{self.step}/state.safetensors"), write_safetensors(tensors))

    def first_checkpoint(self, state, order):
        """What training begins with: another order's checkpoint as it is, where one was given."""
        given = self.path("in/checkpoint/state.safetensors")
        if not os.path.exists(given):
            return self.checkpoint(state, order)
        with open(given, "rb") as file:
            write_whole(self.path("out/checkpoints/0/state.safetensors"), file.read())

    def keep_progress(self):
        """Drops lines that this run writes again, a torn last line included."""
        path, kept = self.path("out/progress.jsonl"), []
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                for line in file.read().split("\n"):
                    match = re.fullmatch(r'\{"step":(\d+),.*\}', line)
                    if not match or int(match[1]) > self.from_step:
                        break
                    kept.append(line + "\n")
        write_whole(path, "".join(kept).encode())

    def flush(self):
        with open(self.path("out/progress.jsonl"), "a", encoding="utf-8") as file:
            file.write("".join(self.lines))
        self.lines, self.flush_at = [], time.monotonic() + FLUSH_SECONDS

    def write_result(self, state):
        images, labels = (self.tensor(array) for array in read_data(self.path("data/heldOut.safetensors")))
        with self.torch.no_grad():
            correct, total, loss = self.program.evaluate(self.job, state, images, labels)
        weights = [self.to_tuple(name, tensor) for name, tensor in state.items() if not name.startswith("opt.")]
        metrics = f'{{"accuracy":{number(correct / total)},"correct":{correct},"loss":{number(loss)},"total":{total}}}'
        write_whole(self.path("out/result/model.safetensors"), write_safetensors(weights))
        write_whole(self.path("out/result/metrics.json"), metrics.encode())
        log(f"held-out accuracy {correct}/{total}, loss {loss:.4f}")


TORCH_DTYPES = {
    "F32": "float32", "F64": "float64", "F16": "float16", "BF16": "bfloat16",
    "I64": "int64", "I32": "int32", "I16": "int16", "I8": "int8", "U8": "uint8", "BOOL": "bool",
}


def prepare_torch(torch):
    """One thread, no kernel whose result depends on timing, no reduced precision that was not asked for."""
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False


def log(text):
    print(text, flush=True)


def step_of(name):
    text = os.environ.get(name, "")
    if text == "":
        return None
    if not re.fullmatch(r"\d{1,8}", text):
        raise JobInvalid(f"{name} must be a whole number")
    return int(text)


def run(program, folder="/job"):
    """Runs the job folder by the job contract and ends the process: 0 done, 65 the job is wrong, 75 resumable, 1 else."""
    try:
        one = Run(program, folder, step_of("TRAINYARD_FROM_STEP") or 0, step_of("TRAINYARD_TO_STEP"))
        signal.signal(signal.SIGTERM, one.stop)
        signal.signal(signal.SIGINT, one.stop)
        one.train()
        log("done")
    except Stopped as reason:
        log(str(reason))
        sys.exit(RESUMABLE)
    except Exception as error:  # noqa: BLE001  the last line of a failed job's log is all that its buyer sees
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        sys.exit(INVALID if isinstance(error, JobInvalid) else 1)
