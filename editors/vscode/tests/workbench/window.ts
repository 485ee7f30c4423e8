/**
 * A window of VS Code, as somebody who uses it sees it: what is on the screen, the keys, the mouse.
 *
 * It alone knows how the workbench is built. It must not know what the extension does.
 */

import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { LEFT } from "../machine/places.ts";
import { WAIT_MS, until } from "../machine/until.ts";

export class Window {
    readonly page: Page;
    private readonly project: string;

    constructor(page: Page, project: string) {
        this.page = page;
        this.project = project;
        page.setDefaultTimeout(WAIT_MS);
    }

    /** Open an address; return once the workbench is there. */
    async open(url: string): Promise<void> {
        await this.page.goto(url, { waitUntil: "domcontentloaded" });
        await this.page.locator(".monaco-workbench .part.statusbar").waitFor();
    }

    /** Open it anew, as it is: its extensions start again. */
    async reload(): Promise<void> {
        await this.page.reload({ waitUntil: "domcontentloaded" });
        await this.page.locator(".monaco-workbench .part.statusbar").waitFor();
    }

    /** The same by the command, which has VS Code keep first what extensions want kept. */
    async reloadByCommand(): Promise<void> {
        const loaded = this.page.waitForEvent("load");
        await this.command("Developer: Reload Window");
        await loaded;
        await this.page.locator(".monaco-workbench .part.statusbar").waitFor();
    }

    // Files and the editor

    /** Open a file of the project by its path. */
    async openFile(path: string): Promise<void> {
        const name = basename(path);
        await this.quickOpen(join(this.project, path), name);
        await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
        await this.page.locator(".editor-group-container.active .view-line").first().waitFor();
    }

    /** The text of the active editor that is in view. */
    async text(): Promise<string> {
        const lines = await this.page.locator(".editor-group-container.active .view-line").evaluateAll(all =>
            all
                .map(each => ({
                    top: parseFloat((each as HTMLElement).style.top),
                    text: each.textContent ?? "",
                }))
                .sort((one, other) => one.top - other.top)
                .map(each => each.text.replaceAll("\u00a0", " ")),
        );
        return lines.join("\n");
    }

    /** Put the cursor on a line and column, both from 1. */
    async goTo(line: number, column = 1): Promise<void> {
        await this.quickOpen(`:${line}:${column}`);
        // Columns are told by width, as the screen has them.
        const here = new RegExp(`Ln ${line}, Col \\d`);
        await this.page.locator('.statusbar-item[id="status.editor.selection"]', { hasText: here }).waitFor();
    }

    /** Type into the active editor, where the cursor is. */
    async type(text: string): Promise<void> {
        await this.page.keyboard.insertText(text);
    }

    async press(...keys: string[]): Promise<void> {
        for (const each of keys) {
            await this.page.keyboard.press(each);
        }
    }

    async save(): Promise<void> {
        await this.press("Control+s");
        await this.page.locator(".tab.active:not(.dirty)").waitFor();
    }

    /** What is underlined: marks of one severity. */
    marks(severity: "error" | "warning" | "info" | "hint"): Locator {
        return this.page.locator(`.editor-group-container.active .squiggly-${severity}`);
    }

    /** Rest the mouse on something until a hover is there that holds a text; return the hover. */
    async hover(on: Locator, holds: string | RegExp): Promise<Locator> {
        const shown = this.page.locator(".monaco-hover:visible", { hasText: holds }).first();
        await until(`a hover with ${holds}`, async () => {
            const box = await on.boundingBox();
            if (box === null) {
                return false;
            }
            await this.page.mouse.move(box.x + box.width / 2, box.y + box.height + 60);
            await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
            return this.isThere(shown);
        });
        return shown;
    }

    /** The words of the active editor's text that are drawn as one piece and are equal to `text`. */
    word(text: string): Locator {
        const exact = new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*$`);
        return this.page.locator(".editor-group-container.active .view-line span > span", { hasText: exact });
    }

    // Commands and questions

    /** Run a command by its title. */
    async command(title: string): Promise<void> {
        await this.quickOpen(`>${title}`, title);
    }

    /** The field that asks for something at the top. */
    get input(): Locator {
        return this.page.locator(".quick-input-widget:visible");
    }

    /** Write a text into the field at the top, and have it taken. */
    async fill(text: string): Promise<void> {
        await this.input.locator("input").fill(text);
        await this.press("Enter");
    }

    /** The same, where nothing else is asked then. */
    async answer(text: string): Promise<void> {
        await this.fill(text);
        await this.input.waitFor({ state: "hidden" });
    }

    /** The entries that are offered at the top. */
    get offered(): Locator {
        return this.input.locator(".quick-input-list .monaco-list-row");
    }

    /** Take the entry with a text. */
    async pick(text: string | RegExp): Promise<void> {
        await this.offered.filter({ hasText: text }).first().click();
    }

    /** Open the menu of fixes at the cursor and take one; with `asks`, until that is offered then. */
    async fix(title: string | RegExp, asks?: string): Promise<void> {
        const entry = this.page.locator(".action-widget .monaco-list-row", { hasText: title }).first();
        // The menu may be drawn anew under the click; what is asked then is gone when the editor takes the keyboard.
        await until(`the action ${title}`, async () => {
            await this.press("Escape", "Control+.");
            if (!(await this.isThere(entry))) {
                return false;
            }
            await entry.click({ timeout: 2_000 });
            return asks === undefined || (await this.isThere(this.offered.filter({ hasText: asks }).first()));
        });
    }

    // Around the editor

    /** The item of the status bar that an extension names so. */
    statusItem(id: string): Locator {
        return this.page.locator(`.statusbar-item[id="${id}"]`);
    }

    /** Take note of all that such an item says from now on; the returned function tells. */
    async follow(id: string): Promise<() => Promise<string[]>> {
        const item = this.statusItem(id);
        await item.waitFor();
        await this.page.evaluate(name => {
            const said: string[] = [];
            const look = () => {
                const text =
                    document.querySelector(`.statusbar-item[id="${name}"]`)?.textContent?.trim() ?? "";
                if (text !== said.at(-1)) {
                    said.push(text);
                }
            };
            look();
            const bar = document.querySelector(".part.statusbar");
            if (bar !== null) {
                new MutationObserver(look).observe(bar, {
                    subtree: true,
                    childList: true,
                    characterData: true,
                });
            }
            Object.assign(window, { said });
        }, id);
        return () => this.page.evaluate(() => (window as unknown as { said: string[] }).said);
    }

    notification(text: string | RegExp): Locator {
        return this.page.locator(".notification-toast", { hasText: text });
    }

    /** The same, also where it was hidden by what else was done: then it stands in the list behind the bell. */
    async message(text: string | RegExp): Promise<Locator> {
        const found = this.messages(text);
        await until(`the message ${text}`, async () => {
            if (!(await this.isThere(found))) {
                await this.page.locator('.statusbar-item[id="status.notifications"]').click();
            }
            return this.isThere(found);
        });
        return found;
    }

    /** How many such messages there are, hidden or not. */
    async countMessages(text: string | RegExp): Promise<number> {
        const bell = this.page.locator('.statusbar-item[id="status.notifications"]');
        const list = this.page.locator(".notifications-center.visible");
        await until("the list of messages", async () => {
            await bell.click();
            return this.isThere(list);
        });
        const count = await this.messages(text).count();
        await bell.click();
        await list.waitFor({ state: "detached" });
        return count;
    }

    private messages(text: string | RegExp): Locator {
        return this.page.locator(".notification-list-item:visible", { hasText: text });
    }

    /** Entries of the tree views that are open. */
    treeItem(text: string | RegExp): Locator {
        return this.page.locator(
            ".sidebar .monaco-list-row[role=treeitem], .panel .monaco-list-row[role=treeitem]",
            {
                hasText: text,
            },
        );
    }

    /** The active tab. */
    get tab(): Locator {
        return this.page.locator(".editor-group-container.active .tab.active");
    }

    /** The inside of the one page that an extension shows in the active group, or in the group beside. */
    get webview(): FrameLocator {
        return this.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
    }

    /** Where characters of a line stand on the screen: the line's number and columns, from 1. */
    async boxOf(text: string): Promise<{ left: number; right: number }> {
        return this.page.evaluate(wanted => {
            for (const line of document.querySelectorAll(".editor-group-container.active .view-line")) {
                const nodes = [...textNodes(line)];
                const whole = nodes
                    .map(each => each.data)
                    .join("")
                    .replaceAll("\u00a0", " ");
                const at = whole.indexOf(wanted);
                if (at >= 0) {
                    const range = document.createRange();
                    range.setStart(...within(nodes, at));
                    range.setEnd(...within(nodes, at + wanted.length));
                    const { left, right } = range.getBoundingClientRect();
                    return { left, right };
                }
            }
            throw new Error(`${wanted} is not in view`);

            function* textNodes(root: Node): Iterable<Text> {
                const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                    yield walker.currentNode as Text;
                }
            }

            function within(nodes: Text[], offset: number): [Text, number] {
                for (const node of nodes) {
                    if (offset <= node.length) {
                        return [node, offset];
                    }
                    offset -= node.length;
                }
                throw new Error("the line is shorter");
            }
        }, text);
    }

    /** Tell whether something is there, or comes in a moment: where what brings it about may have to be done again. */
    async isThere(what: Locator): Promise<boolean> {
        return what.waitFor({ timeout: 3_000 }).then(
            () => true,
            () => false,
        );
    }

    /** Keep a picture of the window. */
    async picture(name: string): Promise<string> {
        mkdirSync(LEFT, { recursive: true });
        const path = join(LEFT, `${name}.png`);
        await this.page.screenshot({ path });
        return path;
    }

    /** Write into the field at the top and have it taken; with `entry`, once that is offered. */
    private async quickOpen(text: string, entry?: string): Promise<void> {
        const input = this.input.locator("input");
        const offered = this.offered.filter({ hasText: entry?.split("/").at(-1) ?? "" }).first();
        // A key may be lost, or the field closed by what else happens in the window; what is offered is made when
        // it opens, and a command whose part of the workbench is not there yet does not come into it later.
        let isAgain = false;
        await until(`the field at the top, with ${text}`, async () => {
            // In the editor the key would take the selection away.
            await this.press(...(isAgain ? ["Escape"] : []), "F1");
            isAgain = true;
            if (!(await this.isThere(input))) {
                return false;
            }
            await input.fill(text, { timeout: 2_000 });
            return entry === undefined || (await this.isThere(offered));
        });
        await this.press("Enter");
        // It closes, or asks for something else. One look takes no time and waits for nothing.
        await until("the answer is taken", () =>
            input.evaluateAll(
                (all, said) => all.every(each => (each as HTMLInputElement).value !== said),
                text,
            ),
        );
    }
}
