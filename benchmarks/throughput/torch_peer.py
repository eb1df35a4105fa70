"""PyTorch: its recurrent modules (oneDNN where it has them) and a loop of the usual kind."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from throughput.machine import cores
from throughput.reviews import Rows
from throughput.settings import LAYERS, Setting

MODULES: dict[str, Any] = {"lstm": nn.LSTM, "gru": nn.GRU, "bilstm": nn.LSTM}


def make(name: str, setting: Setting) -> TorchPeer:
    """Build a network that uses all cores; `torch-flush` takes denormal numbers for zero."""
    torch.set_flush_denormal(name.endswith("-flush"))  # before there are threads: they inherit it
    torch.manual_seed(1)
    torch.set_num_threads(setting.threads or cores())
    return TorchPeer(setting)


class Network(nn.Module):
    """From (batch, steps) ids to (batch, 1) logits."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        both = setting.cell == "bilstm"
        self.embedding = nn.Embedding(setting.words, setting.embedding)
        self.recurrent = MODULES.get(setting.cell, nn.RNN)(
            setting.embedding,
            setting.units,
            num_layers=LAYERS.get(setting.cell, 1),
            bidirectional=both,
            batch_first=True,
        )
        self.head = nn.Linear(setting.units, 1)
        if both:
            self.head = nn.Sequential(nn.Linear(2 * setting.units, 64), nn.ReLU(), nn.Linear(64, 1))
        self._directions = 2 if both else 1

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        _, state = self.recurrent(self.embedding(ids))
        last = state[0] if isinstance(state, tuple) else state
        return self.head(torch.cat(tuple(last[-self._directions :]), dim=1))


class TorchPeer:
    """A network, Keras' RMSprop in PyTorch's words, and the loops."""

    def __init__(self, setting: Setting) -> None:
        self.told = ""
        self._setting = setting
        self._network = Network(setting)
        self._loss = nn.BCEWithLogitsLoss()
        self._optimizer = torch.optim.RMSprop(
            self._network.parameters(), lr=1e-3, alpha=0.9, eps=1e-7
        )

    def prepare(self, rows: Rows) -> tuple[torch.Tensor, torch.Tensor]:
        ids = torch.from_numpy(rows.padded(self._setting.maxlen))
        return ids, torch.from_numpy(rows.labels).float()[:, None]

    def fit(self, train: Any, validation: Any, epochs: int) -> float:
        loss = 0.0
        for _ in range(epochs):
            self._network.train()
            order = torch.randperm(len(train[0]))
            loss, _ = self._pass(train, order, self._step)
            if validation is not None:
                self._network.eval()
                with torch.inference_mode():
                    self._pass(validation, torch.arange(len(validation[0])), self._judge)
        return loss

    def predict(self, data: tuple[torch.Tensor, torch.Tensor]) -> Any:
        self._network.eval()
        with torch.inference_mode():
            batches = data[0].split(self._setting.batch)
            return torch.cat([self._network(ids).sigmoid() for ids in batches]).numpy()

    def _pass(self, data: Any, order: torch.Tensor, work: Any) -> tuple[float, float]:
        """Give the mean loss and the accuracy over all batches."""
        total, right = 0.0, 0
        for chosen in order.split(self._setting.batch):
            labels = data[1][chosen]
            logits, loss = work(data[0][chosen], labels)
            total += loss.item() * len(chosen)
            right += int(((logits > 0) == (labels > 0.5)).sum())
        return total / len(order), right / len(order)

    def _step(self, ids: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        self._optimizer.zero_grad(set_to_none=True)
        logits, loss = self._judge(ids, labels)
        loss.backward()
        self._optimizer.step()
        return logits.detach(), loss.detach()

    def _judge(self, ids: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        logits = self._network(ids)
        return logits, self._loss(logits, labels)
