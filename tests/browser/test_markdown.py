"""Discord Markdown as elements: a table of texts and the HTML they become, hostile and huge ones among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.stage import ALICE, BOB, GUILD, HEADLINES, MIA, Stage

if TYPE_CHECKING:
    from playwright.async_api import Page

RENDER = """async (text) => {
    const [{html, render}, {Markdown}, {Directory}, {emptyState}] = await Promise.all(
        ["core/dom", "markdown/render", "core/directory", "core/store"].map((name) => import(`/js/${name}.js`)));
    const state = {
        ...emptyState,
        guild: {id: "%s"},
        members: new Map([["%s", {display_name: "Alice"}], ["%s", {display_name: "Bob"}]]),
        roles: new Map([["7", {name: "Moderator"}]]),
        channels: new Map([["%s", {name: "headlines"}]]),
    };
    const names = new Directory({state}, "%s");
    const place = document.createElement("div");
    render(html`<${Markdown} text=${text} names=${names} />`, place);
    return place.firstElementChild?.innerHTML ?? "";
}""" % (GUILD, ALICE, BOB, HEADLINES, ALICE)  # noqa: UP031 - the braces are JavaScript's

A = 'target="_blank" rel="noopener noreferrer"'

TABLE = {
    "styles": (
        "**b** *i* _i_ __u__ ~~s~~",
        "<p><strong>b</strong> <em>i</em> <em>i</em> <u>u</u> <s>s</s></p>",
    ),
    "bold italic": ("***both***", "<p><strong><em>both</em></strong></p>"),
    "italic in bold": ("**a *b***", "<p><strong>a <em>b</em></strong></p>"),
    "bold in italic": ("*a **b***", "<p><em>a <strong>b</strong></em></p>"),
    "bold closes first": ("***a** b*", "<p><em><strong>a</strong> b</em></p>"),
    "snake case": ("snake_case_name, __init__", "<p>snake_case_name, <u>init</u></p>"),
    "arithmetic": ("2 * 3 * 4 **", "<p>2 * 3 * 4 **</p>"),
    "nothing inside": ("**** ____ ||||", "<p>**** ____ ||||</p>"),
    "crossed": ("**a __b** c__", "<p><strong>a __b</strong> c__</p>"),
    "escapes": (r"\*no\* \<@1> \\ \_", "<p>*no* &lt;@1&gt; \\ _</p>"),
    "code": ("`**x**` ``a ` b``", "<p><code>**x**</code> <code>a ` b</code></p>"),
    "code unclosed": ("`a", "<p>`a</p>"),
    "fence": ("```py\nx = 1\n```", '<pre tabindex="0" aria-label="Code, py"><code>x = 1</code></pre>'),
    "fence in a line": (
        "so ```a``` and",
        '<p>so </p><pre tabindex="0" aria-label="Code"><code>a</code></pre><p> and</p>',
    ),
    "fence unclosed": ("```py\n**x**", "<p>```py\n<strong>x</strong></p>"),
    "quote": ("> a\n> b\nc", "<blockquote><p>a\nb</p></blockquote><p>c</p>"),
    "quote to the end": (">>> a\nb\n> c", "<blockquote><p>a\nb\n&gt; c</p></blockquote>"),
    "headings": ("# a\n## b\n### c", '<h4 class="h1">a</h4><h5 class="h2">b</h5><h6 class="h3">c</h6>'),
    "no headings": ("#a\n#### b", "<p>#a\n#### b</p>"),
    "subtext": ("-# small **b**", '<p class="subtext">small <strong>b</strong></p>'),
    "lists": (
        "- a\n  - b\n- c\n3. d\n4. e",
        '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><ol start="3"><li>d</li><li>e</li></ol>',
    ),
    "list goes on": ("- a\n  more\nend", "<ul><li>a\nmore</li></ul><p>end</p>"),
    "line breaks": ("a\n\nb", "<p>a\n\nb</p>"),
    "masked link": (
        "[a **b**](https://x.example/c_(d))",
        f'<p><a title="https://x.example/c_(d)" href="https://x.example/c_(d)" {A}>a <strong>b</strong></a></p>',
    ),
    "bare link": (
        "(https://x.example/a_b).",
        f'<p>(<a title="https://x.example/a_b" href="https://x.example/a_b" {A}>https://x.example/a_b</a>).</p>',
    ),
    "angled link": (
        "<https://x.example/>",
        f'<p><a title="https://x.example/" href="https://x.example/" {A}>https://x.example/</a></p>',
    ),
    "script link": (
        "[x](javascript:alert(1)) <javascript:x>",
        "<p>[x](javascript:alert(1)) &lt;javascript:x&gt;</p>",
    ),
    "data link": ("[x](data:text/html,<b>)", "<p>[x](data:text/html,&lt;b&gt;)</p>"),
    "markup": ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
    "jump": (
        f"https://discord.com/channels/{GUILD}/{HEADLINES}/42",
        f'<p><a class="mention" href="#/channel/{HEADLINES}/42">#headlines › message</a></p>',
    ),
    "me": (f"<@{ALICE}>", '<p><span class="mention me">@Alice</span></p>'),
    "somebody": (f"<@!{BOB}>", '<p><span class="mention ">@Bob</span></p>'),
    "stranger": (f"<@{MIA}>", '<p><span class="mention ">@unknown member</span></p>'),
    "role": ("<@&7>", '<p><span class="mention">@Moderator</span></p>'),
    "channel": (f"<#{HEADLINES}>", f'<p><a class="mention" href="#/channel/{HEADLINES}">#headlines</a></p>'),
    "command": ("</remove post:12>", '<p><span class="mention">/remove post</span></p>'),
    "everyone": ("@everyone @someone", '<p><span class="mention">@everyone</span> @someone</p>'),
    "emoji": (
        "x <a:wave:5>",
        '<p>x <img class="emoji" src="/cdn/emojis/5.gif" alt=":wave:" title=":wave:"></p>',
    ),
    "time": (
        "<t:0:d>",
        '<p><time class="stamp" datetime="1970-01-01T00:00:00.000Z" '
        'title="Thursday 1 January 1970 at 00:00:00 UTC">01/01/1970</time></p>',
    ),
    "time beyond calendars": ("<t:9999999999999>", '<p><time class="stamp" title="">Invalid date</time></p>'),
    "spoiler": (
        "||secret||",
        '<p><span class="spoiler" role="button" tabindex="0" aria-label="Spoiler: press to reveal">'
        '<span inert="">secret</span></span></p>',
    ),
    "empty": ("", ""),
}

HUGE = {
    "brackets": "[" * 100_000,
    "nested links": "[[" * 20_000 + "]](http://a.example)" * 5_000,
    "link starts": "[a](http://" * 10_000,
    "stars": "*a **b " * 15_000,
    "mixed marks": "*_~~||__**" * 10_000,
    "ticks": "`a``b```" * 10_000,
    "angles": "<@<#<t:<:a:" * 10_000,
    "quotes": "> " * 50_000,
    "items": "- a\n  " * 20_000,
    "deep lists": "\n".join(" " * depth + "- x" for depth in range(1_000)),
    "fences": "```\n" * 20_000,
    "escapes": "\\" * 100_000,
    "emoji then not": "😀" * 390 + "x",
}


async def test_table(stage: Stage) -> None:
    """Every text of the table becomes exactly its elements."""
    page = await _blank(stage)

    rendered = {name: await page.evaluate(RENDER, text) for name, (text, _) in TABLE.items()}

    rendered["time"] = rendered["time"].replace("Thursday, ", "Thursday ")  # which of the two depends on ICU
    assert rendered == {name: html for name, (_, html) in TABLE.items()}


async def test_huge_texts_stay_quick(stage: Stage) -> None:
    """A hundred thousand marks parse in a blink: the time grows with the text, not with its square."""
    page = await _blank(stage)
    timed = """async (text) => {
        const {parseBlocks} = await import("/js/markdown/blocks.js");
        const began = performance.now();
        parseBlocks(text);
        return performance.now() - began;
    }"""

    spent = {name: await page.evaluate(timed, text) for name, text in HUGE.items()}

    assert {name: ms for name, ms in spent.items() if ms > 1500} == {}


async def test_huge_texts_render(stage: Stage) -> None:
    """What a message can hold at most (4,000 characters) never breaks the renderer, whatever it is."""
    page = await _blank(stage)

    for name, text in HUGE.items():
        assert await page.evaluate(RENDER, text[:4000]), name


async def test_relative_time_goes_on(stage: Stage) -> None:
    """A relative time is renewed while one looks."""
    page = await stage.visit()
    await page.clock.install()
    await page.goto(stage.url)
    posted = await stage.say(HEADLINES, f"Now: <t:{await page.evaluate('Math.floor(Date.now() / 1000)')}:R>")
    await page.goto(f"{stage.url}/#/channel/{HEADLINES}/{posted['id']}")
    stamp = page.locator(".message time.stamp")
    await stamp.wait_for()

    await page.clock.run_for(3 * 3600 * 1000)

    assert await stamp.text_content() == "3 hours ago"


async def _blank(stage: Stage) -> Page:
    page = await stage.visit()
    await page.goto(stage.url)
    return page
