"""Checks exchanges with the local Discord against Discord's official API description.

    api = Openapi(openapi_file)
    api.check_exchange(entry)        # an entry of /local/requests; raises AssertionError saying what differs

Where Discord itself differs from its description, so do we: inner form errors carry words as codes (the description
says integers), requests may give ids as integers, which Discord takes and discord.py sends, and there are
media channels and forwards.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

PREFIX = "/api/v10"
URI = "urn:discord"
# Real routes that the description leaves out.
UNDESCRIBED = (re.compile(r"GET /users/\d+"),)


def _type(validator: Any, types: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """As the keyword says, besides that a request's id may be an integer."""
    if schema.get("format") == "snowflake" and isinstance(instance, int) and not isinstance(instance, bool):
        return
    yield from Draft202012Validator.VALIDATORS["type"](validator, types, instance, schema)


_Lenient = extend(Draft202012Validator, {"type": _type})


class Openapi:
    def __init__(self, file: Path) -> None:
        self._document = json.loads(file.read_bytes())
        schemas = self._document["components"]["schemas"]
        schemas["ChannelTypes"]["oneOf"].append({"title": "GUILD_MEDIA", "const": 16})
        schemas["MessageReferenceType"]["oneOf"].append({"title": "FORWARD", "const": 1})
        resource = Resource(contents=self._document, specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(URI, resource)

    def check_exchange(self, entry: dict[str, Any]) -> None:
        """The request, when it was taken, and the answer, when there was one."""
        line = f"{entry['method']} {entry['path'].removeprefix(PREFIX)}"
        if any(known.fullmatch(line) for known in UNDESCRIBED) or entry["status"] is None:
            return
        found = self._operation(entry["method"], entry["path"].removeprefix(PREFIX))
        if found is None:
            assert entry["status"] in (404, 405), f"{line} is not a route of Discord's"
            return
        pointer, operation = found
        status, answer = entry["status"], entry["response_body"]
        if status < 400:
            self._check_request(pointer, operation, entry, line)
            self._check_answer(pointer, operation, status, answer, line)
        elif answer is not None:
            self.check_error(answer, line, limited=status == 429)

    def check(self, schema: str, instance: Any, what: str = "it") -> None:
        """An instance against a named schema of the description."""
        self._validate(f"{URI}#/components/schemas/{schema}", instance, what, lenient=False)

    def check_error(self, answer: Any, what: str, *, limited: bool) -> None:
        shown = {key: value for key, value in answer.items() if key != "errors"}
        self.check("RatelimitedResponse" if limited else "ErrorResponse", shown, f"{what}: error")
        _check_tree(answer.get("errors", {}), what)

    def _check_request(
        self, pointer: str, operation: dict[str, Any], entry: dict[str, Any], line: str
    ) -> None:
        content = operation.get("requestBody", {}).get("content", {})
        if not content:
            assert not entry["body"], f"{line} takes no body but was sent {entry['body']!r}"
            return
        if entry["body"] == {} and not operation["requestBody"].get("required"):
            return
        # Of a multipart body the log holds payload_json: it has the form of the JSON body.
        where = f"{URI}#{pointer}/requestBody/content/application~1json/schema"
        self._validate(where, entry["body"], f"{line}: request", lenient=True)

    def _check_answer(
        self, pointer: str, operation: dict[str, Any], status: int, answer: Any, line: str
    ) -> None:
        response = operation["responses"].get(str(status))
        assert response is not None, f"{line}: {status} is not among {sorted(operation['responses'])}"
        if not response.get("content"):
            assert answer is None, f"{line}: {status} carries a body"
            return
        where = f"{URI}#{pointer}/responses/{status}/content/application~1json/schema"
        self._validate(where, answer, f"{line}: answer", lenient=False)

    def _validate(self, where: str, instance: Any, what: str, *, lenient: bool) -> None:
        kind = _Lenient if lenient else Draft202012Validator
        validator = kind({"$ref": where}, registry=self._registry)
        error = best_match(validator.iter_errors(instance))
        if error is not None:
            place = "/".join(map(str, error.absolute_path)) or "the whole"
            shown = json.dumps(instance, ensure_ascii=False)[:2000]
            raise AssertionError(f"{what}: {place}: {error.message[:500]}\n{shown}")

    @cached_property
    def _templates(self) -> list[tuple[re.Pattern[str], str]]:
        """Path patterns, literal ones first: /users/@me before /users/{id}."""
        templates = sorted(self._document["paths"], key=lambda path: (path.count("{"), path))
        return [(re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), path) for path in templates]

    @lru_cache(maxsize=4096)  # noqa: B019 - one object lives as long as the test session
    def _operation(self, method: str, path: str) -> tuple[str, dict[str, Any]] | None:
        for pattern, template in self._templates:
            operation = self._document["paths"][template].get(method.lower())
            if operation and pattern.fullmatch(path):
                escaped = (
                    template.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
                )
                return f"/paths/{escaped}/{method.lower()}", operation
        return None


def _check_tree(tree: Any, what: str) -> None:
    """Form errors: objects down to lists of {"code": word, "message": sentence} under _errors."""
    assert isinstance(tree, dict), f"{what}: errors are {tree!r}"
    for key, value in tree.items():
        if key != "_errors":
            _check_tree(value, what)
            continue
        assert value, f"{what}: an empty list of errors"
        for each in value:
            assert isinstance(each["code"], str), f"{what}: {each!r}"
            assert isinstance(each["message"], str), f"{what}: {each!r}"
