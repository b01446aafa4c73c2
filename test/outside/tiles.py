"""Reads a log as C2SP tlog-tiles lays it out, from a prefix over HTTP or from a folder: checkpoint, hash tiles, entry bundles."""

import http.client
import os
import urllib.parse
import zlib

from merkle import WIDTH
from notes import MAX_NOTE_BYTES, Refused

HASH_BYTES = 32
MAX_ENTRY_BYTES = 65535
MAX_BUNDLE_BYTES = WIDTH * (2 + MAX_ENTRY_BYTES)
TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"


class Unreadable(Exception):
    """The log, or a file, could not be read, so nothing is known of it."""


def tile_path(level, n, width):
    """`tile/<L>/<N>[.p/<W>]`; the level is a number or `entries`."""
    digits = str(n)
    digits = digits.zfill((len(digits) + 2) // 3 * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    number = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{number}" + (f".p/{width}" if width < WIDTH else "")


def tile_count(count):
    return (count + WIDTH - 1) // WIDTH


def width_of(count, n):
    return min(WIDTH, count - n * WIDTH)


def widths(count):
    """(n, width) of each tile of a level that has `count` hashes, one after the other: a signed size may be any number."""
    return ((n, width_of(count, n)) for n in range(tile_count(count)))


def unpacked(data, limit, path):
    """The content of a gzip answer, never more than one byte above the limit."""
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        content = stream.decompress(data, limit + 1)
    except zlib.error as fault:
        raise Refused("GZIP_MALFORMED", f"{path}: {fault}") from None
    if len(content) <= limit and (not stream.eof or stream.unused_data):
        raise Refused("GZIP_MALFORMED", f"{path}: cut off, or followed by more")
    return content


class HttpSource:
    """A log's prefix over HTTP; one connection, no redirects, no proxy."""

    def __init__(self, url, timeout):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.hostname is None or parts.query or parts.fragment:
            raise Unreadable(f"no address of a log: {url}")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.connection = kind(parts.hostname, parts.port, timeout=timeout)
        self.prefix = parts.path.rstrip("/")

    def ask(self, path):
        headers = {"Accept-Encoding": "gzip, identity"}
        for attempt in (1, 2):
            try:
                self.connection.request("GET", f"{self.prefix}/{path}", headers=headers)
                return self.connection.getresponse()
            except (http.client.HTTPException, OSError) as fault:
                # A server may end a connection that it keeps open; a new one then has to succeed.
                self.connection.close()
                if attempt == 2 or isinstance(fault, TimeoutError):
                    raise Unreadable(f"{path}: {fault!r}") from None

    def read(self, path, limit, content_type):
        """The bytes of a resource, at most one above the limit, or None where the log has none at that path."""
        response = self.ask(path)
        try:
            data = response.read(limit + 1)
            is_longer = len(data) > limit
            if is_longer:
                self.connection.close()
            else:
                response.read()
        except (http.client.HTTPException, OSError) as fault:
            raise Unreadable(f"{path}: {fault!r}") from None
        if response.status in (404, 410):
            return None
        if response.status != 200:
            raise Unreadable(f"{path}: status {response.status}")
        if response.headers.get("Content-Type", "").lower() != content_type:
            raise Refused("CONTENT_TYPE", f"{path}: {response.headers.get('Content-Type')}")
        coding = response.headers.get("Content-Encoding", "identity").lower()
        if coding == "gzip":
            return unpacked(data, limit, path)
        if coding != "identity":
            raise Refused("CONTENT_ENCODING", f"{path}: {coding}")
        return data


class FolderSource:
    """A folder with `checkpoint` and `tile/...` below it."""

    def __init__(self, folder):
        if not os.path.isdir(folder):
            raise Unreadable(f"no folder: {folder}")
        self.folder = folder

    def read(self, path, limit, _content_type):
        try:
            with open(os.path.join(self.folder, *path.split("/")), "rb") as file:
                return file.read(limit + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as fault:
            raise Unreadable(f"{path}: {fault.strerror}") from None


def read_checkpoint(source):
    data = source.read("checkpoint", MAX_NOTE_BYTES, TEXT)
    if data is None:
        raise Refused("CHECKPOINT_MISSING", "the log has no checkpoint")
    return data


def read_part(source, level, n, width, limit):
    """(path, bytes, whether they are those of the full tile): a log may drop a partial tile once the full one exists."""
    path = tile_path(level, n, width)
    data = source.read(path, limit, BYTES)
    if data is not None or width == WIDTH:
        return path, data, False
    path = tile_path(level, n, WIDTH)
    return path, source.read(path, limit, BYTES), True


def read_tile(source, level, n, width):
    """The first `width` hashes of a tile, and its path."""
    path, data, is_full = read_part(source, level, n, width, WIDTH * HASH_BYTES)
    if data is None:
        raise Refused("TILE_MISSING", tile_path(level, n, width))
    wanted = (WIDTH if is_full else width) * HASH_BYTES
    if len(data) < wanted:
        raise Refused("TILE_TRUNCATED", f"{path}: {len(data)} bytes instead of {wanted}")
    if len(data) > wanted:
        raise Refused("TILE_TOO_LONG", f"{path}: more than {wanted} bytes")
    return path, [data[i * HASH_BYTES : (i + 1) * HASH_BYTES] for i in range(width)]


def read_bundle(source, n, width):
    """The first `width` entries of a bundle."""
    path, data, is_full = read_part(source, "entries", n, width, MAX_BUNDLE_BYTES)
    if data is None:
        raise Refused("BUNDLE_MISSING", tile_path("entries", n, width))
    entries, at = [], 0
    for _ in range(WIDTH if is_full else width):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise Refused("BUNDLE_TRUNCATED", f"{path}: {len(entries)} whole entries instead of {width}")
        entries.append(data[start:at])
    if at != len(data):
        raise Refused("BUNDLE_TOO_LONG", f"{path}: more than its {len(entries)} entries")
    return entries[:width]
