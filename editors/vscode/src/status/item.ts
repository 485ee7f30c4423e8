/** The status bar item: what the server does just now. */
import { StatusBarAlignment, window } from "vscode";

import type { Services } from "../services.ts";

/** Show the item for as long as the extension is active. */
export function register({ context, servers }: Services): void {
    const item = window.createStatusBarItem("sleeplsp.status", StatusBarAlignment.Right, 50);
    item.name = "sleeplsp";
    item.command = "sleeplsp.menu";
    const show = () => {
        item.text = `$(moon) ${servers.statuses[0]?.state ?? servers.state.kind}`;
    };
    show();
    item.show();
    context.subscriptions.push(item, servers.onState(show), servers.onStatus(show));
}
