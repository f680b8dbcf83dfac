"""Sample program: a small character-level transformer (decoder only, pre-norm, as in GPT-2), trained with Adam.

A data row's image is `context` bytes of text, its label the byte that follows. Model and optimiser are in float32, and
no position has a bias before the attention: the true gradient of a key's bias is zero, and Adam would make steps out
of its rounding noise.
"""

import sys

sys.path.insert(0, "/trainer")
import trainyard  # noqa: E402  before torch, so that its settings count

import torch  # noqa: E402
from torch.nn import functional  # noqa: E402

EVALUATE_ROWS = 64


def power(base, exponent):
    """base ** exponent by squaring: a C library's pow may differ between processors."""
    result = 1.0
    while exponent:
        if exponent & 1:
            result *= base
        base, exponent = base * base, exponent >> 1
    return result


class CharGpt:
    def initial(self, job, draw):
        model = job["model"]
        width, context, vocabulary = model["width"], model["context"], model["vocabulary"]
        weights = {"embed.token": draw((vocabulary, width), 0.1), "embed.position": draw((context, width), 0.1)}
        ones, zeros = torch.ones(width), torch.zeros(width)
        for layer in range(model["layers"]):
            bound = (3 / width) ** 0.5
            last = bound / (2 * model["layers"]) ** 0.5  # keeps the residual stream's size independent of depth
            at = f"layer{layer:02d}."
            weights[at + "attention.in"] = draw((3 * width, width), bound)
            weights[at + "attention.out"] = draw((width, width), last)
            weights[at + "mlp.in"] = draw((4 * width, width), bound)
            weights[at + "mlp.out"] = draw((width, 4 * width), last / 2)
            for norm in ("norm1", "norm2"):
                weights[f"{at}{norm}.gain"], weights[f"{at}{norm}.shift"] = ones.clone(), zeros.clone()
        weights["norm.gain"], weights["norm.shift"] = ones.clone(), zeros.clone()
        weights["head"] = draw((vocabulary, width), 0.1)
        moments = {f"opt.{kind}.{name}": torch.zeros_like(w) for kind in "mv" for name, w in weights.items()}
        return {**weights, **moments}

    def logits(self, job, state, tokens):
        heads, layers = job["model"]["heads"], job["model"]["layers"]
        rows, length = tokens.shape
        x = state["embed.token"][tokens] + state["embed.position"][:length]
        width = x.shape[-1]
        future = torch.ones(length, length, dtype=torch.bool, device=x.device).triu(1)
        for layer in range(layers):
            at = f"layer{layer:02d}."
            qkv = functional.linear(self.norm(state, at + "norm1", x), state[at + "attention.in"])
            q, k, v = (t.reshape(rows, length, heads, -1).transpose(1, 2) for t in qkv.split(width, dim=2))
            scores = (q @ k.transpose(2, 3)) * (width // heads) ** -0.5
            mixed = scores.masked_fill(future, float("-inf")).softmax(dim=3) @ v
            mixed = mixed.transpose(1, 2).reshape(rows, length, width)
            x = x + functional.linear(mixed, state[at + "attention.out"])
            hidden = functional.gelu(functional.linear(self.norm(state, at + "norm2", x), state[at + "mlp.in"]))
            x = x + functional.linear(hidden, state[at + "mlp.out"])
        return functional.linear(self.norm(state, "norm", x), state["head"])

    def norm(self, state, name, x):
        return functional.layer_norm(x, x.shape[-1:], state[name + ".gain"], state[name + ".shift"])

    def loss(self, job, state, images, labels):
        tokens, targets = images.long(), torch.cat([images[:, 1:], labels[:, None]], dim=1).long()
        logits = self.logits(job, state, tokens)
        return logits, targets, functional.cross_entropy(logits.flatten(0, 1), targets.flatten())

    def step(self, job, state, images, labels, step):
        names = [name for name in state if not name.startswith("opt.")]
        leaves = {name: state[name].detach().requires_grad_() for name in names}
        _, _, loss = self.loss(job, leaves, images, labels)
        gradients = torch.autograd.grad(loss, [leaves[name] for name in names])
        norm = torch.sqrt(sum((gradient * gradient).sum() for gradient in gradients))
        with torch.no_grad():
            self.update(job, state, names, gradients, step)
        return loss.item(), norm.item()

    def update(self, job, state, names, gradients, step):
        """Adam (Kingma and Ba 2015, algorithm 1), with a linear warm-up and a linear way down to a tenth."""
        settings = job["hyperparameters"]
        beta1, beta2, warm = settings["beta1"], settings["beta2"], settings["warmupSteps"]
        rate = settings["learningRate"] * min(step / warm, 1 - 0.9 * step / job["steps"])
        rate /= 1 - power(beta1, step)
        root = (1 - power(beta2, step)) ** 0.5
        for name, gradient in zip(names, gradients):
            m, v = state["opt.m." + name], state["opt.v." + name]
            m.mul_(beta1).add_(gradient, alpha=1 - beta1)
            v.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
            state[name].sub_(rate * m / (v.sqrt() / root + 1e-8))

    def evaluate(self, job, state, images, labels):
        """Next-byte accuracy and loss (nats) over the second half of each row, where there is text to look back at."""
        correct, total, summed = 0, 0, 0.0
        for rows, nexts in zip(images.split(EVALUATE_ROWS), labels.split(EVALUATE_ROWS)):
            logits, targets, _ = self.loss(job, state, rows, nexts)
            half = targets.shape[1] // 2
            logits, targets = logits[:, half:].flatten(0, 1), targets[:, half:].flatten()
            summed += functional.cross_entropy(logits, targets, reduction="sum").item()
            correct += int((logits.argmax(dim=1) == targets).sum())
            total += targets.numel()
        return correct, total, summed / total


if __name__ == "__main__":
    trainyard.run(CharGpt())
