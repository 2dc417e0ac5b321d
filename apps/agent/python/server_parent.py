"""Who started the fail2ban behind a socket: {"pid", "parent"} on stdout. Usage: server_parent.py SOCKET."""

import json
import socket
import struct
import sys

client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
client.settimeout(5)
client.connect(sys.argv[1])
pid, _, _ = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
with open("/proc/%d/stat" % pid) as stat:
    parent = int(stat.read().rpartition(")")[2].split()[1])
json.dump({"pid": pid, "parent": parent}, sys.stdout)
