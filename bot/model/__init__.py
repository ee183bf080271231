"""The nouns: frozen records that pass between the rooms. No I/O, no Discord, no feedparser, no SQL.

The path of an article, one record a hop::

    Feed (settings) + PollState --fetch--> Fetched | NotModified | Failure
    Fetched --parse--> ParsedFeed | Failure
    + Known --decide--> FeedNews -> PollUpdate --store.apply--> Story + Job rows, in one transaction
    Job + Article --draft--> Draft --newsroom--> Receipt
"""

from __future__ import annotations

from bot.model.answers import (
    FeedOverview,
    FormerHeadline,
    Overview,
    OwnThread,
    StoryDetails,
    WaitingJob,
)
from bot.model.discussion import (
    Contribution,
    Discussion,
    File,
    Made,
    Post,
    PostDetails,
    Quotation,
    Quote,
    QuoteMode,
    Ranked,
    Reacted,
    Said,
    Sentiment,
    Tally,
)
from bot.model.drafts import (
    Draft,
    DraftPart,
    ImagePart,
    RulePart,
    TextPart,
)
from bot.model.feeds import (
    Article,
    Enclosure,
    Failure,
    FailureKind,
    FeedNews,
    Fetched,
    FetchOutcome,
    Identity,
    Known,
    NotModified,
    ParsedFeed,
    PollState,
    PollUpdate,
    Validators,
)
from bot.model.outbox import (
    Job,
    JobKind,
    JobState,
    Receipt,
    Story,
    lane_of,
)

__all__ = [
    "Article",
    "Contribution",
    "Discussion",
    "Draft",
    "DraftPart",
    "Enclosure",
    "Failure",
    "FailureKind",
    "FeedNews",
    "FeedOverview",
    "FetchOutcome",
    "Fetched",
    "File",
    "FormerHeadline",
    "Identity",
    "ImagePart",
    "Job",
    "JobKind",
    "JobState",
    "Known",
    "Made",
    "NotModified",
    "Overview",
    "OwnThread",
    "ParsedFeed",
    "PollState",
    "PollUpdate",
    "Post",
    "PostDetails",
    "Quotation",
    "Quote",
    "QuoteMode",
    "Ranked",
    "Reacted",
    "Receipt",
    "RulePart",
    "Said",
    "Sentiment",
    "Story",
    "StoryDetails",
    "Tally",
    "TextPart",
    "Validators",
    "WaitingJob",
    "lane_of",
]
