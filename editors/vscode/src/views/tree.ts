/**
 * The view "Sleeplsp" in the Explorer: how folders stand. The server is asked again when its state or the diagnostics
 * change, and only while the view can be seen.
 */
import {
    type Event,
    EventEmitter,
    type TreeDataProvider,
    type TreeItem,
    type TreeView,
    commands,
    env,
    languages,
    window,
    workspace,
} from "vscode";

import { reveal } from "../answers/reveal.ts";
import { Later } from "../later.ts";
import type { Place } from "../places.ts";
import type { Servers } from "../server/servers.ts";
import type { Services } from "../services.ts";
import { count } from "../wording.ts";
import { type Branch, branches, counted } from "./branches.ts";
import { OPEN, itemOf } from "./items.ts";
import { OVERVIEW, type Overview } from "./overview.ts";
import { welcomeOf } from "./welcome.ts";

const VIEW = "sleeplsp.overview";

/** The key of the context by which the view is there. */
const ACTIVE_KEY = "sleeplsp.isActive";

/** The keys of the context by which the view's welcome and its menu go. */
const WELCOME_KEY = "sleeplsp.view.welcome";
const SHOWS_ALL_KEY = "sleeplsp.view.showsAll";

/** Milliseconds after which the server is asked when something has changed. */
const AFTER_MS = 500;

/** Register the view and its commands. */
export function register({ context, output, servers }: Services): void {
    const tree = new Tree(servers, context.workspaceState.get(SHOWS_ALL_KEY, false), reason => {
        output.debug(`no overview: ${reason}`);
    });
    const view = window.createTreeView(VIEW, { treeDataProvider: tree, showCollapseAll: true });
    tree.attach(view);
    // Where there is no Python, there is no view.
    void commands.executeCommand("setContext", ACTIVE_KEY, true);
    const showAll = (showsAll: boolean) => {
        void context.workspaceState.update(SHOWS_ALL_KEY, showsAll);
        tree.showAll(showsAll);
    };
    context.subscriptions.push(
        tree,
        view,
        view.onDidChangeVisibility(() => {
            tree.refreshSoon();
        }),
        servers.onStatus(() => {
            tree.refreshSoon();
        }),
        servers.onState(() => {
            tree.refreshSoon();
        }),
        languages.onDidChangeDiagnostics(() => {
            tree.refreshSoon();
        }),
        workspace.onDidChangeWorkspaceFolders(() => {
            tree.refreshSoon();
        }),
        commands.registerCommand("sleeplsp.view.refresh", () => tree.refresh()),
        commands.registerCommand("sleeplsp.view.showAll", () => {
            showAll(true);
        }),
        commands.registerCommand("sleeplsp.view.showShown", () => {
            showAll(false);
        }),
        commands.registerCommand(OPEN, (place: Place) => reveal(place)),
        commands.registerCommand("sleeplsp.view.copy", (branch: Branch) =>
            env.clipboard.writeText(branch.text ?? branch.label),
        ),
        commands.registerCommand("sleeplsp.view.think", (branch: Branch) =>
            servers.execute("sleeplsp.think", [branch.place?.uri]),
        ),
    );
}

/** What the view shows. */
class Tree implements TreeDataProvider<Branch> {
    private readonly changes = new EventEmitter<undefined>();
    readonly onDidChangeTreeData: Event<undefined> = this.changes.event;

    private readonly servers: Servers;
    private readonly failed: (reason: string) => void;
    private readonly refreshing: Later;
    private view: TreeView<Branch> | undefined;
    private showsAll: boolean;
    private overview: Overview = { roots: [] };
    private roots: readonly Branch[] = [];

    constructor(servers: Servers, showsAll: boolean, failed: (reason: string) => void) {
        this.servers = servers;
        this.showsAll = showsAll;
        this.failed = failed;
        this.refreshing = new Later(() => this.refresh(), AFTER_MS);
    }

    /** Take the view that shows it. */
    attach(view: TreeView<Branch>): void {
        this.view = view;
        this.show({ roots: [] });
    }

    getTreeItem(branch: Branch): TreeItem {
        return itemOf(branch);
    }

    getChildren(branch?: Branch): Branch[] {
        return [...(branch === undefined ? this.roots : (branch.children ?? []))];
    }

    /** Show also what is told on hover alone, or not. */
    showAll(showsAll: boolean): void {
        this.showsAll = showsAll;
        this.show(this.overview);
    }

    /** Ask the server in a moment, if anybody looks. */
    refreshSoon(): void {
        if (this.view?.visible === true) {
            this.refreshing.soon();
        }
    }

    /** Ask the server, and show what it says. */
    async refresh(): Promise<void> {
        let overview: Overview = { roots: [] };
        if (this.servers.state.kind === "running") {
            try {
                overview = await this.servers.execute<Overview>(OVERVIEW);
            } catch (error) {
                this.failed(String(error));
            }
        }
        this.show(overview);
    }

    dispose(): void {
        this.refreshing.dispose();
        this.changes.dispose();
    }

    private show(overview: Overview): void {
        this.overview = overview;
        const before = JSON.stringify(this.roots);
        this.roots = branches(overview, this.showsAll);
        const { shown, hidden } = counted(overview);
        void commands.executeCommand("setContext", SHOWS_ALL_KEY, this.showsAll);
        void commands.executeCommand(
            "setContext",
            WELCOME_KEY,
            welcomeOf(this.servers.state.kind, overview, hidden > 0 && !this.showsAll),
        );
        if (this.view !== undefined) {
            const total = this.showsAll ? shown + hidden : shown;
            this.view.description = total > 0 ? count(total, "suspicion") : "";
        }
        if (JSON.stringify(this.roots) !== before) {
            this.changes.fire(undefined);
        }
    }
}
