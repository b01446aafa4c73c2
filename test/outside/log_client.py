#!/usr/bin/env python3
"""Checks a transparency log from outside: everything it serves, against its key and against what was kept earlier.

Written from the C2SP texts (tlog-tiles, tlog-checkpoint, signed-note, tlog-cosignature, tlog-proof) and RFC 6962, RFC 8032 alone,
with Python's standard library; it knows nothing of the program that serves the log, and nothing of what entries mean.
"""

import argparse
import os
import sys
import traceback

import merkle
import tiles
from notes import TYPE_COSIGNATURE, TYPE_NOTE, Checkpoint, Key, Receipt, Refused
from whole_log import Log, Report, report_quorum

EXIT_HOLDS, EXIT_REFUSED, EXIT_UNCHECKED = 0, 1, 2

EPILOG = """\
Each check is one line: `ok WORD ...`, `FAIL WORD ...`, or `none WORD ...` for a check that could not be made after a failure.
Exit code 0: every check holds. 1: the log or a receipt is refused. 2: it could not be checked (usage, no answer, no file).
"""


def read_file(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as fault:
        raise tiles.Unreadable(f"{path}: {fault.strerror}") from None


class Trust:
    """What is known from outside: the log's key and origin, the witnesses and how many of them are wanted."""

    def __init__(self, args):
        self.log_key = Key(args.vkey, TYPE_NOTE)
        self.origin = args.origin or self.log_key.name
        self.witnesses = [Key(vkey, TYPE_COSIGNATURE) for vkey in args.witness]
        # One key under two names would be one witness that counts twice.
        if len({key.public_key for key in self.witnesses}) < len(self.witnesses):
            raise Refused("WITNESS_TWICE", "two witnesses have one key")
        self.quorum = len(self.witnesses) if args.quorum is None else args.quorum
        if not 0 <= self.quorum <= len(self.witnesses):
            raise Refused("QUORUM_IMPOSSIBLE", f"{self.quorum} of {len(self.witnesses)} witnesses")


def check_receipt(report, log, trust, proof_path, entry_path):
    leaf = merkle.leaf_hash(read_file(entry_path))
    receipt = report.attempt(Receipt, read_file(proof_path), trust.log_key, trust.origin)
    if receipt is None or report.attempt(lambda: receipt.demand_inclusion(leaf) or True) is None:
        return
    where = f"receipt {os.path.basename(proof_path)}"
    report.ok("RECEIPT", f"{where}: entry {receipt.index} of {receipt.checkpoint.size}")
    report_quorum(report, receipt.checkpoint, trust, where)
    if log is None or log.checkpoint is None:
        return
    log.check_former(receipt.checkpoint, where)
    logged = [] if log.entry_tree is None else log.entry_tree.leaves[receipt.index : receipt.index + 1]
    if logged not in ([], [leaf]):
        report.fail("RECEIPT_OTHER_ENTRY", f"{where}: the log has another entry at index {receipt.index}")


def leaves_in(path):
    try:
        leaves = [bytes.fromhex(line) for line in read_file(path).decode("ascii").split()]
    except ValueError:
        leaves = [b""]
    if any(len(leaf) != 32 for leaf in leaves):
        raise tiles.Unreadable(f"{path}: a line that is not 64 hex digits")
    return leaves


def keep_state(path, note):
    """Replaces the kept checkpoint in one step, so that a crash leaves the one or the other."""
    with open(path + ".new", "wb") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


def check(report, args, trust):
    log = None
    if args.url or args.dir:
        source = tiles.HttpSource(args.url, args.timeout) if args.url else tiles.FolderSource(args.dir)
        log = Log(report, source, trust)
    formers = args.former + ([args.state] if args.state and os.path.exists(args.state) else [])
    if log is not None and log.checkpoint is not None:
        for path in formers:
            former = report.attempt(Checkpoint, read_file(path), trust.log_key, trust.origin)
            if former is not None:
                log.check_former(former, f"former {os.path.basename(path)}")
        for path in args.entry:
            log.check_leaves([merkle.leaf_hash(read_file(path))], f"entry {os.path.basename(path)}")
        for path in args.leaves:
            log.check_leaves(leaves_in(path), f"leaves {os.path.basename(path)}")
    for proof_path, entry_path in args.receipt:
        check_receipt(report, log, trust, proof_path, entry_path)
    if args.state and log is not None and report.failures == 0:
        keep_state(args.state, log.note)


def arguments(argv):
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--url", help="the log's prefix over HTTP: `checkpoint` and `tile/...` lie below it")
    place.add_argument("--dir", help="a folder with `checkpoint` and `tile/...`")
    parser.add_argument("--vkey", required=True, help="the log's verifier key, from outside the log")
    parser.add_argument("--origin", help="the origin line, if it is not the name in the verifier key")
    many = {"action": "append", "default": []}
    parser.add_argument("--witness", metavar="VKEY", help="a witness's verifier key (type 0x04); may be repeated", **many)
    parser.add_argument("--quorum", type=int, help="how many of the witnesses must have cosigned; without it all")
    parser.add_argument("--former", metavar="FILE", help="a signed checkpoint that was kept earlier", **many)
    parser.add_argument("--state", metavar="FILE", help="as --former, replaced by the new checkpoint when all checks hold")
    parser.add_argument("--entry", metavar="FILE", help="the bytes of an entry that must be in the log", **many)
    parser.add_argument("--leaves", metavar="FILE", help="leaf hashes that must be in the log, one a line in hex", **many)
    parser.add_argument("--receipt", metavar=("PROOF", "ENTRY"), nargs=2, help="a .tlog-proof and its entry's bytes", **many)
    parser.add_argument("--timeout", type=float, default=20, help="seconds to wait for each answer (20)")
    args = parser.parse_args(argv)
    if not (args.url or args.dir) and not args.receipt:
        parser.error("one of --url, --dir, --receipt is wanted")
    if not (args.url or args.dir) and (args.former or args.state or args.entry or args.leaves):
        parser.error("--former, --state, --entry and --leaves want a log: --url or --dir")
    return args


def main(argv):
    sys.stdout.reconfigure(errors="backslashreplace")
    args = arguments(argv)
    report = Report()
    try:
        trust = Trust(args)
    except Refused as refused:
        print(f"cannot check: {refused}")
        return EXIT_UNCHECKED
    try:
        check(report, args, trust)
    except tiles.Unreadable as fault:
        print(f"cannot check: UNREADABLE: {fault}")
        return EXIT_REFUSED if report.failures else EXIT_UNCHECKED
    except Exception:
        # A fault of this program must not look like a verdict about the log.
        traceback.print_exc(file=sys.stdout)
        return EXIT_UNCHECKED
    print(f"refused: {report.failures} checks failed" if report.failures else "every check holds")
    return EXIT_REFUSED if report.failures else EXIT_HOLDS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
