"""Runs a program that may open sockets of some address families only, as systemd's RestrictAddressFamilies= does.

Usage: restrict_address_families.py AF_UNIX,AF_INET,... PROGRAM ARGUMENT...
"""

import ctypes
import os
import platform
import socket
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, EAFNOSUPPORT = 0x7FFF0000, 0x00050000 | 97
SYSCALL_NUMBER_AT, FIRST_ARGUMENT_AT = 0, 16
SOCKET_SYSCALL = {"x86_64": 41, "aarch64": 198}[platform.machine()]


class Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("value", ctypes.c_uint)]


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(Instruction))]


families = [int(getattr(socket, name)) for name in sys.argv[1].split(",")]
count = len(families)
code = [
    Instruction(LOAD, 0, 0, SYSCALL_NUMBER_AT),
    Instruction(JUMP_IF_EQUAL, 0, count + 2, SOCKET_SYSCALL),
    Instruction(LOAD, 0, 0, FIRST_ARGUMENT_AT),
    *[Instruction(JUMP_IF_EQUAL, count - index, 0, family) for index, family in enumerate(families)],
    Instruction(RETURN, 0, 0, EAFNOSUPPORT),
    Instruction(RETURN, 0, 0, ALLOW),
]
program = Program(len(code), (Instruction * len(code))(*code))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
    PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0
):
    raise SystemExit("the filter was refused: %s" % os.strerror(ctypes.get_errno()))
os.execvp(sys.argv[2], sys.argv[2:])
