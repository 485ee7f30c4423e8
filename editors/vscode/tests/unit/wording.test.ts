import assert from "node:assert/strict";
import { test } from "node:test";

import { Marked, type Token } from "marked";

import { elements, type Child } from "../../src/answers/page/markdown.ts";
import { code, count, oneLine, parts, plain, sentence, unmarked } from "../../src/wording.ts";

/** Texts as a repository or a model may hold them: shown, each says what it is and nothing else. */
const TEXTS = [
    "plain words",
    "# no heading",
    "1. no list",
    "12) no list",
    "- no item",
    "+ no item",
    "* no item",
    "> no quote",
    "**not bold**, _nor this_, ~~nor that~~",
    "[a link](https://example.org)",
    "[a command](command:workbench.action.quit)",
    "![an image](https://example.org/x.png)",
    "<img src=x onerror=alert(1)>",
    "<https://example.org>",
    "https://example.org and www.example.org and me@example.org",
    "&lt;script&gt; &amp; &#42;",
    "$(trash) and $x$",
    "a | b",
    "back\\slash \\* star",
    "===",
    "---",
    "[ref]: https://example.org",
];

test("a text stands for itself", () => {
    for (const text of TEXTS) {
        assert.deepEqual(elements(plain(text)).map(joined), [{ tag: "p", children: [text], line: 0 }], text);
        assert.deepEqual(elements(sentence(text)).map(joined), elements(plain(text)).map(joined), text);
    }
});

test("no text becomes anything but text where addresses become links, as in VS Code's own Markdown", () => {
    const reader = new Marked({ gfm: true });
    for (const text of TEXTS) {
        const types = new Set<string>();
        void reader.walkTokens(reader.lexer(plain(text)), (token: Token) => {
            types.add(token.type);
        });
        const others = [...types].filter(each => !["paragraph", "text", "escape"].includes(each));
        assert.deepEqual(others, [], text);
    }
});

test("code in a sentence stands for itself, whatever it holds", () => {
    for (const text of [...TEXTS, "a ` b", "``", "`", "`` a"]) {
        const [paragraph, ...others] = elements(`x ${code(text)} y`);
        assert.deepEqual(others, [], text);
        assert.deepEqual(paragraph?.children, ["x ", { tag: "code", children: [text] }, " y"], text);
    }
});

test("what stands between backquotes is code", () => {
    assert.equal(sentence("`a_b` may be `None` *here*"), "`a_b` may be `None` \\*here\\*");
    assert.equal(unmarked("`a_b` may be `None`, not `"), "a_b may be None, not `");
});

test("controls and marks that turn the order of text are seen", () => {
    assert.equal(oneLine("a\u202eb\u0007c\n d"), "a\ufffdb\ufffdc d");
    assert.equal(code("a\nb"), "`a b`");
});

test("numbers stand with their things", () => {
    assert.equal(count(1, "file"), "1 file");
    assert.equal(count(1200, "token"), "1,200 tokens");
});

/** Return an element with texts that follow one another as one. */
function joined<Given extends { children: readonly Child[] }>(element: Given): Given {
    const children: Child[] = [];
    for (const child of element.children) {
        const last = children.at(-1);
        if (typeof child === "string" && typeof last === "string") {
            children[children.length - 1] = last + child;
        } else {
            children.push(typeof child === "string" ? child : joined(child));
        }
    }
    return { ...element, children };
}

test("of a sentence, what stands between two backquotes is code", () => {
    assert.deepEqual(parts("`a` wants\n`b`, and ` is one"), ["", "a", " wants ", "b", ", and ` is one"]);
});
