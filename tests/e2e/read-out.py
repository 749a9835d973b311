#!/usr/bin/python3
"""Reads the panel out as a screen reader finds it: one line a thing, with its role and what is said of it.

Wants python3-pyatspi, at-spi2-core and a session bus; turns accessibility on there and waits for the panel:

    dbus-run-session -- sh -c 'cargo xtask demo --calls 20 & sleep 60; tests/e2e/read-out.py'
"""
import subprocess
import sys
import time

PATIENCE_SECONDS = 60
PANEL = "Ringside panel"
# What only groups others says nothing by itself.
SILENT = {"filler", "section", "panel", "scroll pane", "landmark", "header", "paragraph"}


def turn_on():
    subprocess.run(
        ["gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus",
         "--method", "org.freedesktop.DBus.Properties.Set", "org.a11y.Status", "IsEnabled", "<true>"],
        check=True, stdout=subprocess.DEVNULL)


def said(node):
    name = " ".join((node.name or "").split())
    if name:
        return name
    try:
        text = node.queryText()
        return " ".join(text.getText(0, -1).replace("\ufffc", " ").split())
    except NotImplementedError:
        return ""


def read(node, depth, lines):
    role, words = node.getRoleName(), said(node)
    focusable = node.getState().contains(pyatspi.STATE_FOCUSABLE)
    if words or role not in SILENT:
        keys = " [Tab]" if focusable and role != "document web" else ""
        lines.append("  " * depth + role + (f": {words}" if words else "") + keys)
        depth += 1
    for child in node:
        if child is not None:
            read(child, depth, lines)


def panel():
    for application in pyatspi.Registry.getDesktop(0):
        for window in application or []:
            if window is not None and window.name == PANEL:
                return window
    return None


turn_on()
import pyatspi  # noqa: E402: it looks for the bus when it is imported

deadline = time.time() + PATIENCE_SECONDS
while time.time() < deadline:
    found = panel()
    lines = []
    if found is not None:
        read(found, 0, lines)
    if any("article" in line for line in lines):
        print("\n".join(lines))
        sys.exit(0)
    time.sleep(0.5)
sys.exit("no call stood in the panel")
