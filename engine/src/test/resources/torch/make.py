"""Writes these fixtures with real PyTorch: weights as a user saves them, and what they compute.

    python3 make.py        (torch 2.13, safetensors 0.8)

Each NAME.safetensors is the state_dict of a module, and NAME.run.safetensors holds x [T, B, I], the
initial states h0 and c0 [L, B, H], and the module's y, hn and cn for them.
"""
import pathlib

import torch
from safetensors.torch import save_file

FOLDER = pathlib.Path(__file__).parent
T, B, I, H = 7, 3, 5, 6


class Tagger(torch.nn.Module):
    """A recurrent part inside a larger module: its names get a prefix."""

    def __init__(self, rnn):
        super().__init__()
        self.rnn = rnn
        self.head = torch.nn.Linear(H, 4)


def write(name, rnn, module=None):
    shape = (rnn.num_layers * (2 if rnn.bidirectional else 1), B, H)
    x, h0, c0 = torch.randn(T, B, I), torch.randn(shape), torch.randn(shape)
    lstm = isinstance(rnn, torch.nn.LSTM)
    with torch.no_grad():
        y, last = rnn(x, (h0, c0) if lstm else h0)
    hn, cn = last if lstm else (last, None)
    run = {"x": x, "h0": h0, "y": y, "hn": hn}
    if lstm:
        run |= {"c0": c0, "cn": cn}
    save_file((module or rnn).state_dict(), FOLDER / f"{name}.safetensors")
    save_file({k: v.contiguous() for k, v in run.items()}, FOLDER / f"{name}.run.safetensors")


torch.manual_seed(3)
write("rnn_tanh", torch.nn.RNN(I, H))
write("rnn_relu_2layer", torch.nn.RNN(I, H, num_layers=2, nonlinearity="relu"))
write("lstm_3layer", torch.nn.LSTM(I, H, num_layers=3))
write("gru_2layer", torch.nn.GRU(I, H, num_layers=2))
write("gru_nobias", torch.nn.GRU(I, H, bias=False))
lstm = torch.nn.LSTM(I, H)
write("lstm_prefix", lstm, Tagger(lstm))
write("gru_bidirectional", torch.nn.GRU(I, H, num_layers=2, bidirectional=True))
