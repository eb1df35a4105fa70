"""Files of your own: tables of texts and classes, read as a stream."""
