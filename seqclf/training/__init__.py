"""Building and training models; what happens is told through events."""
