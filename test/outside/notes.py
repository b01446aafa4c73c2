"""Verifier keys, signed notes, cosignatures, checkpoints and receipts.

After C2SP signed-note, tlog-cosignature (Ed25519), tlog-checkpoint and tlog-proof. Every parser refuses what a writer that keeps
these texts would not have written.
"""

import base64
import hashlib
import re

import ed25519
import merkle

TYPE_NOTE = 1
TYPE_COSIGNATURE = 4
MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
MAX_NUMBER = 2**63 - 1
PROOF_HEADER = "c2sp.org/tlog-proof@v1"
MAX_PROOF_HASHES = 63


class Refused(Exception):
    """What was read is not what it should be: one word, and what was seen."""

    def __init__(self, word, detail):
        super().__init__(f"{word}: {detail}")
        self.word = word
        self.detail = detail


def shown(text):
    """Text of the log as it may stand on a terminal line."""
    return ascii(text if len(text) <= 80 else text[:80] + "...")


def decode_base64(text, what):
    """Standard base64 with padding that encodes to the same text again: a lenient reader would take several spellings."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, UnicodeEncodeError):
        raise Refused("BASE64_MALFORMED", f"{what}: {shown(text)}") from None
    if base64.b64encode(data).decode("ascii") != text:
        raise Refused("BASE64_NOT_CANONICAL", f"{what}: {shown(text)}")
    return data


def decode_hash(text, what):
    data = decode_base64(text, what)
    if len(data) != 32:
        raise Refused("HASH_LENGTH", f"{what}: {len(data)} bytes")
    return data


def decode_number(text, what):
    """A decimal without sign, space or leading zero; int() alone would take all of these, and underscores."""
    if re.fullmatch("0|[1-9][0-9]{0,18}", text) is None or int(text) > MAX_NUMBER:
        raise Refused("NUMBER_MALFORMED", f"{what}: {shown(text)}")
    return int(text)


def is_key_name(name):
    return name != "" and not any(c.isspace() or c == "+" or c < " " for c in name)


class Key:
    """A verifier key: `name+<key ID in hex>+base64(type || public key)`."""

    def __init__(self, vkey, wanted_type):
        parts = vkey.split("+", 2)
        if len(parts) != 3 or not is_key_name(parts[0]) or re.fullmatch("[0-9a-f]{8}", parts[1]) is None:
            raise Refused("VKEY_MALFORMED", shown(vkey))
        material = decode_base64(parts[2], "verifier key")
        if len(material) != 33 or material[0] != wanted_type:
            raise Refused("VKEY_TYPE", f"an Ed25519 key of type {wanted_type} is wanted: {shown(vkey)}")
        self.text, self.name, self.type, self.public_key = vkey, parts[0], material[0], material[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + material).digest()[:4]
        if self.id.hex() != parts[1]:
            raise Refused("VKEY_ID", f"the key ID should be {self.id.hex()}: {shown(vkey)}")
        fault = ed25519.public_key_fault(self.public_key)
        if fault is not None:
            raise Refused("VKEY_" + fault, shown(vkey))

    def time_of(self, text, signature, word):
        """Verifies a signature of this key over the text of a note; its time in seconds, None for a log's own signature."""
        if self.type == TYPE_NOTE:
            self.demand(text, signature, word)
            return None
        if len(signature) != 72:
            raise Refused(word + "_LENGTH", f"{self.name}: {len(signature)} bytes")
        seconds = int.from_bytes(signature[:8], "big")
        if seconds > MAX_NUMBER:
            raise Refused(word + "_TIME", f"{self.name}: {seconds}")
        self.demand(b"cosignature/v1\ntime %d\n" % seconds + text, signature[8:], word)
        return seconds

    def demand(self, message, signature, word):
        fault = ed25519.signature_fault(self.public_key, message, signature)
        if fault is not None:
            raise Refused(fault.replace("SIGNATURE", word), f"{self.name}+{self.id.hex()}")


class Note:
    """A signed note: the signed bytes, and signature lines of which nothing is verified yet."""

    def __init__(self, data):
        if len(data) > MAX_NOTE_BYTES:
            raise Refused("NOTE_TOO_LARGE", f"{len(data)} bytes")
        try:
            whole = data.decode("utf-8")
        except UnicodeDecodeError as fault:
            raise Refused("NOTE_MALFORMED", f"no UTF-8 at byte {fault.start}") from None
        if any(c < " " and c != "\n" for c in whole):
            raise Refused("NOTE_MALFORMED", "a control character")
        # The last empty line separates, since the text of a note may have empty lines.
        end = data.rfind(b"\n\n")
        tail = data[end + 2 :]
        if end < 0 or not tail.endswith(b"\n"):
            raise Refused("NOTE_MALFORMED", "no signature lines behind an empty line, or no line feed at the end")
        self.text = data[: end + 1]
        lines = tail[:-1].decode("utf-8").split("\n")
        if len(lines) > MAX_SIGNATURES:
            raise Refused("NOTE_TOO_LARGE", f"{len(lines)} signature lines")
        self.lines = [self.signature_line(line) for line in lines]

    @staticmethod
    def signature_line(line):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014" or not is_key_name(parts[1]):
            raise Refused("NOTE_MALFORMED", f"no signature line: {shown(line)}")
        data = decode_base64(parts[2], "signature")
        if len(data) < 5:
            raise Refused("NOTE_MALFORMED", f"a signature of {len(data)} bytes")
        return parts[1], data[:4], data[4:]

    def times_under(self, key, word):
        """The times of all lines of this key, each verified; one wrong line refuses the note."""
        return [
            key.time_of(self.text, signature, word)
            for name, key_id, signature in self.lines
            if name == key.name and key_id == key.id
        ]


class Checkpoint:
    """Origin, size and root that the log's key has signed; nothing of it is used before that is verified."""

    def __init__(self, data, log_key, origin):
        self.note = Note(data)
        if not self.note.times_under(log_key, "SIGNATURE"):
            raise Refused("NOTE_UNSIGNED", f"no signature line of {log_key.name}+{log_key.id.hex()}")
        lines = self.note.text[:-1].decode("utf-8").split("\n")
        if len(lines) < 3 or "" in lines:
            raise Refused("CHECKPOINT_MALFORMED", f"{len(lines)} lines, or an empty one")
        if lines[0] != origin:
            raise Refused("ORIGIN_OTHER", f"{shown(lines[0])} instead of {shown(origin)}")
        self.size = decode_number(lines[1], "size of the checkpoint")
        self.root = decode_hash(lines[2], "root of the checkpoint")
        self.extensions = len(lines) - 3

    def cosigners(self, witnesses):
        """(name, latest time) of each witness that cosigned; a wrong line of a known witness refuses the note."""
        found = []
        for key in witnesses:
            times = self.note.times_under(key, "COSIGNATURE")
            if times:
                found.append((key.name, max(times)))
        return found

    def demand_quorum(self, witnesses, quorum):
        found = self.cosigners(witnesses)
        if len(found) < quorum:
            names = ", ".join(name for name, _ in found) or "none"
            raise Refused("QUORUM_SHORT", f"{len(found)} of {quorum} witnesses: {names}")
        return found


class Receipt:
    """A tlog-proof: an index, an inclusion proof, and the signed checkpoint that it leads to."""

    def __init__(self, data, log_key, origin):
        # The head ends at the first empty line; the checkpoint has one of its own.
        end = data.find(b"\n\n")
        try:
            lines = data[: max(end, 0)].decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise Refused("RECEIPT_MALFORMED", "a head that is not ASCII") from None
        if end < 0 or lines.pop(0) != PROOF_HEADER:
            raise Refused("RECEIPT_MALFORMED", f"no {PROOF_HEADER}, or no empty line behind the proof")
        if lines and lines[0].startswith("extra "):
            decode_base64(lines.pop(0)[len("extra ") :], "extra of the receipt")
        if not lines or not lines[0].startswith("index "):
            raise Refused("RECEIPT_MALFORMED", "no index line")
        self.index = decode_number(lines.pop(0)[len("index ") :], "index of the receipt")
        if len(lines) > MAX_PROOF_HASHES:
            raise Refused("RECEIPT_MALFORMED", f"{len(lines)} proof lines")
        self.proof = [decode_hash(line, "proof of the receipt") for line in lines]
        self.checkpoint = Checkpoint(data[end + 2 :], log_key, origin)

    def demand_inclusion(self, leaf):
        root = merkle.root_of_inclusion(leaf, self.index, self.checkpoint.size, self.proof)
        if root != self.checkpoint.root:
            raise Refused("RECEIPT_PROOF_WRONG", f"index {self.index} does not lead to the root of its checkpoint")
