"""Reads a JSON body field by field and remembers what is wrong where, in Discord's words.

Every reader returns None for an absent, null or faulty field; ``raise_any`` then refuses the body with all faults.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from localdiscord.errors import FormErrors
from localdiscord.model import JSON

WEB = ("http", "https")
WEB_OR_FILE = ("http", "https", "attachment")


class Form:
    def __init__(
        self, data: Any, errors: FormErrors | None = None, place: tuple[str | int, ...] = ()
    ) -> None:
        self.errors = errors or FormErrors()
        self.place = place
        if not isinstance(data, dict):
            self.errors.add(place, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            data = {}
        self.data: JSON = data

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def fault(self, key: str | int | None, code: str, message: str) -> None:
        self.errors.add(self.place if key is None else (*self.place, key), code, message)

    def raise_any(self) -> None:
        self.errors.raise_any()

    def _given(self, key: str, required: bool) -> Any:
        value = self.data.get(key)
        if value is None and required:
            self.fault(key, "BASE_TYPE_REQUIRED", "This field is required")
        return value

    def text(
        self, key: str, high: int, *, low: int = 0, required: bool = False, strip: bool = True
    ) -> str | None:
        """Discord counts code points, after trimming."""
        value = self._given(key, required)
        if value is None:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            self.fault(key, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
            return None
        if strip:
            value = value.strip()
        if low and required and not value:
            self.fault(key, "BASE_TYPE_REQUIRED", "This field is required")
            return None
        if not low <= len(value) <= high:
            if low:
                self.fault(key, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
            else:
                self.fault(key, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
            return None
        return value

    def integer(
        self, key: str, *, low: int | None = None, high: int | None = None, required: bool = False
    ) -> int | None:
        value = self._given(key, required)
        if value is None:
            return None
        try:
            number = int(value)
        except (TypeError, ValueError, OverflowError):
            self.fault(key, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return None
        if low is not None and number < low:
            self.fault(key, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
            return None
        if high is not None and number > high:
            self.fault(key, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")
            return None
        return number

    def choice(self, key: str, allowed: Collection[int], *, required: bool = False) -> int | None:
        value = self.integer(key, required=required)
        if value is not None and value not in allowed:
            listed = ", ".join(str(each) for each in sorted(allowed))
            self.fault(key, "BASE_TYPE_CHOICES", f"Value must be one of {{{listed}}}.")
            return None
        return value

    def flag(self, key: str) -> bool | None:
        value = self.data.get(key)
        if value is not None and not isinstance(value, bool):
            self.fault(key, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
            return None
        return value

    def snowflake(self, key: str, *, required: bool = False) -> int | None:
        value = self._given(key, required)
        if value is None:
            return None
        if isinstance(value, bool) or not str(value).isascii() or not str(value).isdigit():
            self.fault(key, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
            return None
        return int(value)

    def snowflakes(self, key: str, high: int) -> list[int] | None:
        values = self._list(key, 0, high)
        if values is None:
            return None
        found = []
        for index, value in enumerate(values):
            if isinstance(value, bool) or not str(value).isascii() or not str(value).isdigit():
                self.errors.add(
                    (*self.place, key, index), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.'
                )
            else:
                found.append(int(value))
        return found

    def url(
        self, key: str, high: int, schemes: tuple[str, ...] = WEB, *, required: bool = False
    ) -> str | None:
        value = self.text(key, high, required=required)
        if not value:
            return None
        try:
            parts = urlsplit(value)
            host = parts.hostname if parts.scheme != "attachment" else parts.netloc
        except ValueError:
            parts, host = urlsplit(""), None
        if not parts.scheme or (not host and parts.scheme in schemes) or any(c.isspace() for c in value):
            self.fault(key, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
            return None
        if parts.scheme not in schemes:
            listed = ", ".join(f"'{scheme}'" for scheme in schemes)
            self.fault(
                key,
                "URL_TYPE_INVALID_SCHEME",
                f'Scheme "{parts.scheme}" is not supported. Scheme must be one of ({listed}).',
            )
            return None
        return value

    def _list(self, key: str, low: int, high: int) -> list[Any] | None:
        value = self.data.get(key)
        if value is None:
            if low:
                self.fault(key, "BASE_TYPE_REQUIRED", "This field is required")
            return None
        if not isinstance(value, list):
            self.fault(key, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return None
        if len(value) > high:
            self.fault(key, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
            return None
        if len(value) < low:
            self.fault(key, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
            return None
        return value

    def items(self, key: str, high: int, *, low: int = 0) -> list[Form] | None:
        """A list of objects, each as a form of its own that reports into this one."""
        values = self._list(key, low, high)
        if values is None:
            return None
        return [Form(value, self.errors, (*self.place, key, index)) for index, value in enumerate(values)]

    def sub(self, key: str, *, required: bool = False) -> Form | None:
        value = self._given(key, required)
        return None if value is None else Form(value, self.errors, (*self.place, key))
