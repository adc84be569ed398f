"""``python -m shelter.demo.mess OUT_DIR --seed N --books K``: a set that ``score.py`` can read."""

import argparse
from pathlib import Path

from shelter.demo.mess.corpus import KINDS, write_set


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m shelter.demo.mess", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--books", type=int, default=8)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    options = parser.parse_args()
    write_set(options.folder, seed=options.seed, books=options.books, kinds=options.kinds)


if __name__ == "__main__":
    main()
