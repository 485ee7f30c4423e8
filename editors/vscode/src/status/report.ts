/** The status report: what the server did and failed at, as a rendered page. Pure but for `register`. */
import { EventEmitter, Uri, commands, window, workspace } from "vscode";

import type { Status } from "../server/protocol.ts";
import type { Services } from "../services.ts";
import { statusPage } from "./page.ts";

const SCHEME = "sleeplsp-status";
const PAGE = Uri.parse(`${SCHEME}:/sleeplsp status.md`);

/** Register the command *Show Status Report*. */
export function register({ context, servers }: Services): void {
    const changes = new EventEmitter<Uri>();
    let text = "";
    const write = async () => {
        text = statusPage(await servers.execute<Status[]>("sleeplsp.status"), servers.state);
        changes.fire(PAGE);
    };
    const open = async () => {
        try {
            await write();
        } catch (error) {
            text = statusPage([], servers.state, error instanceof Error ? error.message : String(error));
            changes.fire(PAGE);
        }
        try {
            await commands.executeCommand("markdown.showPreview", PAGE);
        } catch {
            await window.showTextDocument(PAGE, { preview: true }); // Markdown support may be switched off
        }
    };
    context.subscriptions.push(
        changes,
        commands.registerCommand("sleeplsp.openStatus", open),
        workspace.registerTextDocumentContentProvider(SCHEME, {
            onDidChange: changes.event,
            provideTextDocumentContent: () => text,
        }),
    );
}
