"""What a terminal can do, told by the environment that it sets."""

from __future__ import annotations

from collections.abc import Mapping

_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby"})
_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour", "wezterm", "domterm")
_MARKS = ("WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "DOMTERM")
_VTE = 5000  # 0.50, the first with links


def takes_links(environment: Mapping[str, str]) -> bool:
    """Whether links (OSC 8) are shown as links; a terminal that is not known gets none.

    `FORCE_HYPERLINK` decides: 0 is no, anything else yes. Inside `screen`, and on the console of
    a machine, nobody can tell.
    """
    forced = environment.get("FORCE_HYPERLINK", "")
    if forced:
        return forced != "0"
    name = environment.get("TERM", "")
    if name.startswith(("screen", "linux", "dumb")) or not name:
        return False
    vte = environment.get("VTE_VERSION", "")
    return (
        environment.get("TERM_PROGRAM") in _PROGRAMS
        or name.startswith(_TERMS)
        or any(environment.get(mark) for mark in _MARKS)
        or (vte.isdecimal() and int(vte) >= _VTE)
    )
