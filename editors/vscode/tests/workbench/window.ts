/**
 * A window of VS Code, as somebody who uses it sees it: what is on the screen, the keys, the mouse.
 *
 * It alone knows how the workbench is built. It must not know what the extension does.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { LEFT } from "../machine/places.ts";
import { WAIT_MS, until } from "../machine/until.ts";

export class Window {
    readonly page: Page;

    constructor(page: Page) {
        this.page = page;
        page.setDefaultTimeout(WAIT_MS);
    }

    /** Open an address; return once the workbench is there. */
    async open(url: string): Promise<void> {
        await this.page.goto(url, { waitUntil: "domcontentloaded" });
        await this.page.locator(".monaco-workbench .part.statusbar").waitFor();
    }

    // Files and the editor

    /** Open a file of the project by its path. */
    async openFile(path: string): Promise<void> {
        const name = path.split("/").at(-1) ?? path;
        await this.quickOpen(path, path);
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
        const here = new RegExp(`Ln ${line}, Col ${column}\\b`);
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
            return shown.waitFor({ timeout: 3_000 }).then(
                () => true,
                () => false,
            );
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

    /** Answer the question at the top with a text. */
    async answer(text: string): Promise<void> {
        await this.input.locator("input").fill(text);
        await this.press("Enter");
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

    /** Open the menu of fixes at the cursor and take one. */
    async fix(title: string | RegExp): Promise<void> {
        const entry = this.page.locator(".action-widget .monaco-list-row", { hasText: title });
        await until(`the action ${title}`, async () => {
            await this.press("Escape", "Control+.");
            return entry
                .first()
                .waitFor({ timeout: 3_000 })
                .then(
                    () => true,
                    () => false,
                );
        });
        await entry.first().click();
    }

    // Around the editor

    /** The item of the status bar that an extension names so. */
    statusItem(id: string): Locator {
        return this.page.locator(`.statusbar-item[id="${id}"]`);
    }

    notification(text: string | RegExp): Locator {
        return this.page.locator(".notification-toast", { hasText: text });
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

    /** Keep a picture of the window. */
    async picture(name: string): Promise<string> {
        mkdirSync(LEFT, { recursive: true });
        const path = join(LEFT, `${name}.png`);
        await this.page.screenshot({ path });
        return path;
    }

    private async quickOpen(text: string, entry?: string): Promise<void> {
        const input = this.input.locator("input");
        await until("the field at the top", async () => {
            await this.press("F1");
            return input.waitFor({ timeout: 3_000 }).then(
                () => true,
                () => false,
            );
        });
        await input.fill(text);
        if (entry !== undefined) {
            await this.offered
                .filter({ hasText: entry.split("/").at(-1) ?? entry })
                .first()
                .waitFor();
        }
        await this.press("Enter");
        await this.input.waitFor({ state: "hidden" }).catch(() => undefined);
    }
}
