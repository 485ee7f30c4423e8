/** The status bar item: what the server does just now. A click shows the menu. */
import { MarkdownString, StatusBarAlignment, ThemeColor, window, workspace } from "vscode";

import type { Services } from "../services.ts";
import { shown } from "./text.ts";

/** Show the item for as long as the extension is active. */
export function register({ context, servers }: Services): void {
    const item = window.createStatusBarItem("sleeplsp.status", StatusBarAlignment.Right, 50);
    item.name = "sleeplsp";
    item.command = "sleeplsp.menu";
    const show = () => {
        const { icon, text, lines, isWarning } = shown(servers.state, servers.statuses, workspace.isTrusted);
        item.text = `$(${icon}) ${text.replaceAll("$(", "$ (")}`;
        item.tooltip = new MarkdownString(["**sleeplsp**", ...lines].join("\n\n"));
        item.accessibilityInformation = { label: text.startsWith("sleeplsp") ? text : `sleeplsp: ${text}` };
        item.backgroundColor = isWarning ? new ThemeColor("statusBarItem.warningBackground") : undefined;
    };
    show();
    item.show();
    context.subscriptions.push(
        item,
        servers.onState(show),
        servers.onStatus(show),
        workspace.onDidGrantWorkspaceTrust(show),
    );
}
