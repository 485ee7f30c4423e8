/** What somebody asks the server for by a command: answers, causes, reports. */

import type { HostCase } from "../main.ts";

export const cases: HostCase[] = [];
