"""Runs the host's own fail2ban-client with the fail2ban that belongs to it.

Usage: run_client.py FAIL2BAN_CLIENT ARGUMENT...
"""

import os
import runpy
import sys

sys.dont_write_bytecode = True


def main():
    client = os.path.realpath(sys.argv[1])
    prefix = os.path.dirname(os.path.dirname(client))
    for folder in ("lib/python3/dist-packages", "lib/fail2ban"):
        path = os.path.join(prefix, folder)
        if os.path.isdir(os.path.join(path, "fail2ban")):
            sys.path.insert(0, path)
            break
    sys.argv = [client] + sys.argv[2:]
    runpy.run_path(client, run_name="__main__")


if __name__ == "__main__":
    main()
