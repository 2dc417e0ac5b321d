"""Lists every jail of a fail2ban configuration as fail2ban itself reads it: JSON, one object a jail, on stdout.

Usage: list_jails.py CONFIG_DIR FAIL2BAN_CLIENT. Reads only; the environment is not used.
"""

import json
import logging
import os
import sys

sys.dont_write_bytecode = True


def find_package(client):
    """Puts the fail2ban that belongs to this client first, wherever it was unpacked."""
    prefix = os.path.dirname(os.path.dirname(os.path.realpath(client)))
    for folder in ("lib/python3/dist-packages", "lib/fail2ban"):
        path = os.path.join(prefix, folder)
        if os.path.isdir(os.path.join(path, "fail2ban")):
            sys.path.insert(0, path)
            return


def main():
    config_dir, client = sys.argv[1:3]
    find_package(client)
    logging.disable(logging.CRITICAL)
    from fail2ban.client.configreader import ConfigReader
    from fail2ban.client.jailsreader import JailsReader

    reader = JailsReader(basedir=config_dir)
    if not reader.read():
        raise SystemExit("the configuration in %s cannot be read" % config_dir)
    wanted = (("bool", "enabled", False), ("string", "backend", "auto"))
    jails = []
    for name in reader.sections():
        if name in ("INCLUDES", "DEFAULT", "Definition", "KNOWN"):
            continue
        try:
            options = ConfigReader.getOptions(reader, name, [list(one) for one in wanted]) or {}
            backend = str(options.get("backend", "auto")).split("[")[0].strip()
            jails.append({"name": name, "enabled": bool(options.get("enabled")), "backend": backend})
        except Exception as error:  # a jail that cannot be read is still a jail
            jails.append({"name": name, "enabled": False, "backend": "", "error": str(error)[:300]})
    json.dump(jails, sys.stdout)


if __name__ == "__main__":
    main()
