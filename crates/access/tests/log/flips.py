"""Flips bytes of an exported log one by one; prints the places where tools/verify_log.py does not notice.

Arguments: the folder of verify_log.py, the exported log.
"""

import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from verify_log import verify  # noqa: E402


def holds(export):
    try:
        return bool(verify(export.removesuffix(b"\n").split(b"\n"), None, None))
    except (ValueError, KeyError, TypeError):
        return False


log = open(sys.argv[2], "rb").read()
assert holds(log)
for place in range(0, len(log), 11):
    flipped = bytearray(log)
    flipped[place] ^= 1 << place % 8
    if holds(bytes(flipped)):
        print(place)
