"""`seqclf code`: the script that does what a run did, in plain Keras Python or R keras3."""
