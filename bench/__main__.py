import argparse
import sys

from bench.scratch import scratch


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, up to 10 times")
    parser.add_argument("--only", default="", metavar="WORD", help="only rows with WORD in them")
    options = parser.parse_args()
    with scratch() as where:
        from bench.run import run  # models can be imported only now

        run(quick=options.quick, only=options.only.lower(), where=where)
    return 0


if __name__ == "__main__":
    sys.exit(main())
