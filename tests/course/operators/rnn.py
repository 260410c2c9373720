"""PyTorch's own recurrent operators, with the positional signatures of the tasks."""

import torch


def _layer(operator, x, states, weights):
    """Call a layer of one direction, with the axis for layers put in and taken out again."""
    output, *last = operator(x, states, list(weights), True, 1, 0.0, False, False, False)
    return output, *(state.squeeze(0) for state in last)


def rnn(x, h0, *weights):
    """Return (output, h_n) of ``torch.rnn_tanh``."""
    return _layer(torch.rnn_tanh, x, h0.unsqueeze(0), weights)


def lstm_cell(x, h, c, *weights):
    """Return (h, c) of ``torch.lstm_cell``."""
    return torch.lstm_cell(x, [h, c], *weights)


def lstm(x, h0, c0, *weights):
    """Return (output, h_n, c_n) of ``torch.lstm``."""
    return _layer(torch.lstm, x, [h0.unsqueeze(0), c0.unsqueeze(0)], weights)


OPERATORS = {
    "rnn_cell": torch.rnn_tanh_cell,
    "rnn": rnn,
    "lstm_cell": lstm_cell,
    "lstm": lstm,
    "gru_cell": torch.gru_cell,
}
