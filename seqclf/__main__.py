"""`python -m seqclf` does what the `seqclf` command does."""

from seqclf.cli import main

if __name__ == "__main__":
    main()
