#!/usr/bin/env python3
"""How fast is the device score's benchmark on one NVIDIA GPU, beside PyTorch's own products and the vendor's figure?

20 runs, each with another seed: the chain of exact products as a seller's machine computes it (client/images/torch/
benchmark.py, hashing and folding included), products of each precision as it claims them, and, as the reference,
torch.matmul alone on the same sizes. Median, spread and share of the vendor's dense figure of each. No setting of the GPU
is changed. Prints one line of JSON. Usage: python3 bench/gpu/benchmark.py [RUNS] [SECONDS]; --cpu tries the script itself.
"""

import importlib.util
import json
import secrets
import statistics
import sys
import time
from pathlib import Path

import torch

PROGRAM = Path(__file__).parents[2] / "client/images/torch/benchmark.py"
# Dense TFLOPS of the data sheets, by a part of the GPU's name.
VENDOR = {
    "H200": {"fp32": 67, "tf32": 494, "bf16": 989, "fp16": 989},
    "H100 PCIe": {"fp32": 51, "tf32": 378, "bf16": 756, "fp16": 756},
    "H100": {"fp32": 67, "tf32": 494, "bf16": 989, "fp16": 989},
    "A100": {"fp32": 19.5, "tf32": 156, "bf16": 312, "fp16": 312},
    "L40S": {"fp32": 91.6, "tf32": 183, "bf16": 362, "fp16": 362},
    "RTX 4090": {"fp32": 82.6, "tf32": 82.6, "bf16": 165, "fp16": 165},
}


def load():
    spec = importlib.util.spec_from_file_location("benchmark", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def figure(rates):
    middle = statistics.median(rates)
    spread = statistics.stdev(rates) / statistics.mean(rates) if len(rates) > 1 else 0
    return {"tflops": round(middle, 3), "lowest": round(min(rates), 3), "highest": round(max(rates), 3), "cv": round(spread, 4)}


def reference(program, name, size, device, seconds):
    """TFLOPS of torch.matmul alone."""
    _, _, dtype = program.PRECISIONS[name]
    torch.backends.cuda.matmul.allow_tf32 = name == "tf32"
    a, b = (torch.randn(size, size, device=device).to(dtype) for _ in range(2))
    torch.matmul(a, b)
    program.finish(device)
    start, products = time.monotonic(), 0
    while time.monotonic() - start < seconds:
        for _ in range(16 if device.type == "cuda" else 1):
            torch.matmul(a, b)
            products += 1
        program.finish(device)
    return products * 2 * size**3 / (time.monotonic() - start) / 1e12


def exact(program, size, device, seconds):
    torch.backends.cuda.matmul.allow_tf32 = True
    chain = program.Chain("0x" + secrets.token_hex(32), size, device)
    start = time.monotonic()
    mib = program.run_chain(chain, seconds, 1024)
    return chain.products * 2 * size**3 / (time.monotonic() - start) / 1e12, mib


def main():
    numbers = [argument for argument in sys.argv[1:] if argument != "--cpu"]
    runs, seconds = int(numbers[0]) if numbers else 20, float(numbers[1]) if len(numbers) > 1 else 5
    if not torch.cuda.is_available() and "--cpu" not in sys.argv:
        sys.exit("No GPU is here: nothing was measured.")
    device = torch.device("cpu" if "--cpu" in sys.argv else "cuda")
    program = load()
    size = 512 if device.type == "cpu" else 4096
    names = program.precisions_of(device)
    rates = {name: {"chain": [], "torch": []} for name in names}
    chains, memory = [], []
    for _ in range(runs):
        rate, mib = exact(program, size, device, seconds)
        chains.append(rate)
        memory.append(mib)
        if device.type == "cuda":
            torch.cuda.empty_cache()
        for name in names:
            one = program.PrecisionChain(name, "0x" + secrets.token_hex(32), size, device)
            one.run(seconds / 10)
            rates[name]["chain"].append(one.gflops / 1000)
            rates[name]["torch"].append(reference(program, name, size, device, seconds / 10))
    clock, words = program.device_words(device)
    gpu = torch.cuda.get_device_name(device) if device.type == "cuda" else "none: a processor"
    vendor = next((figures for name, figures in VENDOR.items() if name in gpu), {})
    precisions = {}
    for name, kinds in rates.items():
        one = {kind: figure(values) for kind, values in kinds.items()}
        if name in vendor:
            one["vendorTflops"] = vendor[name]
            one["shareOfVendor"] = {kind: round(one[kind]["tflops"] / vendor[name], 3) for kind in kinds}
        precisions[name] = one
    result = {"gpu": gpu, "driver": words, "clockMHz": clock, "size": size, "runs": runs, "secondsPerRun": seconds}
    print(json.dumps({**result, "exact": {**figure(chains), "memoryMiB": max(memory)}, "precisions": precisions}))


if __name__ == "__main__":
    main()
