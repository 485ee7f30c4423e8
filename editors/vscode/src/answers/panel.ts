/**
 * A panel with a page: at most one of each kind is open, and what is shown next takes its place. Its webview runs
 * our own script and nothing else, loads nothing, and follows no link. It must not know what it shows.
 */
import { randomBytes } from "node:crypto";

import {
    type Disposable,
    EventEmitter,
    type Event,
    Uri,
    ViewColumn,
    type Webview,
    type WebviewPanel,
    window,
} from "vscode";

import type { Place } from "../places.ts";
import { reveal } from "./reveal.ts";
import { BLANK, type ButtonId, type FromPage, type Sheet, type ToPage } from "./sheet.ts";

/** What panels there are; the name of a kind after `sleeplsp.` is what VS Code knows it by. */
export type PanelKind = "answer" | "why" | "insight";

/** See above. */
export class Panel implements Disposable {
    private readonly presses = new EventEmitter<ButtonId>();
    private readonly closings = new EventEmitter<void>();
    private readonly sights = new EventEmitter<void>();
    /** A button of the page was pressed. */
    readonly onPress: Event<ButtonId> = this.presses.event;
    /** It was closed. */
    readonly onClose: Event<void> = this.closings.event;
    /** It came into sight. */
    readonly onSight: Event<void> = this.sights.event;

    private readonly kind: PanelKind;
    private readonly extension: Uri;
    private panel: WebviewPanel | undefined;
    private current: Sheet = BLANK;
    private places: readonly Place[] = [];
    private isNew = true;

    constructor(kind: PanelKind, extension: Uri) {
        this.kind = kind;
        this.extension = extension;
    }

    get isActive(): boolean {
        return this.panel?.active === true;
    }

    get isVisible(): boolean {
        return this.panel?.visible === true;
    }

    /** What it shows. */
    get sheet(): Sheet {
        return this.current;
    }

    /** Show something else, beside the editor; its links lead to `places`. */
    show(tab: string, sheet: Sheet, places: readonly Place[] = []): void {
        const panel = (this.panel ??= this.opened());
        panel.title = tab;
        panel.reveal(panel.viewColumn, true);
        this.isNew = true;
        this.put(sheet, places);
    }

    /** Show what has become of what is shown. */
    update(sheet: Sheet, places: readonly Place[] = this.places): void {
        this.put(sheet, places);
    }

    /** Add to what a model says. */
    append(text: string): void {
        this.current = { ...this.current, streamed: this.current.streamed + text };
        this.tell({ kind: "piece", text });
    }

    dispose(): void {
        this.panel?.dispose();
        this.presses.dispose();
        this.closings.dispose();
        this.sights.dispose();
    }

    private put(sheet: Sheet, places: readonly Place[]): void {
        this.current = sheet;
        this.places = places;
        this.tell({ kind: "sheet", sheet, isNew: this.isNew });
        this.isNew = false;
    }

    private tell(message: ToPage): void {
        // What is told before the page is there is lost: once it is, it asks for all.
        void this.panel?.webview.postMessage(message);
    }

    private opened(): WebviewPanel {
        const panel = window.createWebviewPanel(
            `sleeplsp.${this.kind}`,
            "sleeplsp",
            { viewColumn: ViewColumn.Beside, preserveFocus: true },
            {
                enableScripts: true,
                enableForms: false,
                enableCommandUris: false,
                enableFindWidget: true,
                localResourceRoots: [
                    Uri.joinPath(this.extension, "dist"),
                    Uri.joinPath(this.extension, "media"),
                ],
            },
        );
        panel.iconPath = Uri.joinPath(this.extension, "media", "moon.svg");
        panel.onDidDispose(() => {
            this.panel = undefined;
            this.current = BLANK;
            this.closings.fire();
        });
        panel.onDidChangeViewState(() => {
            if (panel.visible) {
                this.sights.fire();
            }
        });
        panel.webview.onDidReceiveMessage((message: FromPage) => {
            void this.hear(message);
        });
        panel.webview.html = page(panel.webview, this.extension);
        return panel;
    }

    private async hear(message: FromPage): Promise<void> {
        if (message.kind === "ready") {
            this.tell({ kind: "sheet", sheet: this.current, isNew: true });
        } else if (message.kind === "press") {
            this.presses.fire(message.id);
        } else {
            const place = this.places[message.place];
            if (place !== undefined) {
                await reveal(place);
            }
        }
    }
}

/** Return the empty page: it may load our script and our style, and nothing else. */
function page(webview: Webview, extension: Uri): string {
    const nonce = randomBytes(16).toString("base64");
    const script = webview.asWebviewUri(Uri.joinPath(extension, "dist", "page.js")).toString();
    const style = webview.asWebviewUri(Uri.joinPath(extension, "media", "page.css")).toString();
    const policy = [
        "default-src 'none'",
        `script-src 'nonce-${nonce}'`,
        `style-src ${webview.cspSource}`,
        "base-uri 'none'",
        "form-action 'none'",
    ].join("; ");
    return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${style}">
<title>sleeplsp</title>
</head>
<body><script nonce="${nonce}" src="${script}"></script></body>
</html>`;
}
