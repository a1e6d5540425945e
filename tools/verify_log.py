#!/usr/bin/env python3
"""Verifies an exported operation log of Dossier, without any of Dossier's code.

Prints one sentence. Exit code 0: the log holds together; 1: it does not, or can't be read. Needs Python 3.11 alone.
The formats are described in crates/access/src/log: export.rs, record.rs, checkpoint.rs, merkle.rs.
"""

import argparse
import hashlib
import json
import sys
from base64 import b64decode, b64encode


# Ed25519, RFC 8032 section 5.1; points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, a):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = add(result, a)
        a, n = add(a, a), n >> 1
    return result


def point(encoded):
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y % (1 << 255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("a key or signature is no point of the curve")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signature_fits(key, message, signature):
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % L
    left, right = times(s, BASE), add(point(r), times(k, point(key)))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return s < L and same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


def sha256(data):
    return hashlib.sha256(data).digest()


def read_checkpoint(text):
    """Size, root, name and key of a checkpoint whose signature fits."""
    body, _, last = text.partition("\n\n")
    name, size, root, time, key = body.split("\n")
    key = b64decode(key.removeprefix("key "))
    signed = b64decode(last.removeprefix(f"— {name} ").removesuffix("\n"))
    given = f"{name}\n{int(size)}\n{root}\n{time}\nkey {b64encode(key).decode()}\n"
    hint = sha256(f"{name}\n".encode() + b"\x01" + key)[:4]
    whole = f"{given}\n— {name} {b64encode(hint + signed[4:]).decode()}\n"
    if whole != text or not signature_fits(key, given.encode(), signed[4:]):
        raise ValueError("the checkpoint is damaged or its signature false")
    return int(size), b64decode(root), name, key


def written(value):
    """The one way in which a JSON value is written as a line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def read_line(line):
    value = json.loads(line.decode())
    if written(value) == line:
        return value
    raise ValueError("it is not written as such lines are")


def root_of(peaks):
    """RFC 6962 root from the complete subtrees (height, hash), the largest first."""
    root = peaks[-1][1] if peaks else sha256(b"")
    for _, left in reversed(peaks[:-1]):
        root = sha256(b"\x01" + left + root)
    return root


def verify(lines, anchor, key):
    header = read_line(lines[0])
    name, key = header["origin"], key or (anchor[3] if anchor else bytes.fromhex(header["key"]))
    if lines[0] != written({"dossier_log": 1, "origin": name, "key": key.hex()}):
        raise ValueError("the header is not that of a log with the trusted key")
    if anchor and anchor[2:] != (name, key):
        raise ValueError("the anchor belongs to another log or key")
    size, covered, previous, peaks = 0, 0, bytes(32), []
    for number, line in enumerate(lines[1:], 2):
        try:
            value = read_line(line)
            if "checkpoint" in value:
                covered, root, *signer = read_checkpoint(value["checkpoint"])
                if (covered, root, *signer) != (size, root_of(peaks), name, key):
                    raise ValueError(f"the checkpoint of {covered} records does not fit the key or the {size} before it")
                continue
            if (value["v"], value["sequence"], value["previous"]) != (1, size, previous.hex()):
                raise ValueError(f"record {size} is missing or changed, or the record before it is")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ValueError(f"line {number} is wrong: {error}") from error
        previous, node, height, size = sha256(line), sha256(b"\0" + line), 0, size + 1
        while peaks and peaks[-1][0] == height:
            node, height = sha256(b"\x01" + peaks.pop()[1] + node), height + 1
        peaks.append((height, node))
        if anchor and anchor[0] == size and anchor[1] == root_of(peaks):
            anchor = None
    if anchor:
        raise ValueError(f"of {size} records, the first {anchor[0]} are not those for which the anchor was signed")
    return f"{name}: {size} records hold together, the first {covered} are signed by {key.hex()}."


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("log")
    options.add_argument("--anchor", metavar="CHECKPOINT_FILE", help="a checkpoint that left the machine earlier")
    options.add_argument("--key", metavar="HEX", type=bytes.fromhex, help="the public key that must have signed it")
    given = options.parse_args()
    try:
        anchor = given.anchor and read_checkpoint(open(given.anchor, "rb").read().decode())
        lines = open(given.log, "rb").read().removesuffix(b"\n").split(b"\n")
        print(verify(lines, anchor, given.key))
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"The log does NOT hold together: {error}.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
