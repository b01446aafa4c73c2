"""Decides whether a log is whole: entries, tiles and the signed root against each other, and against what was kept earlier.

After C2SP tlog-tiles and RFC 6962 section 2.1; each check reports one line.
"""

import datetime

import merkle
import tiles
from notes import Checkpoint, Refused

MAX_LISTED = 8


class Report:
    def __init__(self):
        self.failures = 0

    def ok(self, word, text):
        print(f"ok   {word}  {text}")

    def none(self, word, text):
        print(f"none {word}  {text}")

    def fail(self, word, text):
        self.failures += 1
        print(f"FAIL {word}  {text}")

    def attempt(self, work, *given):
        """The answer of a step, or None where it was refused and reported."""
        try:
            return work(*given)
        except Refused as refused:
            self.fail(refused.word, refused.detail)
            return None


def time_words(seconds):
    if seconds >= 253402300800:
        return str(seconds)
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def report_quorum(report, checkpoint, trust, where):
    if not trust.witnesses:
        return
    found = report.attempt(checkpoint.demand_quorum, trust.witnesses, trust.quorum)
    if found is not None:
        seen = ", ".join(f"{name} at {time_words(at)}" for name, at in found) or "none"
        report.ok("COSIGNED", f"{where} by {len(found)}, {trust.quorum} wanted: {seen}")


def leaves_of(source, size):
    """The leaf hash of every entry."""
    leaves = []
    for n, width in tiles.widths(size):
        leaves.extend(merkle.leaf_hash(entry) for entry in tiles.read_bundle(source, n, width))
    return leaves


def tile_levels_of(source, size):
    """The hashes of every level, from all tiles, as they are served."""
    levels = []
    count = size
    while count > 0:
        hashes = []
        for n, width in tiles.widths(count):
            hashes.extend(tiles.read_tile(source, len(levels), n, width)[1])
        levels.append(hashes)
        count //= merkle.WIDTH
    return levels


def differing(seen, true):
    return [i for i, (a, b) in enumerate(zip(seen, true)) if a != b]


def is_sound(levels, checkpoint):
    """Whether tiles bear each other out up to the signed root, without a look at the entries."""
    if not levels:
        return checkpoint.root == merkle.Tree([]).root(0)
    own = merkle.levels_over(levels[0])
    return own == levels and merkle.Tree(own).root(checkpoint.size) == checkpoint.root


class Log:
    """What was read of a log. `entry_tree` is recomputed from entries that lead to the signed root, `tile_tree` is made of tiles
    that lead to it; each is None where that failed."""

    def __init__(self, report, source, trust):
        self.report = report
        self.entry_tree = self.tile_tree = None
        self.note = report.attempt(tiles.read_checkpoint, source)
        self.checkpoint = None
        if self.note is not None:
            self.checkpoint = report.attempt(Checkpoint, self.note, trust.log_key, trust.origin)
        if self.checkpoint is None:
            report.none("LOG", "nothing of the log is checked without a checkpoint")
            return
        size, root = self.checkpoint.size, self.checkpoint.root
        more = f", {self.checkpoint.extensions} extension lines" if self.checkpoint.extensions else ""
        report.ok("CHECKPOINT", f"{trust.origin} size {size} root {root.hex()}{more}")
        report_quorum(report, self.checkpoint, trust, "the checkpoint")
        leaves = report.attempt(leaves_of, source, size)
        levels = report.attempt(tile_levels_of, source, size)
        self.compare(leaves, levels)
        self.report_borders()

    def compare(self, leaves, levels):
        """Entries, tiles and the signed root against each other; says which of the three stands alone."""
        entry_tree = None if leaves is None else merkle.Tree(merkle.levels_over(leaves))
        do_entries_hold = entry_tree is not None and entry_tree.root(self.checkpoint.size) == self.checkpoint.root
        do_tiles_hold = levels is not None and is_sound(levels, self.checkpoint)
        if do_entries_hold:
            self.entry_tree = entry_tree
            self.report.ok("ENTRIES", f"{len(leaves)} entries give the signed root")
        if do_tiles_hold:
            self.tile_tree = merkle.Tree(levels)
            count = sum(tiles.tile_count(len(level)) for level in levels)
            self.report.ok("TILES", f"{count} tiles on {len(levels)} levels give the signed root")
        if do_entries_hold and levels is not None and not do_tiles_hold:
            self.report_altered_tiles(levels)
        if do_tiles_hold and leaves is not None and not do_entries_hold:
            self.report_altered_entries(leaves, levels[0])
        if not do_entries_hold and not do_tiles_hold:
            self.report_roots(entry_tree, levels)

    def report_altered_tiles(self, levels):
        for level, true in enumerate(self.entry_tree.levels):
            by_tile = {}
            for i in differing(levels[level], true):
                by_tile.setdefault(i // merkle.WIDTH, []).append(i % merkle.WIDTH)
            for n, places in list(by_tile.items())[:MAX_LISTED]:
                path = tiles.tile_path(level, n, tiles.width_of(len(true), n))
                self.report.fail("TILE_ALTERED", f"{path}: hash {places[0]} and {len(places) - 1} more")

    def report_altered_entries(self, leaves, true):
        altered = differing(leaves, true)
        listed = ", ".join(str(i) for i in altered[:MAX_LISTED])
        self.report.fail("ENTRY_ALTERED", f"{len(altered)} entries are not those of the tiles and the root: {listed}")

    def report_roots(self, entry_tree, levels):
        size = self.checkpoint.size
        by_entries = "not read" if entry_tree is None else entry_tree.root(size).hex()
        by_tiles = "not read" if levels is None else merkle.Tree(levels).root(size).hex()
        detail = f"signed {self.checkpoint.root.hex()}, by entries {by_entries}, by tiles {by_tiles}"
        self.report.fail("ROOT_DIFFERS", detail)

    def report_borders(self):
        """Inclusion proofs made of tiles, for entries at both sides of every kind of border."""
        size = self.checkpoint.size
        if self.entry_tree is None or self.tile_tree is None or size == 0:
            return
        near = {0, 1, size // 2, size - 2, size - 1}
        for border in (merkle.WIDTH, size - size % merkle.WIDTH, merkle.WIDTH**2, size - size % merkle.WIDTH**2):
            near.update((border - 1, border))
        places = sorted(i for i in near if 0 <= i < size)
        if all(self.proves(self.entry_tree.leaves[i], i) for i in places):
            self.report.ok("INCLUSION", f"proofs from tiles hold for {len(places)} entries at the borders of tiles")
        else:
            self.report.fail("PROOF_WRONG", "an inclusion proof from tiles does not lead to the signed root")

    def proves(self, leaf, index):
        proof = self.tile_tree.inclusion(index, self.checkpoint.size)
        found = merkle.root_of_inclusion(leaf, index, self.checkpoint.size, proof)
        return found == self.checkpoint.root

    def demand_former(self, former, where):
        """That an earlier checkpoint is of this history: by its size, by the entries' own prefix, and by a proof from tiles."""
        now = self.checkpoint
        if former.size > now.size:
            raise Refused("SHRUNK", f"{where}: the log had {former.size} entries and now has {now.size}")
        if former.size == now.size and former.root != now.root:
            detail = f"{where}: two roots of size {now.size}, {former.root.hex()} and {now.root.hex()}"
            raise Refused("FORK", detail)
        if self.entry_tree is not None and self.entry_tree.root(former.size) != former.root:
            raise Refused("HISTORY_REWRITTEN", f"{where}: the first {former.size} entries are not those of its root")
        if self.tile_tree is not None:
            proof = self.tile_tree.consistency(former.size, now.size)
            if not merkle.is_consistent(former.size, now.size, former.root, now.root, proof):
                raise Refused("CONSISTENCY_WRONG", f"{where}: no proof from size {former.size} to {now.size}")

    def check_former(self, former, where):
        if self.report.attempt(lambda: self.demand_former(former, where) or True) is None:
            return
        by = [name for name, tree in (("entries", self.entry_tree), ("tiles", self.tile_tree)) if tree is not None]
        if by:
            self.report.ok("CONSISTENT", f"{where}: size {former.size} is a prefix, by {' and '.join(by)}")
        else:
            self.report.none("CONSISTENT", f"{where}: neither entries nor tiles lead to the signed root")

    def check_leaves(self, leaves, where):
        """That each of these leaf hashes is in the log."""
        if self.entry_tree is None or self.tile_tree is None:
            self.report.none("INCLUDED", f"{where}: entries and tiles do not both lead to the signed root")
            return
        index_of = {leaf: i for i, leaf in enumerate(self.entry_tree.leaves)}
        missing = [leaf for leaf in leaves if leaf not in index_of or not self.proves(leaf, index_of[leaf])]
        if missing:
            detail = f"{where}: {len(missing)} of {len(leaves)} are not in the log, the first is {missing[0].hex()}"
            self.report.fail("NOT_INCLUDED", detail)
        else:
            at = f" at index {index_of[leaves[0]]}" if len(leaves) == 1 else ""
            self.report.ok("INCLUDED", f"{where}: {len(leaves)} of {len(leaves)}{at}")
