/** Asks, once in a window, whether claims may be tested by running code; and the command that decides it. */
import { type QuickPickItem, type WorkspaceFolder, commands, window, workspace } from "vscode";

import type { Status, Verification } from "../server/protocol.ts";
import type { Services } from "../services.ts";
import { explicit } from "../settings.ts";
import { type Decision, isToBeAsked } from "./deciding.ts";
import { folderAt } from "./decisions.ts";
import { brief, choices, question } from "./words.ts";

const TEST = "Test Them";
const NOT_NOW = "Not Now";
const NEVER = "Never Here";

const MEANT: Readonly<Record<string, Decision>> = { [TEST]: "allowed", [NEVER]: "never" };

/** Ask where something could be tested, register the command, and tell the server what is decided. */
export function register(services: Services): void {
    const { context, servers, decisions, prompts } = services;
    const asker = new Asker(services);
    const consider = () => {
        asker.consider();
    };
    prompts.onClosed(consider);
    context.subscriptions.push(
        servers.onStatus(consider),
        decisions.onChange(folder => {
            asker.wasDecided(folder);
            void servers.renewSettings();
        }),
        commands.registerCommand("sleeplsp.testClaims", () => prompts.during(() => decide(services))),
    );
}

/** Remembers of which folders it was asked or told in this window: of them nobody is asked again. */
class Asker {
    private readonly services: Services;
    private readonly asked = new Set<string>();

    constructor(services: Services) {
        this.services = services;
    }

    /** Ask for one folder, if there is one to be asked about, and nothing else is being asked. */
    consider(): void {
        const { servers, decisions, prompts } = this.services;
        const wanted = servers.statuses.find(status => {
            const known = decisions.known(status.root ?? undefined, setting());
            return isToBeAsked(status, known) && !this.asked.has(folderAt(status.root ?? ""));
        });
        if (wanted !== undefined && !prompts.isOpen) {
            void prompts.during(() => this.ask(wanted));
        }
    }

    wasDecided(folder: string): void {
        this.asked.add(folder);
    }

    private async ask({ root, name, verification }: Status): Promise<void> {
        this.asked.add(folderAt(root ?? ""));
        const text = question(name, verification?.waiting ?? 0);
        const answer = await window.showInformationMessage(text, TEST, NOT_NOW, NEVER);
        const decision = MEANT[answer ?? NOT_NOW];
        if (decision !== undefined && root !== null) {
            await this.services.decisions.decide(root, decision);
        }
    }
}

/** Have the user choose a folder, and whether its code may be run. The answer is never an argument of the command. */
async function decide(services: Services): Promise<void> {
    if (!workspace.isTrusted) {
        const manage = "Manage Workspace Trust";
        const text = "This workspace is not trusted: nothing of it is run, and no claim is tested.";
        if ((await window.showWarningMessage(text, manage)) === manage) {
            await commands.executeCommand("workbench.trust.manage");
        }
        return;
    }
    const folder = await chosenFolder(services);
    if (folder === undefined) {
        return;
    }
    const uri = folder.uri.toString();
    const now = services.decisions.of(uri);
    const items = choices(setting()).map(each => ({
        ...each,
        label: `$(${each.decision === now ? "circle-filled" : "circle-outline"}) ${each.label}`,
    }));
    const picked = await window.showQuickPick(items, {
        title: `Test claims of the model in ${folder.name}`,
        placeHolder: `Now: ${brief(verificationOf(services, folder))}`,
    });
    if (picked !== undefined && picked.decision !== now) {
        await services.decisions.decide(uri, picked.decision);
    }
}

async function chosenFolder(services: Services): Promise<WorkspaceFolder | undefined> {
    const folders = workspace.workspaceFolders ?? [];
    if (folders.length === 0) {
        void window.showInformationMessage("sleeplsp: open a folder first: claims are tested in folders.");
    }
    if (folders.length <= 1) {
        return folders[0];
    }
    const items = folders.map((folder): QuickPickItem & { readonly folder: WorkspaceFolder } => ({
        label: shown(folder.name),
        description: shown(brief(verificationOf(services, folder))),
        folder,
    }));
    const picked = await window.showQuickPick(items, { title: "Test claims of the model in which folder?" });
    return picked?.folder;
}

function verificationOf({ servers }: Services, folder: WorkspaceFolder): Verification | null | undefined {
    const uri = folder.uri.toString();
    return servers.statuses.find(({ root }) => root !== null && folderAt(root) === uri)?.verification;
}

/** Return the user's own setting, if it is set at all. */
function setting(): unknown {
    return explicit(["verify"])["verify"];
}

/** Return text in which nothing becomes an icon. */
function shown(text: string): string {
    return text.replaceAll("$(", "$ (");
}
