/** Answers: to questions, of tracebacks, of files; and what is asked when a suspicion is dismissed. */
import { commands, env } from "vscode";

import type { Services } from "../services.ts";
import * as ask from "./ask.ts";
import * as dismissing from "./dismissing.ts";
import * as explain from "./explain.ts";
import * as insight from "./insight.ts";
import { Panel } from "./panel.ts";
import type { ButtonId } from "./sheet.ts";

/** The commands behind buttons that are the same on all pages. */
const COMMANDS: Partial<Record<ButtonId, string>> = {
    addModel: "sleeplsp.setEndpoint",
    setKey: "sleeplsp.setApiKey",
    trust: "workbench.trust.manage",
    showLog: "sleeplsp.showLog",
};

/** Register all that belongs to it. */
export function register({ context, servers }: Services): void {
    const answer = new Panel("answer", context.extensionUri);
    const why = new Panel("why", context.extensionUri);
    const report = new Panel("insight", context.extensionUri);
    const panels = [answer, why, report];
    ask.register(context, servers, answer);
    explain.register(context, servers, why);
    insight.register(context, servers, report);
    dismissing.register(context, servers);
    context.subscriptions.push(
        ...panels,
        ...panels.map(panel =>
            panel.onPress(id => {
                const command = COMMANDS[id];
                if (command !== undefined) {
                    void commands.executeCommand(command);
                }
            }),
        ),
        commands.registerCommand("sleeplsp.page.copy", async () => {
            const panel = panels.find(each => each.isActive) ?? panels.find(each => each.isVisible);
            if (panel !== undefined) {
                await env.clipboard.writeText(panel.sheet.markdown || panel.sheet.streamed);
            }
        }),
    );
}
