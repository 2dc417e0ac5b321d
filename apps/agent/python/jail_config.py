"""Compiles a fail2ban configuration as fail2ban-client does before a reload, and each regex as the server would.

Usage: jail_config.py CONFIG_DIR FAIL2BAN_CLIENT (all | reload JAIL | show JAIL)
`all`, `reload JAIL`: what `reload` would send. `show JAIL`: a jail's own part, as if it were enabled.
JSON on stdout: {"ok", "stream", "messages", "regexes"}: the command stream, what fail2ban had to say, and what is wrong
with which jail's regexes. Reads only; the environment is not used.
"""

import json
import logging
import os
import sys

sys.dont_write_bytecode = True
MAX_MESSAGES = 50


def find_package(client):
    """Puts the fail2ban that belongs to this client first, wherever it was unpacked."""
    prefix = os.path.dirname(os.path.dirname(os.path.realpath(client)))
    for folder in ("lib/python3/dist-packages", "lib/fail2ban"):
        path = os.path.join(prefix, folder)
        if os.path.isdir(os.path.join(path, "fail2ban")):
            sys.path.insert(0, path)
            return


class Messages(logging.Handler):
    """Keeps what fail2ban warns about."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.texts = []

    def emit(self, record):
        if len(self.texts) < MAX_MESSAGES:
            self.texts.append(record.getMessage()[:2000])


def compile_all(config_dir, jail):
    from fail2ban.client.configurator import Configurator

    configurator = Configurator()
    configurator.setBaseDir(config_dir)
    configurator.readAll()
    ok = configurator.getOptions(jail)
    configurator.convertToProtocol()
    return bool(ok), configurator.getConfigStream()


def show(config_dir, jail):
    from fail2ban.client.jailreader import JailReader

    reader = JailReader(jail, force_enable=True, basedir=config_dir)
    ok = reader.read() and reader.getOptions()
    return bool(ok), reader.convert(True) if ok else []


def check_regexes(stream):
    """What the server would refuse, by jail; it drops every jail of a reload that one bad regex interrupts."""
    from fail2ban.server.filter import Filter

    filters, faults = {}, []
    setters = {
        "usedns": lambda f, v: f.setUseDns(v),
        "maxlines": lambda f, v: f.setMaxLines(v),
        "prefregex": lambda f, v: setattr(f, "prefRegex", v),
        "addfailregex": lambda f, v: f.addFailRegex(v),
        "addignoreregex": lambda f, v: f.addIgnoreRegex(v),
    }
    for command in stream:
        if len(command) < 4 or command[0] not in ("set", "multi-set"):
            continue
        _, jail, name, *values = command
        if name not in setters:
            continue
        values = values[0] if command[0] == "multi-set" else values[:1]
        subject = filters.setdefault(jail, Filter(None))
        for value in values:
            try:
                setters[name](subject, value)
            except Exception as error:
                faults.append({"jail": str(jail), "option": name, "text": str(error)[:2000]})
    return faults


def main():
    config_dir, client, mode, *rest = sys.argv[1:]
    find_package(client)
    messages = Messages()
    root = logging.getLogger("fail2ban")
    root.addHandler(messages)
    root.setLevel(logging.WARNING)
    root.propagate = False
    ok, stream, faults = False, [], []
    try:
        ok, stream = show(config_dir, rest[0]) if mode == "show" else compile_all(config_dir, rest[0] if rest else None)
        root.setLevel(logging.CRITICAL)
        faults = check_regexes(stream)
    except Exception as error:
        ok = False
        messages.texts.append(str(error)[:2000])
    json.dump({"ok": ok, "stream": list(stream), "messages": messages.texts, "regexes": faults}, sys.stdout)


if __name__ == "__main__":
    main()
