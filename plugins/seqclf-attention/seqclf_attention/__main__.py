"""`python -m seqclf_attention RUN TEXT` draws a text with its words' weights."""

import sys

from seqclf_attention.command import main

if __name__ == "__main__":
    sys.exit(main())
