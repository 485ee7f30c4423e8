/**
 * The insight of a file, as a report that is rendered beside it and stays up to date: what the command shows, the
 * click on a code lens, and "show why" on a suspicion.
 */
import { type ExtensionContext, Uri, commands, languages, window } from "vscode";

import { folderOf } from "../folders.ts";
import { Later } from "../later.ts";
import type { Servers } from "../server/servers.ts";
import { isCancelled, isRefusal, reasonOf, refusal } from "./errors.ts";
import { reportLine, reportLinks } from "./links.ts";
import { marked } from "./marks.ts";
import type { Panel } from "./panel.ts";
import { BLANK, type Sheet } from "./sheet.ts";

const INSIGHT = "sleeplsp.insight";
const REPORT = "sleeplsp.report";
const SHOW_WHY = "sleeplsp.showWhy";

/** Milliseconds after which a report is made anew when something has changed. */
const AFTER_MS = 400;

/** What the server's command `sleeplsp.insight` returns. */
interface Report {
    readonly markdown: string;
    readonly line: number;
}

/** What is shown: a file, from where on. */
interface Subject {
    readonly uri: Uri;
    readonly symbol?: string;
    /** The 0-based line of something suspected. */
    readonly line?: number;
}

/** Register the command, and take the place of the server's own that write a report to a file or a message. */
export function register(context: ExtensionContext, servers: Servers, panel: Panel): void {
    const shown = new Shown(servers, panel);
    context.subscriptions.push(
        shown,
        commands.registerCommand("sleeplsp.editor.insight", async (given?: unknown) => {
            const uri = given instanceof Uri ? given : window.activeTextEditor?.document.uri;
            if (uri === undefined) {
                void window.showInformationMessage("sleeplsp: open a file, and ask for its insight again.");
                return;
            }
            await shown.show({ uri });
        }),
        servers.intercept(REPORT, async ([uri, symbol]) => {
            const target = Uri.parse(String(uri));
            await shown.show(typeof symbol === "string" ? { uri: target, symbol } : { uri: target });
        }),
        servers.intercept(SHOW_WHY, async ([uri, id]) => {
            const target = Uri.parse(String(uri));
            const mark = marked(target, String(id));
            await shown.show(
                mark === undefined ? { uri: target } : { uri: target, line: mark.range.start.line },
            );
        }),
        servers.onStatus(() => {
            shown.refreshSoon();
        }),
        languages.onDidChangeDiagnostics(({ uris }) => {
            shown.refreshSoon(uris);
        }),
        panel.onSight(() => {
            shown.refreshSoon();
        }),
        panel.onPress(id => {
            if (id === "again") {
                shown.refreshSoon();
            }
        }),
    );
}

/** The report that is shown. */
class Shown {
    private readonly servers: Servers;
    private readonly panel: Panel;
    private readonly refreshing: Later;
    private subject: Subject | undefined;

    constructor(servers: Servers, panel: Panel) {
        this.servers = servers;
        this.panel = panel;
        this.refreshing = new Later(() => this.refresh(), AFTER_MS);
    }

    /** Show the report of a file. */
    async show(subject: Subject): Promise<void> {
        try {
            const report = await this.asked(subject);
            this.subject = subject;
            const line = subject.line === undefined ? report.line : reportLine(report.markdown, subject.line);
            const [sheet, places] = this.sheet(subject, report, line);
            this.panel.show(`Insight: ${subject.uri.path.split("/").pop() ?? ""}`, sheet, places);
        } catch (error) {
            if (isRefusal(error)) {
                const otherwise = "of this file nothing is known: it must be open, and of a known language.";
                void window.showInformationMessage(`sleeplsp: ${refusal(error, otherwise)}`);
            } else if (!isCancelled(error)) {
                void window.showErrorMessage(`sleeplsp: no insight of this file: ${reasonOf(error)}`);
            }
        }
    }

    /** Make the report anew in a moment, if it can be seen and may be about one of these files. */
    refreshSoon(uris?: readonly Uri[]): void {
        const own = this.subject?.uri.toString();
        if (this.panel.isVisible && (uris === undefined || uris.some(each => each.toString() === own))) {
            this.refreshing.soon();
        }
    }

    dispose(): void {
        this.refreshing.dispose();
    }

    private async refresh(): Promise<void> {
        const { subject } = this;
        if (subject === undefined || !this.panel.isVisible) {
            return;
        }
        const before = this.panel.sheet;
        const [sheet, places] = await this.asked(subject).then(
            report => this.sheet(subject, report, before.line),
            (error: unknown) => [{ ...before, notes: [older(error)] }, undefined] as const,
        );
        const isSame = JSON.stringify(sheet) === JSON.stringify(this.panel.sheet);
        if (subject === this.subject && !isSame) {
            this.panel.update(sheet, places);
        }
    }

    private async asked({ uri, symbol }: Subject): Promise<Report> {
        const args = symbol === undefined ? [uri.toString()] : [uri.toString(), symbol];
        return this.servers.execute<Report>(INSIGHT, args);
    }

    private sheet({ uri }: Subject, { markdown }: Report, line: number) {
        const folder = folderOf(this.servers.statuses, uri.toString())?.root ?? null;
        const { places, codes, headings } = reportLinks(markdown, uri.toString(), folder);
        const sheet: Sheet = { ...BLANK, markdown, codes, headings, line };
        return [sheet, places] as const;
    }
}

function older(error: unknown): string {
    return isRefusal(error)
        ? "The file is not open any more: this is as it was then."
        : `This is older: ${reasonOf(error)}.`;
}
