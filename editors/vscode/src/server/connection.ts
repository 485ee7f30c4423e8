/**
 * One server process and the language client that speaks with it: from its start to its end. This file alone
 * imports the client, and is loaded only once a server is to be started. It must not know which server that is,
 * nor what happens after its end.
 */
import { type ChildProcess, spawn } from "node:child_process";

import { type CancellationToken, type Disposable, EventEmitter, type LogOutputChannel } from "vscode";
import {
    CloseAction,
    ErrorAction,
    ExecuteCommandRequest,
    LanguageClient,
    type LanguageClientOptions,
    type Middleware,
    RevealOutputChannelOn,
    State,
    type StaticFeature,
} from "vscode-languageclient/node";

import { LANGUAGES } from "./languages.ts";
import { Lines } from "./programs.ts";
import type { AnswerPiece, Status } from "./protocol.ts";
import type { Launch } from "./state.ts";

/** Milliseconds a server may take to come up: on a slow disk the first start of a Python takes many seconds. */
const START_MS = 60_000;

/** Milliseconds in which a server that was told to end has ended: VS Code waits five seconds for all of us. */
const END_MS = 4500;

/** Milliseconds after which a process whose output has ended has told its exit code. */
const END_OF_STREAM_MS = 200;

/** What a connection needs. */
export interface Wanted {
    readonly launch: Launch;
    /** Where the server is started: a folder of ours, since Python imports from where it is started. */
    readonly folder: string;
    readonly environment: Readonly<Record<string, string>>;
    readonly output: LogOutputChannel;
    /** Settings that hold until the server has asked for all. */
    readonly firstSettings: () => Record<string, unknown>;
    /** Settings of a folder, by URI, or of all. */
    readonly settings: (scope: string | undefined) => Record<string, unknown>;
    /** Answers a command of the server in its place, or (undefined) leaves it to the server. */
    readonly intercept: (command: string, args: readonly unknown[]) => Promise<unknown> | undefined;
    readonly outlines: (language: string) => boolean;
    /** Told once, when the server has ended without being asked to. */
    readonly ended: (reason: string) => void;
}

/** A server that runs. */
export class Connection implements Disposable {
    private readonly statuses = new EventEmitter<Status>();
    private readonly pieces = new EventEmitter<AnswerPiece>();
    readonly onStatus = this.statuses.event;
    readonly onAnswer = this.pieces.event;
    private readonly wanted: Wanted;
    private readonly client: LanguageClient;
    private process: ChildProcess | undefined;
    private isStopping = false;
    private exit: string | undefined;
    /** The last line of its log. */
    private lastWords = "";

    constructor(wanted: Wanted) {
        this.wanted = wanted;
        this.client = new QuietClient("sleeplsp", "sleeplsp", () => this.spawn(), this.options());
        this.client.registerFeature(ANNOUNCED);
    }

    /** Start the server; rejects with the reason if it does not come up in time. */
    async start(): Promise<void> {
        const late = setTimeout(() => {
            this.give("it does not answer");
        }, START_MS);
        this.client.onNotification("sleeplsp/status", (status: Status) => {
            this.statuses.fire(status);
        });
        this.client.onNotification("sleeplsp/answer", (piece: AnswerPiece) => {
            this.pieces.fire(piece);
        });
        try {
            await this.client.start();
        } catch (error) {
            // That the connection is gone is known before the process has ended.
            await Promise.race([this.process && ended(this.process), pause(END_OF_STREAM_MS)]);
            throw this.exit === undefined ? error : new Error(this.reason());
        } finally {
            clearTimeout(late);
        }
    }

    /** Give a server up that has not come up yet. */
    give(reason: string): void {
        if (!this.isRunning) {
            this.exit = reason;
            this.process?.kill("SIGKILL");
        }
    }

    get version(): string {
        return this.client.initializeResult?.serverInfo?.version ?? "?";
    }

    get pid(): number {
        return this.process?.pid ?? 0;
    }

    get isRunning(): boolean {
        return this.client.state === State.Running;
    }

    /** Have the server carry out one of its commands. */
    async execute<T>(command: string, args: readonly unknown[], token?: CancellationToken): Promise<T> {
        const params = { command, arguments: [...args] };
        return (await this.client.sendRequest(ExecuteCommandRequest.type, params, token)) as T;
    }

    /** Have the server ask for its settings; what would be sent here has all defaults in it. */
    async renewSettings(): Promise<void> {
        await this.client.sendNotification("workspace/didChangeConfiguration", { settings: null });
    }

    /** End the server: by asking, and if it does not listen, by force. */
    async stop(): Promise<void> {
        this.isStopping = true;
        const process = this.process;
        const gone = process === undefined ? Promise.resolve() : ended(process);
        try {
            await this.client.stop(END_MS / 2);
        } catch (error) {
            this.wanted.output.debug(`the server did not say goodbye: ${String(error)}`);
        }
        const late = setTimeout(() => process?.kill("SIGKILL"), END_MS / 2);
        await gone;
        clearTimeout(late);
        this.dispose();
    }

    dispose(): void {
        this.statuses.dispose();
        this.pieces.dispose();
    }

    private reason(): string {
        const words = this.lastWords === "" ? "" : `: ${this.lastWords.slice(0, 200)}`;
        return `${this.exit ?? "it closed its output"}${words}`;
    }

    private async spawn(): Promise<ChildProcess> {
        const { launch, folder, environment, output } = this.wanted;
        const process = spawn(launch.command, launch.args, {
            cwd: folder,
            env: { ...globalThis.process.env, ...environment },
            stdio: "pipe",
            windowsHide: true,
        });
        await new Promise<void>((resolve, reject) => process.once("spawn", resolve).once("error", reject));
        process.once("exit", (code, signal) => {
            const how = signal === null ? `it ended with code ${code ?? "?"}` : `it was ended by ${signal}`;
            this.exit ??= how;
            output.info(`the server's process is gone: ${how}`);
        });
        // What is written to a process that has just died is lost; its end is told by `closed`.
        process.stdin.on("error", error => {
            output.debug(`the server does not read: ${error.message}`);
        });
        this.process = process;
        return process;
    }

    private options(): LanguageClientOptions {
        return {
            documentSelector: LANGUAGES.flatMap(language => [
                { scheme: "file", language },
                { scheme: "untitled", language },
            ]),
            outputChannel: this.wanted.output,
            revealOutputChannelOn: RevealOutputChannelOn.Never,
            stdioOptions: {
                stdout: ignore,
                stderr: (stream, output) => {
                    logLines(stream, output, line => (this.lastWords = line));
                },
            },
            diagnosticPullOptions: { onChange: true, onTabs: false, onSave: false },
            errorHandler: {
                error: () => ({ action: ErrorAction.Continue, handled: true }),
                closed: () => {
                    if (!this.isStopping) {
                        setTimeout(() => {
                            this.wanted.ended(this.reason());
                        }, END_OF_STREAM_MS);
                    }
                    return { action: CloseAction.DoNotRestart, handled: true };
                },
            },
            initializationOptions: this.wanted.firstSettings(),
            initializationFailedHandler: () => false,
            middleware: this.middleware(),
        };
    }

    private middleware(): Middleware {
        return {
            workspace: {
                configuration: params =>
                    params.items.map(item => this.wanted.settings(item.scopeUri ?? undefined)),
                didChangeConfiguration: () => this.renewSettings(),
            },
            executeCommand: (command, args, next) =>
                this.wanted.intercept(command, args) ?? (next(command, args) as Promise<unknown>),
            provideDocumentSymbols: (document, token, next) =>
                this.wanted.outlines(document.languageId) ? next(document, token) : undefined,
        };
    }
}

/** Tells errors in the log alone: what the user is to know of them, we say ourselves, once. */
class QuietClient extends LanguageClient {
    override error(message: string, data?: unknown): void {
        super.error(message, data, false);
    }
}

/** Announces that we show the status, and that VS Code's hovers show the marks under the mouse. */
const ANNOUNCED: StaticFeature = {
    fillClientCapabilities(capabilities) {
        const others = capabilities.experimental as Record<string, unknown> | undefined;
        capabilities.experimental = { ...others, sleeplsp: { status: true, marksInHover: true } };
    },
    initialize() {},
    getState: () => ({ kind: "static" }),
    clear() {},
};

function ignore(): void {}

/** Log what a server writes to its standard error: its own log, each line with its level. */
function logLines(
    stream: NodeJS.ReadableStream,
    output: LogOutputChannel,
    tell: (line: string) => void,
): void {
    const lines = new Lines(line => {
        output.warn(`server: ${line}`);
        tell(line);
    });
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
        lines.take(text);
    });
    stream.on("end", () => {
        lines.finish();
    });
}

async function pause(ms: number): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, ms));
}

/** Wait until a process has ended. */
async function ended(process: ChildProcess): Promise<void> {
    if (process.exitCode === null && process.signalCode === null) {
        await new Promise(resolve => process.once("exit", resolve));
    }
}
