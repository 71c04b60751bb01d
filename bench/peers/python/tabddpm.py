"""One training step of TabDDPM (Kotelnikov et al. 2023) in PyTorch: Gaussian diffusion of the numbers (the network predicts the noise),
multinomial diffusion of the categories (it predicts them as they were), an MLP with a time embedding, AdamW whose rate falls to 0, the cosine schedule.

Dimensions: B batch rows, F numbers, C category columns with K levels each, T steps. Categories are log-probabilities (B, ΣK).
"""
import math

import torch
import torch.nn.functional as F


def cosine_schedule(steps):
    """ᾱ of each step."""
    share = lambda u: math.cos((u + 0.008) / 1.008 * math.pi / 2) ** 2
    betas = [min(1 - share((t + 1) / steps) / share(t / steps), 0.999) for t in range(steps)]
    return torch.cumprod(1 - torch.tensor(betas, dtype=torch.float64), 0), torch.tensor(betas, dtype=torch.float64)


def embedded_times(t, width):
    """cos and sin of t·10000^(−j/half); (B, width)."""
    half = width // 2
    angles = t.float()[:, None] * torch.exp(-math.log(10000) * torch.arange(half) / half)
    return torch.cat([angles.cos(), angles.sin()], 1)


class Mlp(torch.nn.Module):
    def __init__(self, width, hidden, layers):
        super().__init__()
        linear = torch.nn.Linear
        self.into = linear(width, hidden)
        self.time = torch.nn.Sequential(linear(hidden, hidden), torch.nn.SiLU(), linear(hidden, hidden))
        body = [part for a, b in zip([hidden, *layers], layers) for part in (linear(a, b), torch.nn.ReLU())]
        self.body = torch.nn.Sequential(*body, linear(layers[-1], width))

    def forward(self, x, times):
        return self.body(self.into(x) + self.time(times))


class TabDDPM:
    def __init__(self, x, codes, levels, steps, hidden, layers, work, tuned):
        self.x, self.codes, self.levels, self.T = x, codes, levels, steps
        self.batch = work["batch"]
        self.net = Mlp(x.shape[1] + sum(levels), hidden, layers)
        self.rate, self.planned, self.taken = work["learningRate"], work["steps"] + 50, 0
        self.optimiser = torch.optim.AdamW(self.net.parameters(), weight_decay=0, fused=tuned or None)
        self.order, self.at = torch.randperm(len(x)), 0
        alpha_bar, beta = cosine_schedule(steps)
        self.root, self.rest = alpha_bar.sqrt().float(), (1 - alpha_bar).sqrt().float()
        logs = lambda values: values.clamp(min=1e-40).log().float()[:, None]
        self.log_alpha, self.log_beta = logs(1 - beta), logs(beta)
        self.log_alpha_bar, self.log_beta_bar = logs(alpha_bar), logs(1 - alpha_bar)
        table = embedded_times(torch.arange(steps), hidden)
        self.times = (lambda t: table[t]) if tuned else (lambda t: embedded_times(t, hidden))
        if levels:
            self.log_levels = torch.tensor([math.log(k) for k in levels for _ in range(k)])
            self.floor = work["oneHotFloor"]
            self.one_hot = self.log_one_hot(codes)

    def log_one_hot(self, codes):
        hot = torch.cat([F.one_hot(codes[:, c], k) for c, k in enumerate(self.levels)], 1).float()
        return hot.clamp_(min=1e-30).log_()

    def normalised(self, logits):
        return torch.cat([part.log_softmax(1) for part in logits.split(self.levels, 1)], 1)

    def noised(self, log_x0, t):
        """log q(x_t | x_0), eq. 12 of Hoogeboom et al. 2021."""
        return torch.logaddexp(log_x0 + self.log_alpha_bar[t], self.log_beta_bar[t] - self.log_levels)

    def drawn(self, log_p):
        """One category a column by the Gumbel maximum, as codes."""
        gumbel = log_p - torch.empty_like(log_p).exponential_().log_()
        return torch.stack([part.argmax(1) for part in gumbel.split(self.levels, 1)], 1)

    def posterior(self, log_x0, log_xt, t):
        """log q(x_{t−1} | x_t, x_0), eq. 13."""
        before = torch.where((t == 0)[:, None], log_x0, self.noised(log_x0, (t - 1).clamp(min=0)))
        step = torch.logaddexp(log_xt + self.log_alpha[t], self.log_beta[t] - self.log_levels)
        return self.normalised(before + step)

    @staticmethod
    def divergence(p, q):
        return (p.exp() * (p - q)).sum(1)

    def categorical_loss(self, log_x0, log_xt, logits, t):
        """(T·KL of the step + KL of the prior) / C; at t = 0 the negative log-likelihood of the prediction itself, §4 there."""
        predicted = self.normalised(logits)
        step = self.divergence(self.posterior(log_x0, log_xt, t), self.posterior(predicted, log_xt, t))
        first = -(log_x0.exp() * predicted).sum(1)
        last = self.noised(log_x0, torch.full_like(t, self.T - 1))
        prior = self.divergence(last, -self.log_levels.expand_as(last))
        return ((torch.where(t == 0, first, step) * self.T + prior) / len(self.levels)).mean()

    def rows(self):
        if self.at + self.batch > len(self.order):
            self.order, self.at = torch.randperm(len(self.order)), 0
        self.at += self.batch
        return self.order[self.at - self.batch : self.at]

    def step(self):
        """Returns the loss."""
        rows = self.rows()
        x0, t = self.x[rows], torch.randint(0, self.T, (self.batch,))
        noise = torch.randn_like(x0)
        xt = self.root[t][:, None] * x0 + self.rest[t][:, None] * noise
        if self.levels:
            log_x0 = self.one_hot[rows]
            log_xt = self.log_one_hot(self.drawn(self.noised(log_x0, t)))
            output = self.net(torch.cat([xt, log_xt.clamp(min=math.log(self.floor))], 1), self.times(t))
        else:
            output = self.net(xt, self.times(t))
        loss = F.mse_loss(output[:, : x0.shape[1]], noise)
        if self.levels:
            loss = loss + self.categorical_loss(log_x0, log_xt, output[:, x0.shape[1] :], t)
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * (1 - self.taken / self.planned)
        self.taken += 1
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        return loss.detach()
