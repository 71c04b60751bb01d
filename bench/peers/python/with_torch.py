"""PyTorch on one thread: the denoiser's training steps, TabDDPM's, its reverse steps, and matrix products.

`torch` is PyTorch as TabDDPM is commonly written: the optimiser with its defaults, sines and cosines in each step, all rows in one batch.
`torch-tuned` has the fused optimiser, a table of sines and cosines, and draws rows in chunks that fit the caches.
"""
import math

import torch
import torch.nn.functional as F

from body import Body
from tabddpm import TabDDPM, embedded_times

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
torch.manual_seed(0)


CHUNK = 1024  # rows that are drawn together by `torch-tuned`


def tuned(place):
    return place.system == "torch-tuned"


def time_rows(place):
    """A function from times to their sines and cosines."""
    network = place.work["network"]
    width = network["hidden"]
    if not tuned(place):
        return lambda t: embedded_times(t, width)
    table = embedded_times(torch.arange(network["timesteps"]), width)
    return lambda t: table[t]


class Denoiser(torch.nn.Module):
    """Layers in the order of their weights in the files."""

    def __init__(self, width, hidden, layers):
        super().__init__()
        linear = torch.nn.Linear
        self.into, self.t1, self.t2 = linear(width, hidden), linear(hidden, hidden), linear(hidden, hidden)
        self.layers = torch.nn.ModuleList(linear(a, b) for a, b in zip([hidden, *layers], layers))
        self.out = linear(layers[-1], width)

    def load(self, values):
        at = 0
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(torch.from_numpy(values[at : at + parameter.numel()]).view_as(parameter))
                at += parameter.numel()
        assert at == values.size

    def embedding(self, times):
        return self.t2(F.silu(self.t1(times)))

    def forward(self, x, embedding):
        h = self.into(x) + embedding
        for layer in self.layers:
            h = F.relu(layer(h))
        return self.out(h)


def denoiser(work, weights, width):
    net = Denoiser(width, work["network"]["hidden"], work["network"]["layers"])
    net.load(weights)
    return net


def training(place):
    work = place.work
    width = work["network"]["width"]
    batch, steps = int(place.item.split("-")[1]), work["train"]["steps"][place.item]
    inputs, targets = (torch.from_numpy(place.floats(f"train.{name}.f32", width)) for name in ("input", "target"))
    times = torch.from_numpy(place.words("train.times.u32"))
    rows_of = time_rows(place)
    weights = place.floats("weights.f32", 1)[:, 0]
    state = {}

    def reset():
        state["net"] = denoiser(work, weights, width)
        state["adam"] = torch.optim.Adam(state["net"].parameters(), lr=work["network"]["learningRate"], fused=tuned(place) or None)

    def run():
        net, adam = state["net"], state["adam"]
        for i in range(steps):
            at = i * batch % len(inputs)
            adam.zero_grad(set_to_none=True)
            output = net(inputs[at : at + batch], net.embedding(rows_of(times[at : at + batch])))
            loss = F.mse_loss(output, targets[at : at + batch])
            loss.backward()
            adam.step()
        state["loss"] = loss.item()

    return Body(run, lambda: state["loss"], reset)


def tabddpm(place):
    """The mean loss of the last 50 steps, as our loop notes it."""
    work = place.work["tabddpm"]
    mixed = place.item == "tabddpm-step-mixed"
    levels = work["levels"] if mixed else []
    x = torch.from_numpy(place.floats("table.x.f32", work["numeric"]))
    codes = torch.from_numpy(place.octets("table.codes.u8").astype("int64")).view(len(x), -1) if mixed else None
    network = place.work["network"]
    state = {}

    def reset():
        torch.manual_seed(1)
        state["model"] = TabDDPM(x, codes, levels, network["timesteps"], network["hidden"], network["layers"], work, tuned(place))
        for _ in range(50):
            state["model"].step()

    def run():
        state["losses"] = [state["model"].step() for _ in range(work["steps"])]

    return Body(run, lambda: torch.stack(state["losses"][-50:]).mean().item(), reset)


def reverse_steps(place, net, times, steps, rows, width):
    """x' = a·(b·x + c·output) + d·x + e·noise for each row of `steps`, the time embedded once for all rows of a step."""
    drawn, rows_of = [], time_rows(place)
    chunk = CHUNK if tuned(place) else rows
    with torch.inference_mode():
        for at in range(0, rows, chunk):
            x = torch.randn(min(chunk, rows - at), width)
            for t, (a, b, c, d, e) in zip(times.split(1), steps):
                output = net(x, net.embedding(rows_of(t)))
                if not tuned(place):
                    x = a * (b * x + c * output) + d * x + (e * torch.randn_like(x) if e > 0 else 0)
                    continue
                x = output.mul_(a * c).add_(x, alpha=a * b + d)
                if e > 0:
                    x.add_(torch.randn_like(x), alpha=e)
            drawn.append(x)
    return torch.cat(drawn)


def sample_step(place):
    work = place.work
    width = work["network"]["width"]
    net = denoiser(work, place.floats("weights.f32", 1)[:, 0], width)
    times, steps = torch.from_numpy(place.words("sample.times.u32")), place.floats("sample.steps.f32", 5).tolist()
    state = {}

    def run():
        state["rows"] = reverse_steps(place, net, times, steps, work["sample"]["rows"], width)

    return Body(run, lambda: state["rows"].square().mean().sqrt().item())


def sample_job(place):
    """All steps of DDPM with the trained weights. Only the first of them are run, and their seconds multiplied."""
    work, job = place.work, place.work["job"]
    width = work["mmd"]["cols"]
    net = denoiser(work, place.floats("job.weights.f32", 1)[:, 0], width)
    times, steps = torch.from_numpy(place.words("job.times.u32")), place.floats("job.steps.f32", 5).tolist()
    measured = job["measured"]
    state = {}

    def run():
        state["rows"] = reverse_steps(place, net, times[:measured], steps[:measured], job["rows"], width)

    scale = len(times) / measured
    note = f"{measured} of {len(times)} steps were run, their time multiplied by {scale:g}"
    return Body(run, lambda: state["rows"].square().mean().sqrt().item(), scale=scale, note=note)


def product(place):
    gemm = place.work["gemm"]
    m, calls = gemm[place.item]["m"], gemm[place.item]["calls"]
    a, b = torch.from_numpy(place.floats("gemm.a.f32", gemm["k"])[:m]), torch.from_numpy(place.floats("gemm.b.f32", gemm["n"]))
    c = torch.empty(m, gemm["n"])

    def run():
        for _ in range(calls):
            torch.mm(a, b, out=c)

    return Body(run, lambda: c.square().mean().item())


WORKS = {
    "train-256": training,
    "train-4096": training,
    "tabddpm-step": tabddpm,
    "tabddpm-step-mixed": tabddpm,
    "sample-step": sample_step,
    "sample-job": sample_job,
    "gemm-256": product,
    "gemm-4096": product,
}
