"""The Merkle tree of RFC 6962 section 2.1 with SHA-256: roots, proofs, and their verification by RFC 9162 sections 2.1.3.2, 2.1.4.2."""

import hashlib

WIDTH = 256


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def split_point(n):
    """The largest power of two smaller than n, for n > 1."""
    return 1 << ((n - 1).bit_length() - 1)


def is_power_of_two(n):
    return n & (n - 1) == 0


def fold(hashes):
    """MTH over hashes that stand for subtrees of equal size, one at least."""
    if len(hashes) == 1:
        return hashes[0]
    k = split_point(len(hashes))
    return node_hash(fold(hashes[:k]), fold(hashes[k:]))


def levels_over(leaves):
    """What the tiles of each level should hold: level 0 the leaf hashes, above it the root of each 256 of the level below."""
    levels = []
    while leaves:
        levels.append(leaves)
        leaves = [fold(leaves[i : i + WIDTH]) for i in range(0, len(leaves) - WIDTH + 1, WIDTH)]
    return levels


class Tree:
    """A tree of which the hashes of each tile level are known, whether from entries or from tiles."""

    def __init__(self, levels):
        self.levels = levels
        self.leaves = levels[0] if levels else []
        self.known = {}

    def subtree(self, height, k):
        """The root of leaves k*2^height up to (k+1)*2^height."""
        place = (height, k)
        if place not in self.known:
            count = 1 << (height % 8)
            hashes = self.levels[height // 8][k * count : (k + 1) * count]
            self.known[place] = fold(hashes)
        return self.known[place]

    def mth(self, low, high):
        """MTH(D[low:high]), where low is a multiple of a power of two that is not less than high - low."""
        n = high - low
        if n == 0:
            return hashlib.sha256(b"").digest()
        if is_power_of_two(n):
            height = n.bit_length() - 1
            return self.subtree(height, low >> height)
        k = split_point(n)
        return node_hash(self.mth(low, low + k), self.mth(low + k, high))

    def root(self, size):
        return self.mth(0, size)

    def inclusion(self, index, size):
        """PATH(index, D[0:size]), the sibling of the leaf first."""
        return self.path(index, 0, size)

    def path(self, m, low, high):
        n = high - low
        if n == 1:
            return []
        k = split_point(n)
        if m < k:
            return self.path(m, low, low + k) + [self.mth(low + k, high)]
        return self.path(m - k, low + k, high) + [self.mth(low, low + k)]

    def consistency(self, old, size):
        """PROOF(old, D[0:size])."""
        return [] if old in (0, size) else self.subproof(old, 0, size, True)

    def subproof(self, m, low, high, is_whole):
        n = high - low
        if m == n:
            return [] if is_whole else [self.mth(low, high)]
        k = split_point(n)
        if m <= k:
            return self.subproof(m, low, low + k, is_whole) + [self.mth(low + k, high)]
        return self.subproof(m - k, low + k, high, False) + [self.mth(low, low + k)]


def root_of_inclusion(leaf, index, size, proof):
    """The root that an inclusion proof leads to, or None where it cannot be one for this index and size."""
    if index >= size:
        return None
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            if not fn & 1:
                while not fn & 1 and fn != 0:
                    fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return r if sn == 0 else None


def is_consistent(old, size, old_root, root, proof):
    """Whether the proof shows that the tree of `size` has the tree of `old` as its beginning."""
    if old > size:
        return False
    if old == size:
        return proof == [] and old_root == root
    if old == 0:
        return proof == [] and old_root == hashlib.sha256(b"").digest()
    path = ([old_root] if is_power_of_two(old) else []) + proof
    if not proof or not path:
        return False
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return fr == old_root and sr == root and sn == 0
