# Decodes framed messages with pycapnp into Python's own values and encodes those again.
# usage: pycapnp_check.py ROOT SCHEMA TYPE < framed messages > framed messages, one after another
import sys

import capnp

capnp.remove_import_hook()
root, path, name = sys.argv[1:4]
kind = getattr(capnp.load(path, imports=[root]), name)
data = sys.stdin.buffer.read()
offset = 0
while offset < len(data):
    # The frame's own table says how long it is.
    segments = int.from_bytes(data[offset : offset + 4], "little") + 1
    table = (4 + 4 * segments + 7) // 8 * 8
    sizes = [int.from_bytes(data[offset + 4 + 4 * i : offset + 8 + 4 * i], "little") for i in range(segments)]
    size = table + 8 * sum(sizes)
    with kind.from_bytes(data[offset : offset + size]) as reader:
        sys.stdout.buffer.write(kind.new_message(**reader.to_dict()).to_bytes())
    offset += size
