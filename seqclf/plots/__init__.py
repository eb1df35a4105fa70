"""A history as R draws it: a panel a metric, in a file or in the terminal."""
