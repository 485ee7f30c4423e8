/**
 * The server as features see it: there is one for all folders of the window, which comes, crashes, comes again and
 * goes. It must not know how a server is found, nor how its state is shown.
 */
import { type CancellationToken, Disposable, type Event, EventEmitter } from "vscode";

import { BackOff } from "./backoff.ts";
import type { Connection, Wanted } from "./connection.ts";
import type { AnswerPiece, Status } from "./protocol.ts";
import { type Launch, type Problem, type ServerState, isSame } from "./state.ts";

/** Answers a command of the server in its place, or has `next` answer it. */
export type Interceptor = (args: readonly unknown[], next: () => Promise<unknown>) => Promise<unknown>;

/** Finds a server, or says why there is none. */
export type Find = () => Promise<Launch | Problem>;

/** What is given to a connection besides what is known here. */
export type Surroundings = Omit<Wanted, "launch" | "intercept" | "ended" | "environment"> & {
    readonly environment: () => Promise<Readonly<Record<string, string>>>;
};

/** There is no server to be asked. */
export class NotRunning extends Error {
    constructor() {
        super("the sleeplsp server is not running");
    }
}

/** See above. */
export class Servers implements Disposable {
    private readonly states = new EventEmitter<ServerState>();
    private readonly told = new EventEmitter<Status>();
    private readonly pieces = new EventEmitter<AnswerPiece>();
    /** Told of every change of what the server's process does. */
    readonly onState: Event<ServerState> = this.states.event;
    /** Told of the status of a folder whenever it changes. */
    readonly onStatus: Event<Status> = this.told.event;
    /** Told of the pieces of answers that are being made; the token says of which. */
    readonly onAnswer: Event<AnswerPiece> = this.pieces.event;

    private readonly find: Find;
    private readonly surroundings: Surroundings;
    private current: ServerState = { kind: "stopped" };
    private readonly known = new Map<string | null, Status>();
    private readonly interceptors = new Map<string, Interceptor>();
    private readonly backOff = new BackOff();
    private connection: Connection | undefined;
    private given: Readonly<Record<string, string>> | undefined;
    private timer: NodeJS.Timeout | undefined;
    /** Starts and stops come one after the other. */
    private turn: Promise<void> = Promise.resolve();
    private isDisposed = false;
    private isHurried = false;

    constructor(find: Find, surroundings: Surroundings) {
        this.find = find;
        this.surroundings = surroundings;
    }

    /** What the server's process does now. */
    get state(): ServerState {
        return this.current;
    }

    /** The last status of each folder; empty while no server runs. */
    get statuses(): readonly Status[] {
        return [...this.known.values()];
    }

    /** What the server's environment has besides ours; undefined while none runs. */
    get environment(): Readonly<Record<string, string>> | undefined {
        return this.given;
    }

    /**
     * Have the server carry out one of its commands, past all interceptors. Rejects with NotRunning if there is no
     * server, and with the server's own error; a token that is cancelled cancels the request.
     */
    async execute<T = unknown>(
        command: string,
        args: readonly unknown[] = [],
        token?: CancellationToken,
    ): Promise<T> {
        if (this.connection === undefined || !this.connection.isRunning) {
            throw new NotRunning();
        }
        return this.connection.execute<T>(command, args, token);
    }

    /**
     * Answer a command of the server that VS Code is about to run, such as the click on a code lens, in its place.
     * The command exists only while the server runs.
     */
    intercept(command: string, interceptor: Interceptor): Disposable {
        this.interceptors.set(command, interceptor);
        return new Disposable(() => this.interceptors.delete(command));
    }

    /** Have the server ask for its settings again: some of them are others now. */
    async renewSettings(): Promise<void> {
        if (this.connection?.isRunning === true) {
            await this.connection.renewSettings();
        }
    }

    /** Look for a server and start it, in place of the one that runs; crashes are forgotten. */
    async restart(): Promise<void> {
        this.backOff.forget();
        this.hurry();
        await this.inTurn(async () => {
            await this.end();
            await this.begin();
        });
    }

    /** Look for a server again: another one that is found takes the place of the one that runs. */
    async reconsider(): Promise<void> {
        const launch = await this.find();
        const now = this.current;
        const isKnown =
            "kind" in launch
                ? now.kind === "problem" && now.problem.message === launch.message
                : "launch" in now && isSame(now.launch, launch);
        if (!isKnown) {
            await this.restart();
        }
    }

    /** End the server that runs. */
    async stop(): Promise<void> {
        this.hurry();
        await this.inTurn(async () => {
            await this.end();
            this.show({ kind: "stopped" });
        });
    }

    dispose(): void {
        this.isDisposed = true;
        clearTimeout(this.timer);
        this.states.dispose();
        this.told.dispose();
        this.pieces.dispose();
    }

    /** Wait no longer for a server that is just coming up. */
    private hurry(): void {
        if (this.current.kind === "starting") {
            this.isHurried = true;
            this.connection?.give("it was not waited for");
        }
    }

    private wasHurried(): boolean {
        return this.isHurried;
    }

    private async inTurn(work: () => Promise<void>): Promise<void> {
        const before = this.turn;
        this.turn = before.then(work, work);
        await this.turn;
    }

    private async begin(): Promise<void> {
        if (this.isDisposed) {
            return;
        }
        this.show({ kind: "looking" });
        const launch = await this.find();
        if ("kind" in launch) {
            this.surroundings.output.warn(launch.message);
            this.show({ kind: "problem", problem: launch });
            return;
        }
        this.isHurried = false;
        this.show({ kind: "starting", launch });
        this.surroundings.output.info(
            `starting ${launch.command} ${launch.args.join(" ")} (${launch.source})`,
        );
        try {
            await this.connect(launch);
        } catch (error) {
            await this.end();
            if (!this.wasHurried()) {
                this.crashed(error instanceof Error ? error.message : String(error));
            }
        }
    }

    private async connect(launch: Launch): Promise<void> {
        const { environment, ...surroundings } = this.surroundings;
        const [{ Connection }, given] = await Promise.all([import("./connection.ts"), environment()]);
        const connection: Connection = new Connection({
            ...surroundings,
            environment: given,
            launch,
            intercept: (command, args) =>
                this.interceptors.get(command)?.(args, () => connection.execute(command, args)),
            ended: reason => {
                void this.inTurn(() => this.lost(connection, reason));
            },
        });
        this.connection = connection;
        this.given = given;
        connection.onStatus(status => {
            this.known.set(status.root, status);
            this.told.fire(status);
        });
        connection.onAnswer(piece => {
            this.pieces.fire(piece);
        });
        await connection.start();
        this.surroundings.output.info(
            `the server runs: version ${connection.version}, process ${connection.pid}`,
        );
        this.show({ kind: "running", launch, version: connection.version, pid: connection.pid });
    }

    private async lost(connection: Connection, reason: string): Promise<void> {
        // Of a server that never came up, `begin` has told.
        if (this.connection === connection) {
            await this.end();
            this.crashed(reason);
        }
    }

    private crashed(reason: string): void {
        const wait = this.backOff.crashed(Date.now());
        if (wait === undefined || this.isDisposed) {
            this.surroundings.output.error(`the server has ended too often, and is left alone: ${reason}`);
            this.show({ kind: "failed", reason });
            return;
        }
        this.surroundings.output.error(
            `the server has ended; it is started again in ${wait / 1000} s: ${reason}`,
        );
        this.show({ kind: "restarting", reason, at: Date.now() + wait });
        this.timer = setTimeout(() => {
            void this.inTurn(() => this.begin());
        }, wait);
    }

    private async end(): Promise<void> {
        clearTimeout(this.timer);
        this.known.clear();
        const connection = this.connection;
        this.connection = undefined;
        this.given = undefined;
        await connection?.stop();
    }

    private show(state: ServerState): void {
        this.current = state;
        if (!this.isDisposed) {
            this.states.fire(state);
        }
    }
}
