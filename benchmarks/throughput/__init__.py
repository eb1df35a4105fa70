"""The parts of `train_throughput.py`: competitors in processes of their own, driven in turn."""
