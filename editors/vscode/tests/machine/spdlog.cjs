/**
 * Stands in the place of VS Code's own writer of logs, a native module that would have to be compiled here: without
 * one, VS Code keeps no logs, and what extensions tell in their output is lost.
 */
"use strict";

const { appendFileSync, mkdirSync } = require("node:fs");
const { dirname } = require("node:path");

const LEVELS = ["trace", "debug", "info", "warn", "error", "critical"];

class Logger {
    constructor(_kind, _name, path) {
        this.path = path;
        this.level = 2;
        this.isPlain = false;
        mkdirSync(dirname(path), { recursive: true });
    }

    write(level, message) {
        if (level < this.level) {
            return;
        }
        const moment = new Date().toISOString().replace("T", " ").replace("Z", "");
        const line = this.isPlain ? message : `${moment} [${LEVELS[level]}] ${message}\n`;
        appendFileSync(this.path, line);
    }

    getLevel() {
        return this.level;
    }

    setLevel(level) {
        this.level = level;
    }

    clearFormatters() {
        this.isPlain = true;
    }

    setPattern() {}
    flush() {}
    drop() {}
}

LEVELS.forEach((name, level) => {
    Logger.prototype[name] = function (message) {
        this.write(level, message);
    };
});

exports.version = 0;
exports.Logger = Logger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = async (name, path) => new Logger("rotating", name, path);
exports.createAsyncRotatingLogger = async (name, path) => new Logger("rotating", name, path);
