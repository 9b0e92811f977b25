"""vCards that other programs wrote; the one home of vobject.

So far it gives a second opinion: whether an independent reader can make sense of a card too.
"""

from __future__ import annotations

_UNREADABLE = "another program (vobject) can't read it"
_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""How its decoders fail in ways of their own: base64, dates, parameters without a value."""


def judge(data: bytes) -> str:
    """Why vobject can't read these bytes as one card, or "" if it can.

    The words quote nothing of the card; they fit after "it is no valid card:".
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return f"it is not UTF-8 (byte {error.start})"
    try:
        found = _components(text)
    except _Unreadable as error:
        return f"{_UNREADABLE}{error}"
    if found != ["VCARD"]:
        return f"another program (vobject) finds {len(found)} parts in it, not one card"
    return ""


class _Unreadable(ValueError):
    """vobject gave up; the text says where or why, without any text of the card."""


def _components(text: str) -> list[str]:
    """The names of the components in a text, each read and validated by vobject."""
    import vobject

    names = []
    try:
        for component in vobject.readComponents(text):
            names.append(str(component.name))
            if component.name == "VCARD":
                component.validate(raiseException=True)
    except vobject.base.ParseError as error:
        where = "" if error.lineNumber is None else f" (line {error.lineNumber})"
        raise _Unreadable(where) from error
    except vobject.base.ValidateError as error:
        raise _Unreadable(": a property is missing or repeated") from error
    except vobject.base.VObjectError as error:
        raise _Unreadable("") from error
    except _FAULTS as error:
        raise _Unreadable(": a value is not what its property calls for") from error
    return names
