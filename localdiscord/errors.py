"""Discord's refusals: one exception, a table of codes, and the tree of form errors (docs reference §Error Messages)."""

from __future__ import annotations

from localdiscord.model import JSON

# code -> (HTTP status, Discord's words) (docs topics/opcodes-and-status-codes §JSON).
CODES: dict[int, tuple[int, str]] = {
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10060: (404, "Unknown sticker"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    10066: (404, "Unknown application command permissions"),
    10087: (404, "Unknown tag"),
    20001: (403, "Bots cannot use this endpoint"),
    20012: (403, "You are not authorized to perform this action on this application"),
    20016: (429, "This action cannot be performed due to slowmode rate limit"),
    30003: (400, "Maximum number of pins reached for this channel (250)"),
    30007: (400, "Maximum number of webhooks reached (15)"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30013: (400, "Maximum number of guild channels reached (500)"),
    30032: (400, "Maximum number of application commands reached (100)"),
    30033: (400, "Maximum number of thread participants reached (1000)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later"),
    40003: (403, "You are opening direct messages too fast"),
    40005: (413, "Request entity too large. Try sending something smaller in size"),
    40060: (400, "Interaction has already been acknowledged."),
    40066: (400, "Tag names must be unique"),
    40067: (400, "A tag is required to create a forum post in this channel"),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50014: (401, "Invalid authentication token provided"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50028: (400, "Invalid Role"),
    50033: (400, "Invalid Recipient(s)"),
    50034: (400, "You can only bulk delete messages that are under 14 days old"),
    50035: (400, "Invalid Form Body"),
    50046: (400, "Invalid file uploaded"),
    50068: (400, "Invalid message type"),
    50081: (400, "Invalid sticker sent"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    90001: (403, "Reaction was blocked"),
    160002: (400, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "Thread is locked"),
    160006: (400, "Maximum number of active threads reached"),
    160014: (400, "You cannot forward a message whose content you cannot read"),
    200000: (400, "Message was blocked by automatic moderation"),
    200001: (400, "Title was blocked by automatic moderation"),
    220001: (400, "Webhooks posted to forum channels must have a thread_name or thread_id"),
    220002: (400, "Webhooks posted to forum channels cannot have both a thread_name and thread_id"),
    220003: (400, "Webhooks can only create threads in forum channels"),
    240000: (400, "Message blocked by harmful links filter"),
}


class ApiError(Exception):
    """A request refused as Discord refuses it; ``retry_after`` (seconds) makes it a rate limit, ``scope`` says whose."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        errors: JSON | None = None,
        retry_after: float | None = None,
        scope: str = "user",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
        self.retry_after = retry_after
        self.scope = scope

    def body(self) -> JSON:
        data: JSON = {"message": self.message, "code": self.code}
        if self.errors:
            data["errors"] = self.errors
        if self.retry_after is not None:
            data |= {"retry_after": round(self.retry_after, 3), "global": False}
        return data


def refusal(code: int, retry_after: float | None = None) -> ApiError:
    """The refusal that Discord gives under ``code``."""
    status, message = CODES[code]
    return ApiError(status, code, message, retry_after=retry_after)


class Mistake(ApiError):
    """What a member can't do, in the sentence they are to read. No request of the application ends in one."""


def mistake(sentence: str, status: int = 400, code: int = 50035) -> Mistake:
    return Mistake(status, code, sentence)


class FormErrors:
    """Collects what is wrong with a body, by place, and raises 50035 with all of it at once."""

    def __init__(self) -> None:
        self._tree: JSON = {}

    def add(self, place: tuple[str | int, ...], code: str, message: str) -> None:
        node = self._tree
        for step in place:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def raise_any(self) -> None:
        if self._tree:
            status, message = CODES[50035]
            raise ApiError(status, 50035, message, self._tree)


def form_error(place: tuple[str | int, ...], code: str, message: str) -> ApiError:
    """A 50035 with a single fault."""
    tree: JSON = {"_errors": [{"code": code, "message": message}]}
    for step in reversed(place):
        tree = {str(step): tree}
    return ApiError(400, 50035, "Invalid Form Body", tree)
