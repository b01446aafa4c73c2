#!/usr/bin/env python3
"""Runs the client's own parts through vectors of others: `check_vectors.py tlog FILE` or `check_vectors.py ed25519 FILE`.

`tlog` takes a file of log vectors (hashes, trees, proofs, tiles, notes), says how many checks held, and names each that did not.
`ed25519` takes a list of {publicKey, message, signature} in hex and prints the word for each, `ok` where the signature holds.
"""

import base64
import hashlib
import json
import sys

import ed25519
import merkle
import tiles
from notes import TYPE_COSIGNATURE, TYPE_NOTE, Checkpoint, Key, Receipt


class Checks:
    def __init__(self):
        self.held = 0
        self.failed = []

    def that(self, name, is_true):
        if is_true:
            self.held += 1
        else:
            self.failed.append(name)


def unhex(texts):
    return [bytes.fromhex(text) for text in texts]


def check_small_trees(checks, vectors):
    hashes, rfc = vectors["hashes"], vectors["rfc6962"]
    empty, hello = merkle.leaf_hash(b""), merkle.leaf_hash(b"hello")
    checks.that("empty tree", merkle.Tree([]).root(0).hex() == hashes["emptyTree"])
    checks.that("leaf of the empty entry", empty.hex() == hashes["leafOfEmptyEntry"])
    checks.that("leaf of hello", hello.hex() == hashes["leafOf_hello"])
    checks.that("node", merkle.node_hash(empty, hello).hex() == hashes["nodeOfThoseTwo"])
    leaves = [merkle.leaf_hash(leaf) for leaf in unhex(rfc["leaves"])]
    tree = merkle.Tree(merkle.levels_over(leaves))
    roots = {item["size"]: bytes.fromhex(item["root"]) for item in rfc["roots"]}
    for size, root in roots.items():
        checks.that(f"root of {size}", tree.root(size) == root)
    for item in rfc["inclusion"]:
        index, size, proof = item["index"], item["size"], unhex(item["proof"])
        checks.that(f"path of {index} in {size}", tree.inclusion(index, size) == proof)
        found = merkle.root_of_inclusion(leaves[index], index, size, proof)
        checks.that(f"inclusion of {index} in {size}", found == roots[size])
    for item in rfc["consistency"]:
        old, new, proof = item["old"], item["new"], unhex(item["proof"])
        checks.that(f"proof of {old} in {new}", tree.consistency(old, new) == proof)
        checks.that(f"{old} in {new}", merkle.is_consistent(old, new, roots[old], roots[new], proof))


def check_small_log(checks, small):
    key = Key(small["verifierKeyText"], TYPE_NOTE)
    witness = Key(small["witnessVerifierKey"], TYPE_COSIGNATURE)
    checks.that("key ID", key.id.hex() == small["keyID"] and key.public_key.hex() == small["publicKey"])
    entries = [text.encode() for text in small["entriesText"]]
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    tree = merkle.Tree(merkle.levels_over(leaves))

    def checkpoint_of(name):
        return Checkpoint(small[name].encode(), key, small["logName"])

    signed, cosigned = checkpoint_of("signedCheckpoint"), checkpoint_of("cosignedCheckpoint")
    checks.that("text of the checkpoint", signed.note.text == small["checkpointText"].encode())
    checks.that("checkpoint", (signed.size, signed.root) == (5, tree.root(5)))
    checks.that("cosignature", cosigned.cosigners([witness]) == [(small["witnessName"], 1700000000)])
    checks.that("no cosignature", signed.cosigners([witness]) == [])
    checks.that("root at 3", base64.b64encode(tree.root(3)).decode() == small["rootAt3"])
    source = {small["bundlePath"]: bytes.fromhex(small["bundle"]), small["tilePath"]: bytes.fromhex(small["tile"])}
    reader = type("Given", (), {"read": lambda _self, path, _limit, _type: source.get(path)})()
    checks.that("bundle", tiles.read_bundle(reader, 0, 5) == entries)
    checks.that("tile", tiles.read_tile(reader, 0, 0, 5) == (small["tilePath"], leaves))
    receipt = Receipt(small["tlogProofOfIndex3"].encode(), key, small["logName"])
    receipt.demand_inclusion(leaves[3])
    checks.that("receipt", (receipt.index, receipt.proof) == (3, tree.inclusion(3, 5)))
    # A request to a witness: "old <size>", the consistency proof, an empty line, the checkpoint.
    head, _, note = small["addCheckpointFrom3"].partition("\n\n")
    proof = [base64.b64decode(line, validate=True) for line in head.split("\n")[1:]]
    sent = Checkpoint(note.encode(), key, small["logName"])
    checks.that("proof for a witness", tree.consistency(3, 5) == proof)
    checks.that("3 in 5", merkle.is_consistent(3, 5, tree.root(3), sent.root, proof))


def check_large_tree(checks, vectors):
    large = vectors["large"]
    size = max(item["size"] for item in large["roots"])
    leaves = [merkle.leaf_hash(b"entry %d" % i) for i in range(size)]
    levels = merkle.levels_over(leaves)
    tree = merkle.Tree(levels)
    for item in large["roots"]:
        checks.that(f"root of {item['size']}", base64.b64encode(tree.root(item["size"])).decode() == item["rootBase64"])
    by_path = {
        tiles.tile_path(level, n, width): b"".join(hashes[n * 256 : n * 256 + width])
        for level, hashes in enumerate(levels)
        for n, width in tiles.widths(len(hashes))
    }
    for item in large["tilesAt70000"]:
        data = by_path[item["path"]]
        is_same = len(data) == item["bytes"] and hashlib.sha256(data).hexdigest() == item["sha256"]
        checks.that(item["path"], is_same)
    path = unhex(large["inclusion12345of70000"])
    checks.that("path of 12345", tree.inclusion(12345, 70000) == path)
    found = merkle.root_of_inclusion(leaves[12345], 12345, 70000, path)
    checks.that("inclusion of 12345", found == tree.root(70000))
    proof = unhex(large["consistency5000to70000"])
    checks.that("proof of 5000", tree.consistency(5000, 70000) == proof)
    checks.that("5000 in 70000", merkle.is_consistent(5000, 70000, tree.root(5000), tree.root(70000), proof))
    for item in vectors["tilePaths"]:
        made = tiles.tile_path(item["level"] if item["level"] >= 0 else "entries", item["n"], item["width"])
        checks.that(item["path"], made == item["path"])


def main(kind, path):
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    if kind == "ed25519":
        for item in given:
            parts = unhex(item[name] for name in ("publicKey", "message", "signature"))
            print(ed25519.signature_fault(*parts) or "ok")
        return 0
    checks = Checks()
    check_small_trees(checks, given)
    check_small_log(checks, given["small"])
    check_large_tree(checks, given)
    for name in checks.failed:
        print(f"FAIL {name}")
    print(f"{checks.held} checks held, {len(checks.failed)} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
