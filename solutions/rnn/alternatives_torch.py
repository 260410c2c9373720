"""Other right answers in PyTorch."""

import torch


def rnn_cell__one_matrix(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    both = torch.cat([x, h], dim=1)
    return torch.tanh(both @ torch.cat([weight_ih, weight_hh], dim=1).T + (bias_ih + bias_hh))


def rnn_cell__addmm(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    return torch.addmm(torch.nn.functional.linear(x, weight_ih, bias_ih) + bias_hh, h, weight_hh.mT).tanh()


def rnn_cell__einsum(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    pre = torch.einsum("ni,hi->nh", x, weight_ih) + torch.einsum("nk,hk->nh", h, weight_hh)
    return 2 * torch.sigmoid(2 * (pre + bias_ih + bias_hh)) - 1


def rnn__input_first(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    states = [h0]
    for from_input in torch.nn.functional.linear(x, weight_ih, bias_ih + bias_hh).unbind(0):
        states.append(torch.tanh(from_input + states[-1] @ weight_hh.T))
    return torch.stack(states[1:], dim=0), states[-1]


def rnn__filled(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    output = x.new_zeros(x.shape[0], x.shape[1], h0.shape[1])
    h = h0.clone()
    for t in range(x.size(0)):
        h = torch.tanh(x[t] @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh)
        output[t] = h
    return output, output[-1]


def rnn__grown(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    output = x.new_empty(0, *h0.shape)
    h = h0.unsqueeze(0)
    for x_t in x.split(1):
        h = (x_t @ weight_ih.T + h @ weight_hh.T + bias_ih + bias_hh).tanh()
        output = torch.cat([output, h])
    return output, h[0]


def lstm_cell__gate_by_gate(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    parts = (weight_ih.chunk(4), weight_hh.chunk(4), (bias_ih + bias_hh).chunk(4))
    i, f, g, o = (x @ w.T + h @ u.T + b for w, u, b in zip(*parts, strict=True))
    c_next = c * f.sigmoid() + i.sigmoid() * g.tanh()
    return o.sigmoid() * c_next.tanh(), c_next


def lstm_cell__slices(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    size = h.shape[1]
    pre = torch.nn.functional.linear(x, weight_ih, bias_ih) + torch.nn.functional.linear(h, weight_hh, bias_hh)
    gates = 0.5 * (1 + torch.tanh(0.5 * pre))
    c_next = gates[:, size : 2 * size] * c + gates[:, :size] * torch.tanh(pre[:, 2 * size : 3 * size])
    return gates[:, 3 * size :] * torch.tanh(c_next), c_next


def lstm__input_first(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    h, c, states = h0, c0, []
    for from_input in torch.nn.functional.linear(x, weight_ih, bias_ih + bias_hh):
        i, f, g, o = (from_input + h @ weight_hh.T).split(h0.shape[1], dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        states.append(h)
    return torch.stack(states), h, c


def lstm__filled(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    output = torch.zeros(x.shape[0], *h0.shape, dtype=x.dtype, device=x.device)
    h, c = h0, c0
    for t in range(len(x)):
        pre = x[t] @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh
        i, f, g, o = pre.unflatten(1, (4, h0.shape[1])).unbind(1)
        c = f.sigmoid().mul(c).addcmul(i.sigmoid(), g.tanh())
        h = o.sigmoid() * c.tanh()
        output[t] = h
    return output, h, c


def gru_cell__between(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    size = h.shape[1]
    from_x, from_h = x @ weight_ih.T + bias_ih, h @ weight_hh.T + bias_hh
    r, z = torch.sigmoid(from_x[:, : 2 * size] + from_h[:, : 2 * size]).chunk(2, dim=1)
    n = torch.tanh(torch.addcmul(from_x[:, 2 * size :], r, from_h[:, 2 * size :]))
    return torch.lerp(n, h, z)


def gru_cell__gate_by_gate(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    w, u = weight_ih.chunk(3), weight_hh.chunk(3)
    b, d = bias_ih.chunk(3), bias_hh.chunk(3)
    r = (x @ w[0].T + b[0] + h @ u[0].T + d[0]).sigmoid()
    z = (x @ w[1].T + b[1] + h @ u[1].T + d[1]).sigmoid()
    n = (x @ w[2].T + b[2] + r * (h @ u[2].T + d[2])).tanh()
    return n - z * n + z * h
