"""Recurrent layers computed by kernels of our own, on the CPU, in place of Keras' loops.

`choosing` says whether they are used and why not, `hooking` and `tracing` put them into Keras'
steps, `recurrence` is one layer in one direction, in NumPy arrays. Below it, `schedule` arranges
the texts of a batch, `rows` projects the input, `lstm`, `gru`, `gru_reset_before` and `simple_rnn`
are the loops over time, written in the vector types of `vectors`.

To read: `lstm` for the formulas, `tiles` for how texts share registers and where states lie, then
`schedule`, `recurrence`, `hooking`. All cells' kernels take the same arguments (`cells` tells
them), so that some do not use all. `products` multiplies, `states` copies between states and
outputs, `packing` lays weights out, `memory` reads and writes vectors, `buffers` keeps memory from
batch to batch, `threads` runs all of it at once, `compiling` keeps it on disk.
"""
